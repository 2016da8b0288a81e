import Events
import Experiments
import JSON
import Remotes

/// What another machine says through a pipe.
enum RemoteReaders {
    static var all: [FuzzedReader] {
        [FuzzedReader(name: "remote") { _ in messages() }, FuzzedReader(name: "place") { _ in places() }]
    }

    private static var samples: [JSONValue] {
        let run = RunID("abcd1234"), record = SampleEvents.record("one", 1)
        let points = (0..<3).map { MetricPoint(step: $0, epoch: 0.5, wallTime: 1e9, value: $0 == 1 ? .nan : 0.25) }
        let event = StudioEvent(sequence: 1, wallTime: 1e9, run: record.id, kind: .run(.registered(record)))
        var job = QueuedJob(run: run, work: .null)
        job.conditions.after = [record.id]
        let far: [FarMessage] = [
            .news(.run(RunSummary(record: record))), .news(.events(record.id, isWhole: true, [event])),
            .news(.points(run, .trainLoss, from: 7, points)),
            .news(.outline(run, .trainLoss, CurveOutline(count: 90, points: points))),
            .news(.tensors(run, isWhole: true, [SampleEvents.tensors])), .news(.queue([job], hasHost: true)),
            .news(.tuning(SampleEvents.tuning, [SampleEvents.trial(run)], [TuningConfirmation(trial: 0, seed: 8, run: run)])),
            .news(.tunings(["t1"])), .news(.ids([run, record.id], isLast: true)), .news(.gone([run])), .news(.upTo(9)), .alive,
            .answer(id: 1, refusal: "no"), .found(id: 2, .object(["steps": .array([.integer(3)])])),
            .transfer(.file(id: 1, name: "checkpoint-3/model.json", offset: 0, [1, 2, 3])), .transfer(.end(id: 1, bytes: 3)),
        ]
        let near: [NearMessage] = [
            .hello(protocolVersion: 1, version: "0.1.0", change: 4),
            .want(run, .trainLoss, CurveEnd(count: 3, last: points.last, isOutlined: true)),
            .command(id: 1, .forkJob(run, at: .notAfter(3), settings: ["wd": "1"])), .command(id: 2, .startJob(record.request)),
            .ask(id: 3, .output(run, file: 0, offset: 9)), .fetch(id: 4, "@best"),
        ]
        return far.map(\.json) + near.map(\.json)
    }

    private static func messages() -> Subject {
        Subject(samples: samples.map { Sample("message", text: $0.text) }) { sample in
            let json: JSONValue
            do throws(JSONError) { json = try JSONValue(parsing: sample.text) } catch { return .refused("\(error)") }
            let far = FarMessage(json: json)?.json, near = NearMessage(json: json)?.json
            if let far, FarMessage(json: far)?.json != far { return .wrong("what a place said reads back as something else") }
            if let near, NearMessage(json: near)?.json != near { return .wrong("what was asked reads back as something else") }
            return far == nil && near == nil ? .refused("no message") : .accepted
        }
    }

    private static func places() -> Subject {
        let texts = [
            "ssh://ada@gpu1.example:2222/~/ml", "ssh://[fe80::1]:22/x", "exec:docker exec -i c descent", "/srv/.descent",
        ]
        return Subject(samples: texts.map { Sample("place", text: $0) }) { sample in
            do throws(RemoteError) {
                let place = try PlaceAddress(sample.text)
                guard PlacePath.isName(place.name) else { return .wrong("\(place.name) is no name for a place") }
                return place.command(descent: "descent", own: "descent", asks: false).isEmpty ? .wrong("no command") : .accepted
            } catch { return .refused(error.description) }
        }
    }
}
