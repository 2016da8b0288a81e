import Interop
import Scripts

/// What scripts write, say of themselves, and are described by.
enum ScriptReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "script-output") { _ in output() },
            FuzzedReader(name: "script-messages") { _ in messages() },
            FuzzedReader(name: "script-description") { _ in description() },
        ]
    }

    private static func output() -> Subject {
        Subject(
            samples: [
                Sample("keras", text: "Epoch 1/2\n\u{1B}[1m3/3\u{1B}[0m ━━ 0s 12ms/step - loss: 0.5 - val_loss: nan\r\ndone\n"),
                Sample("boosting", text: "[0]\ttrain-logloss:0.48\tvalidation-auc:0.96\n3:\tlearn: 0.4\ttest: 0.3\n"),
                Sample("dictionary", text: "{'loss': '0.7', 'epoch': '0.5'}\n{\"step\": 3, \"loss\": NaN}\n"),
                Sample("table", text: "epoch train_loss valid_loss time\n0 1.1 0.3 00:01\n"),
                Sample("words", text: "Epoch 3/10, Loss: 0.4 acc=9/10\nTest set: Average loss: 0.05\u{8}\u{8}6\n"),
            ]
        ) { sample in
            var lines = OutputLines()
            var metrics = try OutputMetrics([])
            var count = 0, isWrong = false
            func take(_ line: [UInt8], _ isCut: Bool) {
                if line.count > OutputLines.longest || line.contains(10) { isWrong = true }
                count += metrics.take(line).count
            }
            sample.bytes.withUnsafeBytes { lines.take($0, take) }
            lines.finish(take)
            if isWrong { return .wrong("a line is longer than lines are, or two") }
            return count > 0 ? .accepted : .refused("nothing")
        }
    }

    private static func messages() -> Subject {
        Subject(
            samples: [
                #"{"kind":"metrics","step":3,"epoch":0.5,"time":1700000000,"values":{"loss":0.5,"val_loss":"NaN"}}"#,
                #"{"kind":"checkpoint","step":3,"path":"a/b","best":true}"#, #"{"kind":"steered","seq":1,"step":2,"values":{}}"#,
                #"{"kind":"end","status":"error","error":{"type":"ValueError","message":"x","file":"t.py","line":3}}"#,
                #"{"kind":"tensor","step":3,"name":"fc.weight","collection":"weights","shape":[2,3],"count":6,"sampled":6,"mean":0.5,"std":1,"#
                    + #""mean_magnitude":1,"min":-1,"max":2,"l2":3,"zeros":1,"nans":0,"infinities":0,"histogram":[-1,[0,2],[1,2]],"#
                    + #""ratio":0.001,"units":{"count":3,"inactive":1,"saturated":0}}"#,
                #"{"kind":"profile","step":40,"seconds":1.02,"spent":{"data":0.2,"update":0.1},"durations":{"190":38,"240":2},"slowest":[[7,0.2]],"loaders":2}"#,
                #"{"kind":"cost","seconds":0.5,"share":0.01,"interval":9,"spent":{"data":0.001,"forward":0.002}}"#,
                #"{"kind":"steerable","values":{"lr":0.1,"mode":"a"}}"#, #"{"kind":"plan","steps":10,"epochs":2}"#,
            ].map { Sample("message", text: $0) }
        ) { sample in ScriptMessage(sample.text) == nil ? .refused("no message") : .accepted }
    }

    private static func description() -> Subject {
        Subject(
            samples: [
                Sample(
                    "all",
                    text: #"""
                        {"hyperparameters":{"lr":{"type":"float","min":1e-5,"max":1,"default":0.01},"n":{"type":"int","min":1},
                        "o":{"type":"choice","choices":["a","b"],"default":"a"},"f":{"type":"bool"}},"metrics":{"l":"l=(.*?);"}}
                        """#)
            ]
        ) { sample in
            do throws(ScriptError) {
                let found = try ScriptDescription(parsing: sample.text)
                let completed = try found.complete([:], but: [])
                return found.hyperparameters.contains { !$0.defaultValue.isEmpty && completed[$0.name] != $0.defaultValue }
                    ? .wrong("a default is not handed over") : .accepted
            } catch { return .refused("\(error)") }
        }
    }
}
