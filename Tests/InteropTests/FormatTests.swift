import Events
import Experiments
import Files
import JSON
import Testing

@testable import Interop

/// Files written by mlflow 3.17.2, optuna 5.0.0, wandb 0.31.0, tensorboard 2.21.0 and torch 2.15.0 are read as those
/// libraries meant them: every point, to the bit of the type they store.
@Suite struct FormatTests {
    @Test func tensorBoardRunsWithSeveralFilesKeepEveryPointAndTheirHyperparameters() throws {
        let watched = try Watched()
        try watched.readOnce([fixture("tensorboard")])
        for run in 0..<2 {
            let train = try watched.values("run-\(run)", "train:loss")
            // SummaryWriter stores 32-bit floats; the last point is NaN.
            #expect(train.dropLast() == (0..<40).map { Double(Float(loss(run, $0))) }[...])
            #expect(train.last?.isNaN == true)
            #expect(try watched.values("run-\(run)", "validation:loss").count == 40)
            // torch writes booleans as numbers.
            let hyperparameters = try watched.run("run-\(run)/hp").record.hyperparameters
            #expect(hyperparameters == ["lr": run == 0 ? "0.01" : "0.02", "optimizer": "adam", "nesterov": "1"])
        }
        #expect(try watched.run("run-0").record.algorithm == "tensorboard")
        #expect(try watched.run("run-0").record.objective == Objective(metric: .validationLoss, minimises: true))
    }

    @Test func scalarsStoredAsTensorsInTrainAndValidationFoldersAreOneRun() throws {
        let watched = try Watched()
        try watched.readOnce([fixture("tensorboard")])
        #expect(try watched.values("keras", "train:loss") == (0..<10).map { Double(Float(loss(0, $0))) })
        #expect(try watched.values("keras", "validation:loss") == (0..<10).map { Double(Float(loss(0, $0) + 0.0625)) })
        let points = try watched.store.points(run: try watched.run("keras").record.id, metric: .trainLoss)
        #expect(points.map(\.wallTime) == (0..<10).map { 1.7e9 + Double($0) })
    }

    @Test(arguments: ["mlruns", "mlflow.db"]) func mlflowFoldersAndDatabasesReadTheSame(source: String) throws {
        let watched = try Watched()
        try watched.readOnce([fixture(source)])
        for run in 0..<2 {
            let summary = try watched.run("mlf-\(run)")
            #expect(summary.status == (run == 0 ? .completed : .failed))
            #expect(summary.record.experiment == "churn")
            #expect(summary.record.hyperparameters == ["learning_rate": run == 0 ? "0.1" : "0.2", "layers": "64,32"])
            #expect(try watched.values("mlf-\(run)", "train:loss") == (0..<30).map { loss(run, $0) })
            #expect(try watched.values("mlf-\(run)", "validation:loss") == (0..<30).map { loss(run, $0) + 0.0625 })
            #expect(try watched.values("mlf-\(run)", "validation:accuracy") == [0.75])
            #expect(try watched.values("mlf-\(run)", "odd").first?.isNaN == true)
            let best = try #require(summary.bestObjective)
            #expect(best == loss(run, 29) + 0.0625)
        }
    }

    @Test func wandbFilesAcrossBlocksGiveHistoryConfigurationAndExit() throws {
        let watched = try Watched()
        try watched.readOnce([fixture("wandb")])
        let (first, second) = (try watched.run("wb-0"), try watched.run("wb-1"))
        #expect(first.status == .completed && second.status == .failed && second.reason.text == "exit code 1")
        #expect(first.record.experiment == "churn")
        #expect(first.record.hyperparameters == ["lr": "0.1", "net/layers": "64,32"])
        #expect(try watched.values("wb-0", "train:loss") == (0..<120).map { loss(0, $0) })
        #expect(try watched.values("wb-1", "validation:loss") == (0..<40).map { loss(1, $0) + 0.0625 })
        #expect(first.epoch > 2.9 && first.step == 119)
    }

    @Test(arguments: ["wandb", "mlflow"]) func whatMachinesDidIsKeptApartFromWhatModelsLearned(writer: String) throws {
        let watched = try Watched()
        try watched.readOnce([fixture("system")])
        let run = try watched.run(writer == "wandb" ? "wb-system" : "mlf-system")
        // As mlflow's client and W&B's own protobuf messages read the same files.
        let expected = try JSONValue(parsing: try #require(FileContents.text(fixture("system/expected.json"))))
        let ours = [
            "system/cpu_utilization_percentage": "machine_cpu_percent",
            "system/system_memory_usage_percentage": "machine_memory_percent",
        ]
        var count = 0
        for member in expected[writer]?.members ?? [] {
            let word = ours[member.name] ?? member.name.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
            let name = "system:" + (writer == "wandb" ? member.name : word)
            #expect(try watched.values(run.record.name, name) == (member.value.array ?? []).compactMap(\.double), "\(name)")
            count += 1
        }
        #expect(count >= 8)
        #expect(run.record.objective == Objective(metric: .trainLoss, minimises: true))
        #expect(run.lastMetrics.keys.map(\.text) == ["train:loss"])
        #expect(try watched.values(run.record.name, "train:loss").first == loss(0, 0))
    }

    @Test func whatOthersSaidAboutARunIsTakenOverAndWhatIsSaidHereStays() throws {
        let watched = try Watched()
        try watched.readOnce([fixture("system"), fixture("mlflow.db")])
        let (wandb, mlflow) = (try watched.run("wb-system"), try watched.run("mlf-system"))
        #expect(wandb.tags == ["base", "night"] && wandb.note == "slow at first")
        #expect(mlflow.tags == ["night", "team=blue"] && mlflow.note == "slow at first")
        #expect(try watched.run("mlf-0").tags == ["team=blue"])
        try watched.store.apply(.run(.edited(RunEdit(tags: ["mine"], note: ""))), to: wandb.record.id)
        try watched.readOnce([fixture("system")])
        #expect(try watched.run("wb-system").tags == ["mine"] && watched.run("wb-system").note.isEmpty)
    }

    @Test func aTagGivenWhileARunIsWatchedComesToThoseThatAreThere() throws {
        let watched = try Watched()
        let record = #"{"v":1,"seq":1,"time":"2026-01-02T03:04:05.000Z","kind":"#
        let original = try watched.run(of: record)
        let live = try Live(watched, [original])
        try live.wait { try watched.store.runs().contains { $0.tags == ["a"] } }
        try watched.store.apply(.run(.edited(RunEdit(tags: ["a", "mine"]))), to: try watched.run("own").record.id)
        watched.append(record + #""runEdited","run":"abcd1234","tags":["a","b"],"note":"n"}"# + "\n", to: "own.jsonl")
        try live.wait { try watched.run("own").note == "n" }
        _ = live.end()
        #expect(try watched.run("own").tags == ["a", "mine", "b"])
    }

    @Test func optunaTrialsAreRunsWithTheirStatesParametersAndIntermediateValues() throws {
        let watched = try Watched()
        try watched.readOnce([fixture("optuna.db")])
        let expected = try JSONValue(parsing: try #require(FileContents.text(fixture("expected.json"))))
        let trials = try #require(expected["optuna"]?.array)
        var states: Set<JobStatus> = []
        for trial in trials {
            let name = "tuned-\(try #require(trial["number"]?.integer))"
            let summary = try watched.run(name)
            let state: JobStatus = ["COMPLETE": .completed, "PRUNED": .stopped][trial["state"]?.string ?? ""] ?? .failed
            #expect(summary.status == state)
            states.insert(state)
            for parameter in trial["params"]?.members ?? [] {
                let text = try #require(parameter.value.string),
                    read = try #require(summary.record.hyperparameters[parameter.name])
                #expect(text == read || Double(text) == Double(read))
            }
            let intermediate = (trial["intermediate"]?.array ?? []).compactMap { $0.array?.last?.double }
            #expect(try watched.values(name, "intermediate_value") == intermediate)
            guard state == .completed else { continue }
            let value = try #require(trial["value"]?.double)
            #expect(try watched.values(name, "value") == [value] && summary.bestObjective == value)
        }
        // The study has a trial of each kind.
        #expect(states == [.completed, .stopped, .failed])
        #expect(try watched.run("tuned-0").record.objective == Objective(metric: MetricName("value"), minimises: true))
    }

    @Test func textLogsAreFoundByTheirColumnsAndDatasetsAreNot() throws {
        let watched = try Watched()
        try watched.readOnce([fixture("texts")])
        #expect(Set(try watched.store.runs().map(\.record.name)) == ["train", "keras", "lightning_logs/version_0"])
        let points = try watched.store.points(run: try watched.run("train").record.id, metric: .trainLoss)
        #expect(points.map(\.step) == (0..<30).map { $0 * 10 } && points.map(\.value) == (0..<30).map { loss(0, $0) })
        #expect(points[3].epoch == 1 && points[3].wallTime == 1.7e9 + 3)
        #expect(
            try watched.values("train", "validation:accuracy") == stride(from: 4, to: 30, by: 5).map { 0.5 + Double($0) / 100 })
        #expect(try watched.run("train").record.hyperparameters == ["lr": "0.1", "model": "mlp"])
        #expect(try watched.values("keras", "validation:loss") == (1..<12).map { loss(0, $0) + 0.0625 })
        #expect(try watched.values("lightning_logs/version_0", "train:loss").count == 12)
        #expect(try watched.values("lightning_logs/version_0", "validation:loss").count == 3)
    }

    @Test func columnsWithOtherNamesCanBeNamed() throws {
        let watched = try Watched()
        watched.write(Array("when;n;dev_ppl\n2026-01-02T03:04:05Z;5;9.5\n2026-01-02T03:04:06Z;10;7.25\n".utf8), as: "odd.csv")
        #expect(try watched.readOnce().isEmpty)
        let columns = LogColumnNames(step: "n", time: "when", metrics: ["dev_ppl": MetricName("validation:perplexity")])
        try watched.readOnce(columns: columns)
        let points = try watched.store.points(run: try watched.run("odd").record.id, metric: MetricName("validation:perplexity"))
        #expect(points.map(\.step) == [5, 10] && points.map(\.value) == [9.5, 7.25])
        #expect(points[0].wallTime == 1_767_323_045)
        #expect(try watched.run("odd").record.objective.minimises)
    }

    @Test(arguments: [
        ("val_loss", "validation:loss"), ("eval/loss", "validation:loss"), ("Loss/validation", "validation:loss"),
        ("train/acc", "train:accuracy"), ("loss", "train:loss"), ("learning_rate", "learning_rate"), ("gpu/mem", "gpu/mem"),
        ("eval-logloss", "validation:log_loss"), ("test_auc", "test:roc_auc"), ("train_loss_step", "train:loss_step"),
        ("validation:rmse", "validation:rmse"), ("system:cpu_percent", "system:cpu_percent"),
        ("system/cpu_utilization_percentage", "system:machine_cpu_percent"), ("system/gpu_0_loss", "system:gpu_0_loss"),
    ]) func metricsGetTheirNamesByCommonSpellings(source: String, expected: String) {
        var spelling = MetricSpelling()
        #expect(spelling.name(for: source).text == expected)
    }

    @Test func twoMetricsOfALogNeverBecomeOne() {
        var spelling = MetricSpelling()
        #expect(Set(["val_loss", "val/loss", "valid.loss"].map { spelling.name(for: $0) }).count == 3)
    }

    @Test func filesAreOnlyRead() throws {
        let before = try stamps()
        try Watched().readOnce([fixture("")])
        #expect(try stamps() == before)
    }

    private func stamps() throws -> [String: FileStamp] {
        var found: [String: FileStamp] = [:]
        var waiting = [fixture("")]
        while let folder = waiting.popLast() {
            for name in Folder.names(in: folder) {
                let path = folder + "/" + name
                found[path] = FileStamp(path)
                if FileKind(at: path) == .folder { waiting.append(path) }
            }
        }
        return found
    }
}
