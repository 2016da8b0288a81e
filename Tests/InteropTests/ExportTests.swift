import Events
import Experiments
import Files
import Glibc
import JSON
import Tables
import Testing

@testable import Interop

/// What leaves the workspace can be read back, and says the same.
@Suite struct ExportTests {
    /// A workspace with a run from a log: training and validation loss, accuracy, learning rate.
    private func exported(_ format: ExportFormat, as name: String) throws -> (watched: Watched, path: String) {
        let watched = try Watched()
        try watched.readOnce([fixture("texts/train.jsonl")])
        let path = watched.path + "/" + name
        try RunExport(store: watched.store).write([try watched.run("train")], to: path, as: format)
        return (watched, path)
    }

    @Test func eventsAreReadBackAsTheSameRun() throws {
        let (watched, path) = try exported(.jsonLines, as: "out.jsonl")
        let again = try Watched()
        try again.readOnce([path])
        let (first, second) = (try watched.run("train"), try again.run("train"))
        #expect(
            second.record.hyperparameters == first.record.hyperparameters && second.record.experiment == first.record.experiment)
        #expect(second.status == first.status && second.bestObjective == first.bestObjective)
        #expect(abs(second.epoch - first.epoch) < 1e-4)
        for metric in try watched.store.metrics(of: first.record.id) {
            let expected = try watched.store.points(run: first.record.id, metric: metric)
            #expect(try again.store.points(run: second.record.id, metric: metric).map(\.value) == expected.map(\.value))
        }
    }

    @Test func tensorBoardsFolderIsReadBackWithTheSameValues() throws {
        let (watched, path) = try exported(.tfevents, as: "logs")
        #expect(throws: LogError.self) {
            try RunExport(store: watched.store).write([try watched.run("train")], to: path, as: .tfevents)
        }
        // A folder called `train` says which rows its values are of.
        #expect(rename(path + "/train", path + "/curves") == 0)
        let again = try Watched()
        try again.readOnce([path])
        let name = try #require(try again.store.runs().first?.record.name)
        for metric in ["train:loss", "validation:loss", "validation:accuracy"] {
            let (ours, theirs) = (try watched.values("train", metric), try again.values(name, metric))
            #expect(theirs.map { Float($0) } == ours.map { Float($0) } && !theirs.isEmpty, "\(metric)")
        }
    }

    @Test func parquetAndJSONHaveEveryPoint() throws {
        let (watched, path) = try exported(.parquet, as: "points.parquet")
        let run = try watched.run("train"), table = try Table(contentsOf: path)
        var count = 0
        for metric in try watched.store.metrics(of: run.record.id) {
            count += try watched.store.points(run: run.record.id, metric: metric).count
        }
        #expect(table.rowCount == count && count > 60)
        #expect(table.columns.map(\.name) == ["run", "name", "metric", "step", "epoch", "time", "value"])
        let losses = (0..<table.rowCount).filter { table.columns[2].text(at: $0) == "train:loss" }
        let values = try #require(table.column(named: "value")?.numbers)
        #expect(losses.map { values[$0] } == (0..<30).map { loss(0, $0) })
        #expect(throws: LogError.self) { try RunExport(store: watched.store).write([run], to: path, as: .parquet) }

        let list = watched.path + "/runs.json"
        try RunExport(store: watched.store).write([run], to: list, as: .json)
        let json = try JSONValue(parsing: try #require(FileContents.text(list)))
        let curve = json.array?.first?["curves"]?["train:loss"]?.array
        #expect(curve?.compactMap { $0.array?.last?.double } == (0..<30).map { loss(0, $0) })
        #expect(json.array?.first?["run"]?["record"]?["name"]?.string == "train")
    }

    @Test func mlflowsFolderIsReadBackWithParametersAndHistories() throws {
        // That mlflow 3.17.2 reads such a folder with equal histories was checked by hand.
        let (watched, path) = try exported(.mlflow, as: "mlruns")
        let again = try Watched()
        try again.readOnce([path])
        let (first, second) = (try watched.run("train"), try again.run("train"))
        #expect(second.record.hyperparameters == first.record.hyperparameters && second.record.experiment == "texts")
        #expect(try again.values("train", "train:loss") == (0..<30).map { loss(0, $0) })
        #expect(try again.values("train", "validation:accuracy") == watched.values("train", "validation:accuracy"))
        #expect(throws: LogError.self) {
            try RunExport(store: watched.store).write([first], to: path, as: .mlflow)
        }
    }

    @Test(arguments: [ExportFormat.mlflow, .jsonLines]) func whatARunCostGoesOutAndComesBack(format: ExportFormat) throws {
        let watched = try Watched()
        let line = #"{"step":4,"time":1700000000,"train_loss":0.5,"system:cpu_percent":99.5,"system:machine_cpu_percent":12}"#
        try watched.readOnce([watched.write(Array((line + "\n").utf8), as: "own.jsonl")])
        let path = watched.path + (format == .mlflow ? "/mlruns" : "/out.jsonl")
        let run = try watched.run("own")
        try RunExport(store: watched.store).write([run], to: path, as: format)
        if format == .mlflow {
            // The names under which mlflow 3.17.2's page of system metrics finds them.
            let experiment = try #require(Folder.names(in: path).first)
            let id = try #require(Folder.names(in: path + "/" + experiment).first { $0 != "meta.yaml" })
            let names = Folder.names(in: path + "/\(experiment)/\(id)/metrics/system")
            #expect(Set(names) == ["cpu_percent", "cpu_utilization_percentage"])
        } else {
            let kinds = try #require(FileContents.text(path)).split(separator: "\n").compactMap { line in
                FlatJSON.parse(String(line))?["kind"]?.string
            }
            #expect(kinds.contains("systemSampled") && kinds.contains("metricsRecorded"))
        }
        let again = try Watched()
        try again.readOnce([path])
        #expect(try again.values("own", "system:cpu_percent") == [99.5])
        #expect(try again.values("own", "system:machine_cpu_percent") == [12])
        #expect(try again.run("own").lastMetrics == [.trainLoss: 0.5])
    }

    @Test func csvHasALineAPointOrALineAStep() throws {
        let (watched, path) = try exported(.csv, as: "long.csv")
        let lines = try #require(FileContents.text(path)).split(separator: "\n")
        #expect(lines[0] == "run,name,metric,step,epoch,time,value")
        // 30 losses, 30 learning rates, 6 validation losses and accuracies.
        #expect(lines.count == 1 + 30 + 30 + 6 + 6)
        #expect(lines.contains { $0.contains(",train,train:loss,10,0.33333334,2023-11-14T22:13:21.000Z,0.8") })
        let wide = watched.path + "/wide.csv"
        try RunExport(store: watched.store).write([try watched.run("train")], to: wide, as: .csvWide)
        let rows = try #require(FileContents.text(wide)).split(separator: "\n")
        #expect(rows[0] == "run,name,step,epoch,time,lr,train:loss,validation:accuracy,validation:loss")
        #expect(rows.count == 31 && rows[1].hasSuffix(",0.1,1,,") && rows[5].hasSuffix("0.1,0.5,0.54,0.5625"))
    }

    @Test func nothingIsOverwritten() throws {
        let (watched, path) = try exported(.csv, as: "out.csv")
        #expect(throws: LogError(message: "\(path) is there already: choose another name")) {
            try RunExport(store: watched.store).write([], to: path, as: .csv)
        }
    }

    @Test(arguments: [
        ("../../etc/passwd", "_/_/etc/passwd"), ("train:loss", "train:loss"), ("a/b c", "a/b c"), ("ü#", "__"), ("/", "_"),
    ]) func keysStayInTheirFolder(name: String, expected: String) {
        #expect(MLflowFolderWriter.key(name) == expected)
    }
}
