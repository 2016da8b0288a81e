import Clocks
import Events
import Experiments
import Glibc
import JSON
import PseudoTerminals
import RunSearching
import TemporaryFolders
import Testing

/// Runs of other programs: nothing of theirs is changed, and nothing in their logs does harm.
@Suite(.serialized) struct WatchedRunTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func descent(_ words: String...) throws -> Program { try Program.run(words + ["--workspace", workspace]) }

    private func listed() throws -> [JSONValue] { try descent("runs", "list", "--json").json() }

    @Test func aRunThatIsReadFromALogOfDescentIsNeverTrainedOn() throws {
        let elsewhere = scratch.path + "/elsewhere"
        let running = try Running([
            "train", Program.sample("iris"), "--target", "species", "--set", "epochs=100000", "--early-stopping", "off", "--pace",
            "300", "--name", "theirs", "--json", "--workspace", elsewhere,
        ])
        let limit = WallClock.now() + 20
        while !running.output.contains("\"step\":30,") {
            try #require(WallClock.now() < limit, "no step within twenty seconds")
            usleep(20_000)
        }
        kill(running.process, SIGINT)
        let log = try scratch.write(running.finish().output, as: "theirs.jsonl")
        #expect(try descent("watch", log, "--once", "--quiet").code == 0)
        let before = try #require(try listed().first)
        #expect(before["origin"]?.string == "watched" && before["log"]?.string == log)
        #expect(before["algorithm"]?.string == "linear-learner" && before["status"]?.string == "Stopped")
        let steps = try RunStore(Workspace(path: workspace)).points(run: RunID(before["run"]?.string ?? ""), metric: .trainLoss)
        for command in [["resume"], ["fork"], ["reproduce"], ["pause"], ["stop"], ["steer"]] {
            let words = ["runs"] + command + ["theirs"] + (command == ["steer"] ? ["learning_rate=0.1"] : [])
            let refused = try Program.run(words + ["--workspace", workspace])
            #expect(refused.code == 2, "\(command)")
            #expect(
                refused.errors.contains(
                    "theirs was written by a Descent elsewhere and is only watched: go on with it where it was trained"),
                "\(command): \(refused.errors)")
        }
        #expect(try listed() == [before])
        let after = try RunStore(Workspace(path: workspace)).points(run: RunID(before["run"]?.string ?? ""), metric: .trainLoss)
        #expect(after == steps && steps.count >= 30)
        #expect(try descent("runs", "show", "theirs").output.contains("watched: \(log)"))
        #expect(try descent("runs", "search", "origin = watched", "--json").lines.count == 1)
        // What the user says about it is his own.
        #expect(try descent("runs", "rename", "theirs", "mine").code == 0 && descent("runs", "tag", "mine", "x").code == 0)
    }

    @Test func aRunThatWasTrainedHereSaysSo() throws {
        let trained = try descent(
            "train", Program.sample("iris"), "--target", "species", "--set", "epochs=2", "--name", "own", "--quiet")
        #expect(trained.code == 0)
        #expect(try listed().first?["origin"]?.string == "trained")
        #expect(try listed().first?["objective"]?["direction"]?.string == "minimised")
        let shown = try descent("runs", "show", "own")
        #expect(shown.output.contains("origin") && shown.output.contains("validation:loss (lower is better)"))
        for name in ["", " ", "..", "@latest", "--help"] {
            let refused = try descent("train", Program.sample("iris"), "--target", "species", "--name=\(name)")
            #expect(refused.code == 2 && refused.errors.contains("--name '\(name)': a run"), "\(name): \(refused.errors)")
            #expect(try descent("runs", "rename", "own", "--", name).code == 2, "\(name)")
            #expect(try descent("runs", "fork", "own", "--name=\(name)").code == 2, "\(name)")
        }
        #expect(try descent("runs", "delete", "").code == 2)
        #expect(try listed().count == 1)
    }

    @Test func aDirectionThatNobodyKnowsIsSaidAndNeverJudgedBy() throws {
        let first = try scratch.write(
            "{\"step\":1,\"foo\":1}\n{\"step\":2,\"foo\":3}\n{\"step\":3,\"foo\":2}\n", as: "first.jsonl")
        let second = try scratch.write("{\"step\":1,\"foo\":5}\n{\"step\":2,\"foo\":4}\n", as: "second.jsonl")
        #expect(try descent("watch", first, second, "--once", "--quiet").code == 0)
        #expect(try listed().allSatisfy { $0["objective"]?["direction"]?.string == "unknown" && $0["best"] == nil })
        let shown = try descent("runs", "show", "first").output
        #expect(
            shown.contains(
                "foo (whether lower or higher is better is not known: descent watch LOG --objective max:foo or min:foo)"))
        let compared = try descent("runs", "compare", "first", "second")
        #expect(compared.output.contains("second: whether lower or higher is better is not known: no verdict"))
        #expect(!compared.output.contains("better:") && !compared.output.contains("worse:"))
        #expect(try descent("watch", first, second, "--once", "--quiet", "--objective", "max:foo").code == 0)
        let runs = try listed()
        #expect(runs.compactMap { $0["best"]?.double }.sorted() == [3, 5])
        #expect(runs.allSatisfy { $0["objective"]?["direction"]?.string == "maximised" })
        #expect(try descent("watch", first, "--objective", "max:").errors.contains("write NAME, max:NAME or min:NAME"))
        #expect(try descent("runs", "search", "not foe = 1").errors.contains("no run has foe: did you mean foo?"))
    }

    /// A workspace that holds already what a log should never have said.
    private func fillWithWhatShouldNotBe() throws {
        let store = try RunStore(Workspace(path: workspace))
        let bus = EventBus()
        let recorder = try StoreRecorder(Workspace(path: workspace))
        bus.subscribe(recorder)
        let hostile: [(String, Int, Double, Double)] = [
            ("steps", .max, 1, 1.7e9), ("least", .min, 1, 1.7e9), ("nan", 3, .nan, .nan), ("late", 3, 1e300, 1e300),
            ("never", 3, -.infinity, .infinity), ("nano", 3, 1, 1.7e18), ("early", 3, 1, -1e300),
        ]
        for (name, step, number, time) in hostile {
            let record = try store.register(
                RunRecord(
                    id: RunID(name), name: name, experiment: "e", algorithm: "tensorboard",
                    request: JobRequest(datasetPath: "/logs/\(name)", target: nil, algorithm: "tensorboard"),
                    hyperparameters: [:],
                    objective: Objective(metric: .trainLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
                    version: "0", createdAt: time.isNaN ? 0 : time, processID: 1))
            bus.post(.run(.registered(record)), run: record.id, at: time)
            bus.post(.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))), run: record.id, at: time)
            let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss, MetricName("train:accuracy")], capacity: 16)
            for offset in 0..<3 {
                let place = step == .max ? step - 2 + offset : step + offset
                channel.record(0, number, step: place, epoch: number, more: true, at: time)
                channel.record(1, Double(offset), step: place, epoch: time, at: time)
            }
            channel.close()
            let result = JobResult(name: name, status: .completed, reason: .unsaid, bestStep: step, metrics: [:])
            bus.post(.job(.finished(result)), run: record.id, at: time)
        }
        bus.flush()
        recorder.flush()
        bus.close()
        recorder.close()
    }

    @Test func whatIsStoredAlreadyIsListedShownDrawnAndExported() throws {
        try fillWithWhatShouldNotBe()
        let names = try listed().compactMap { $0["name"]?.string }
        #expect(Set(names) == ["steps", "least", "nan", "late", "never", "nano", "early"])
        let columns = RunField.fixed.map(\.word).joined(separator: ",")
        for sort in ["created", "step", "-best", "duration", "finished"] {
            #expect(try descent("runs", "list", "--columns", columns, "--sort", sort).lines.count == 8, "\(sort)")
        }
        for text in ["step > 0", "created > -1d", "duration > 1m", "epoch < 5", "best-step != 1", "train:loss < 2"] {
            #expect(try descent("runs", "search", text).code == 0, "\(text)")
        }
        for name in names {
            #expect(try descent("runs", "show", name).code == 0, "\(name)")
            #expect(try descent("runs", "show", name, "--json").code == 0, "\(name)")
            for axis in ["step", "epoch", "examples", "relative", "wall"] {
                for metric in ["loss", "accuracy"] {
                    #expect(try descent("runs", "curves", name, "--metric", metric, "--x", axis).code == 0, "\(name) \(axis)")
                }
            }
            #expect(try descent("runs", "curves", name, "--json").code == 0, "\(name)")
            for (format, ending) in [("csv", "csv"), ("csv-wide", "csv"), ("jsonl", "jsonl"), ("mlflow", "folder")] {
                let out = "\(scratch.path)/\(name)-\(format).\(ending)"
                #expect(try descent("runs", "export", name, "--format", format, "--out", out).code == 0, "\(name) \(format)")
            }
            // What was written is read back as far as it can be.
            let again = [
                "watch", "\(scratch.path)/\(name)-jsonl.jsonl", "--once", "--quiet", "--workspace", scratch.path + "/again",
            ]
            #expect(try Program.run(again).code == 0, "\(name)")
        }
        #expect(try descent("runs", "curves", "steps", "nan", "late", "nano", "--svg", scratch.path + "/all.svg").code == 0)
        #expect(try Program.run(["runs", "compare"] + names + ["--workspace", workspace]).code == 0)
        #expect(try Program.run(["report"] + names + ["--out", scratch.path + "/all.html", "--workspace", workspace]).code == 0)
    }

    @Test func theStudioOpensWhatIsStoredAlready() throws {
        try fillWithWhatShouldNotBe()
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", workspace], width: 160, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: Program.root)
        try terminal.wait(forText: "steps")
        try terminal.wait(forText: "early")
        terminal.send("2")
        // Every run's page with its tabs, and every axis of its curves.
        for _ in 0..<7 {
            terminal.send("\r")
            try terminal.wait(forText: "next tab")
            for tab in ["2", "3", "4", "5", "6", "7", "1"] { terminal.send(tab) }
            terminal.send("\u{1B}")
            try terminal.wait(for: "the table") { !$0.contains("next tab") }
            terminal.send("3xxxxxx2j")
        }
        terminal.send("q")
        #expect(try terminal.waitForExit() == .exited(0))
    }

    @Test func whatAWatchDecidesIsShownOnce() throws {
        let log = try scratch.write("epoch,batch,loss\n0,0,4\n0,1,3\n1,0,2\n1,1,1\n", as: "batches.csv")
        let watched = try descent("watch", log, "--once")
        let note = "batch starts anew in each epoch: steps go on counting from where the last epoch ended"
        #expect(watched.errors.components(separatedBy: note) == 2)
        #expect(try descent("runs", "show", "batches").output.components(separatedBy: note) == 2)
        #expect(try !descent("watch", log, "--once").errors.contains(note))
        #expect(try descent("runs", "show", "batches").output.components(separatedBy: note) == 2)
    }
}

extension String {
    /// One more than a text occurs.
    fileprivate func components(separatedBy text: String) -> Int {
        var count = 1
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
