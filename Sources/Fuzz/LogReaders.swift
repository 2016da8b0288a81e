import Events
import Experiments
import Glibc
import Interop
import RunSearching

/// Logs of other programs, from the file to the workspace and out again.
enum LogReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "csv-log") { subject([csv, steps], file: "metrics.csv", $0) },
            FuzzedReader(name: "json-log") { places in
                let real = try FuzzFile.read(places.root + "/Tests/InteropTests/Files/texts/train.jsonl")
                return subject([json, Sample("real", Array(real.prefix(1500)))], file: "train.jsonl", places)
            },
            FuzzedReader(name: "descent-log") { subject([own], file: "own.jsonl", $0) },
            FuzzedReader(name: "tensorboard") { places in
                var found = subject(try files(places, "tensorboard/run-0", "events"), file: "events.out.tfevents.1.vm", places)
                found.repair = RecordRepair.tensorBoard
                return found
            },
            FuzzedReader(name: "wandb") { places in
                let folder = "wandb/offline-run-20261121_120653-802mc88o"
                var found = subject(try files(places, folder, "run-"), file: "run-x.wandb", places)
                found.repair = RecordRepair.levelLog
                return found
            },
            FuzzedReader(name: "mlflow-folder", make: mlflowFolder),
            FuzzedReader(name: "mlflow-database") { subject(try files($0, "", "mlflow.db"), file: "mlflow.db", $0) },
            FuzzedReader(name: "optuna-database") { subject(try files($0, "", "optuna.db"), file: "optuna.db", $0) },
        ]
    }

    private static let csv = Sample(
        "keras", text: "epoch,loss,val_loss,learning_rate\n0,1.5,1.75,0.01\n1,1.25,1.5,0.01\n2,nan,1.25,0.001\n3,1,1,0.001\n")
    private static let steps = Sample(
        "steps", text: "step;time;train_loss;val_acc\n10;1700000000.5;0,5;0.5\n20;1700000001;0.4;\n30;1700000002;0.3;0.75\n")
    private static let json = Sample(
        "lines",
        text: """
            {"config":{"lr":0.1,"seed":3,"layers":[1,2]},"name":"a"}
            {"step":1,"epoch":0.1,"loss":0.5,"time":"2026-01-02T03:04:05Z"}
            {"step":2,"epoch":0.2,"loss":"NaN","val":{"loss":0.25},"time":1700000000123}
            {"step":3,"epoch":0.3,"loss":0.4,"val":{"loss":0.2}}

            """)
    private static let own = Sample("own", text: SampleEvents.all.map { $0.json.text + "\n" }.joined())

    private static func files(_ places: Places, _ folder: String, _ prefix: String) throws -> [Sample] {
        let path = "Tests/InteropTests/Files" + (folder.isEmpty ? "" : "/" + folder)
        return try FuzzFile.samples(places, path) { $0.hasPrefix(prefix) }
    }

    private static func subject(_ samples: [Sample], file: String, _ places: Places) -> Subject {
        let watcher = LogWatcher(places.scratch)
        return Subject(samples: samples) { sample in
            try watcher.read { folder in FuzzFile.replace(folder + "/" + file, with: sample.bytes) }
        }
    }

    /// One file of a run's folder is damaged, the others are whole.
    private static func mlflowFolder(_ places: Places) throws -> Subject {
        let whole = [
            Sample(
                "meta.yaml",
                text: "artifact_uri: /a\nend_time: 1700000009000\nexperiment_id: '1'\nlifecycle_stage: active\n"
                    + "run_id: 199e2f60558b451a94458d5cd2550460\nrun_name: able\nstart_time: 1700000000000\nstatus: 3\nuser_id: ada\n"
            ),
            Sample("metrics/val_loss", text: "1700000000000 1.5 0\n1700000001000 1.25 1\n1700000002000 nan 2\n"),
            Sample("params/learning_rate", text: "0.01"), Sample("tags/mlflow.runName", text: "able"),
        ]
        let watcher = LogWatcher(places.scratch)
        return Subject(samples: whole) { sample in
            try watcher.read { folder in
                for name in ["1", "1/run", "1/run/metrics", "1/run/params", "1/run/tags"] {
                    try FuzzFile.makeFolder(folder + "/" + name)
                }
                FuzzFile.replace(folder + "/1/meta.yaml", with: Array("experiment_id: '1'\nname: e\n".utf8))
                for file in whole {
                    FuzzFile.replace("\(folder)/1/run/\(file.name)", with: file.name == sample.name ? sample.bytes : file.bytes)
                }
            }
        }
    }
}

/// Watches one folder after another, once each, into a workspace.
private final class LogWatcher {
    private let scratch: String
    private var workspace: Workspace?
    private var count = 0

    init(_ scratch: String) { self.scratch = scratch }

    func read(_ write: (_ folder: String) throws -> Void) throws -> Outcome {
        // A workspace of a few runs, so that what is read back stays little.
        if count % 20 == 0 {
            FuzzFile.remove(scratch + "/workspace")
            workspace = nil
        }
        count += 1
        let folder = "\(scratch)/logs-\(count)"
        try FuzzFile.makeFolder(folder)
        defer { FuzzFile.remove(folder) }
        try write(folder)
        let workspace = try self.workspace ?? Workspace(path: scratch + "/workspace")
        self.workspace = workspace
        let found = try watch(folder, workspace)
        try readBack(workspace)
        return found ? .accepted : .refused("no log")
    }

    private func watch(_ folder: String, _ workspace: Workspace) throws -> Bool {
        let bus = EventBus(collectsEvery: 200)
        let recorder = try StoreRecorder(workspace)
        bus.subscribe(recorder)
        let watch = try LogWatch(
            WatchRequest(paths: [folder], isOnce: true), store: try RunStore(workspace), bus: bus, version: "fuzz",
            settle: { [bus, recorder] in
                bus.flush()
                recorder.flush()
            })
        watch.waitUntilRead()
        watch.close()
        bus.flush()
        recorder.flush()
        bus.close()
        recorder.close()
        return watch.sourceCount > 0
    }

    /// What is in the workspace can be listed, searched and exported, whatever it is.
    private func readBack(_ workspace: Workspace) throws {
        let store = try RunStore(workspace)
        let runs = try store.runs(newest: 2)
        for run in runs {
            for field in RunNames.fields(of: [run]) { _ = field.value(of: run, now: 1.8e9) }
            _ = try store.events(of: run.record.id).map(\.json.text)
        }
        for format in ExportFormat.allCases {
            let path = scratch + "/export"
            FuzzFile.remove(path)
            try RunExport(store: store).write(runs, to: path, as: format)
        }
    }
}
