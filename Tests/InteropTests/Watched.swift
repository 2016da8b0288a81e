import Clocks
import Events
import Experiments
import Files
import Glibc
import TemporaryFolders
import Testing

@testable import Interop

/// Logs by the real libraries; make_fixtures.py says how they were made.
func fixture(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Files/" + name
}

/// The formula that the fixtures' losses follow.
func loss(_ run: Int, _ step: Int) -> Double { 1.0 / (1 + Double(step) * Double(run + 1) * 0.25) + 0.125 * Double(run) }

/// A folder for logs and a workspace for what is read from them, removed afterwards.
final class Watched {
    private let folder: TemporaryFolder
    let workspace: Workspace
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        mkdir(folder.path + "/logs", 0o755)
        workspace = try Workspace(path: folder.path + "/workspace")
        store = try RunStore(workspace)
    }

    var path: String { folder.path }
    var logs: String { path + "/logs" }

    /// Writes or replaces a file of the logs' folder; `age` makes it look old, in seconds.
    @discardableResult
    func write(_ bytes: [UInt8], as name: String, age: Int = 0) -> String {
        put(bytes, as: name, mode: "w", age: age)
    }

    @discardableResult
    func append(_ text: String, to name: String) -> String { put(Array(text.utf8), as: name, mode: "a", age: 0) }

    private func put(_ bytes: [UInt8], as name: String, mode: String, age: Int) -> String {
        let file = logs + "/" + name
        mkdir(FilePath.folder(file), 0o755)
        if let handle = fopen(file, mode) {
            fwrite(bytes, 1, bytes.count, handle)
            fclose(handle)
        }
        if age > 0 {
            let then = timespec(tv_sec: time(nil) - age, tv_nsec: 0)
            utimensat(AT_FDCWD, file, [then, then], 0)
        }
        return file
    }

    /// Takes over what is below `paths` (default: the logs' folder); returns the events of it.
    @discardableResult
    func readOnce(
        _ paths: [String] = [], columns: LogColumnNames = LogColumnNames(), objective: ObjectiveChoice? = nil
    ) throws -> [StudioEvent] {
        let live = try Live(self, paths.isEmpty ? [logs] : paths, columns: columns, objective: objective, isOnce: true)
        live.watch.waitUntilRead()
        return live.end()
    }

    func run(_ name: String) throws -> RunSummary { try store.run(named: name) }

    func values(_ run: String, _ metric: String) throws -> [Double] {
        try store.points(run: try self.run(run).record.id, metric: MetricName(metric)).map(\.value)
    }

    /// A log of our own with one run, `own`, that has a point and a tag.
    func run(of record: String) throws -> String {
        let run = RunRecord(
            id: RunID("abcd1234"), name: "own", experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 1, dataFingerprint: "", gitRevision: nil,
            version: "1", createdAt: 1, processID: 1)
        let first = StudioEvent(sequence: 1, wallTime: 1, run: run.id, kind: .run(.registered(run))).json.text
        let lines = [
            first, record + #""metricsRecorded","run":"abcd1234","step":1,"epoch":0,"metrics":{"train:loss":1}}"#,
            record + #""runEdited","run":"abcd1234","tags":["a"]}"#,
        ]
        return write(Array((lines.joined(separator: "\n") + "\n").utf8), as: "own.jsonl")
    }

}

/// A watch that goes on until it is ended.
final class Live {
    let watch: LogWatch
    private let bus = EventBus(collectsEvery: 100)
    private let recorder: StoreRecorder
    private let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))

    init(
        _ watched: Watched, _ paths: [String], columns: LogColumnNames = LogColumnNames(), objective: ObjectiveChoice? = nil,
        isOnce: Bool = false
    ) throws {
        recorder = try StoreRecorder(watched.workspace)
        bus.subscribe(recorder)
        bus.subscribe(mailbox)
        watch = try LogWatch(
            WatchRequest(paths: paths, columns: columns, objective: objective, isOnce: isOnce),
            store: try RunStore(watched.workspace), bus: bus,
            version: "test",
            settle: { [bus, recorder] in
                bus.flush(); recorder.flush()
            })
    }

    /// Waits until the workspace says so, for at most ten seconds.
    func wait(_ isDone: () throws -> Bool) throws {
        let limit = WallClock.now() + 10
        while try !isDone() {
            try #require(WallClock.now() < limit, "not within ten seconds")
            usleep(5_000)
        }
    }

    func end() -> [StudioEvent] {
        watch.close()
        bus.flush()
        recorder.flush()
        bus.close()
        recorder.close()
        return mailbox.take().merged
    }
}
