import Events
import Learners
import PipelineSteps
import Preparing
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// Jobs whose data a pipeline of steps prepares.
@Suite struct PipelineJobTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    /// 200 rows of a day each; every ninth lacks x, and one in five is a yes.
    private func data() throws -> String {
        let rows = (0..<200).map { row in
            "\(row),2024-\(row / 28 % 12 + 1 < 10 ? "0" : "")\(row / 28 % 12 + 1)-\(row % 28 + 1 < 10 ? "0" : "")\(row % 28 + 1),"
                + "\(row % 9 == 4 ? "" : String(row * 37 % 101)),\(["a", "b", "c"][row % 3]),\(row * 37 % 101 > 80 ? "yes" : "no")"
        }
        return try scratch.write("id,day,x,kind,paid\n" + rows.joined(separator: "\n") + "\n", as: "d.csv")
    }

    private func request(_ steps: String, _ change: (inout JobRequest) -> Void = { _ in }) throws -> JobRequest {
        var request = JobRequest(datasetPath: try data(), target: "paid", algorithm: "linear-learner")
        change(&request)
        try request.take(try DataPipeline(parsing: "[\(steps)]"))
        return request
    }

    @Test func eachFoldLearnsItsOwnStepsOfItsOwnRows() throws {
        let made = try Preparation(
            request: try request(#"{"step": "impute", "columns": ["x"], "how": "mean"}, {"step": "scale", "columns": ["x"]}"#) {
                $0.folds = 3
            })
        let learned = made.folds.compactMap(\.preparation)
        #expect(learned.count == 3 && Set(learned).count == 3)
        #expect(made.rows.preparation.map { !learned.contains($0) } == true)
    }

    @Test func modelsWithPipelinesOfTheirOwnAreAveragedAndPredictOfRawRows() throws {
        let steps = #"{"step": "impute", "columns": ["x"], "how": "mean"}, {"step": "scale", "columns": ["x", "id"]}"#
        let models = try [1, 2, 3].map { seed in try fitted(try request(steps) { $0.seed = seed }) }
        #expect(Set(models.compactMap(\.preparation)).count == 3)
        let average = try Model.average([(models[0], 1), (models[1], 3)])
        let outer = try Model.average([(average, 1), (models[2], 1)])
        #expect(average.hasSeveralPipelines && outer.memberCount == 3)
        let table = try models[0].read(try data())
        let single = try models.map { try $0.predict(table).map(\.scores) }
        let found = try average.predict(table).map(\.scores), mixed = try outer.predict(table).map(\.scores)
        for row in 0..<200 {
            let both = 0.25 * single[0][1][row] + 0.75 * single[1][1][row]
            #expect(abs(found[1][row] - both) < 1e-6)
            #expect(abs(mixed[1][row] - (both + single[2][1][row]) / 2) < 1e-6)
        }
        #expect(average.neededColumns.sorted() == models[0].neededColumns.sorted())
        try average.save(toFolder: scratch.path)
        let read = try #require(try Model.load(fromFolder: scratch.path))
        #expect(try read.predict(table).map(\.scores) == found)
        let plain = try fitted(JobRequest(datasetPath: try data(), target: "paid", algorithm: "linear-learner"))
        #expect(throws: TrainingError.self) { try Model.average([(models[0], 1), (plain, 1)]) }
    }

    @Test func aColumnThatSaysWhatRowsCountIsToldWhereItIsLearnedFrom() throws {
        let path = try scratch.write(
            "x,class_weight,paid\n"
                + (0..<60).map { "\($0 * 37 % 101),\($0 % 4 == 0 ? 2 : 0.6),\($0 % 4 == 0 ? "yes" : "no")\n" }.joined(),
            as: "ready.csv")
        var request = JobRequest(datasetPath: path, target: "paid", algorithm: "linear-learner")
        #expect(
            try Preparation(request: request).warnings.contains {
                $0.code == "rowWeights" && $0.message.contains("--weight class_weight")
            })
        request.weight = "class_weight"
        #expect(try !Preparation(request: request).warnings.contains { $0.message.contains("--weight class_weight") })
    }

    @Test func aFilterChoosesWhatIsLearnedFromAndNotWhatJudges() throws {
        let all = try Preparation(request: try request(#"{"step": "drop", "columns": ["id"]}"#))
        let some = try Preparation(
            request: try request(#"{"step": "drop", "columns": ["id"]}, {"step": "filter", "where": "x < 50"}"#))
        #expect(some.training.rowCount < all.training.rowCount && some.training.rowCount > 0)
        #expect(some.validation?.rowCount == all.validation?.rowCount)
        #expect(
            some.warnings.contains { $0.message.hasPrefix("step 2 (filter): ") && $0.message.contains("are not learned from") })
    }

    @Test func classesAreWeighedOrDrawnWhereTheyAreLearnedFromAlone() throws {
        let weighed = try Preparation(request: try request(#"{"step": "weights"}"#))
        let weights = try #require(weighed.training.weights)
        let sums = [0, 1].map { label in
            weights.indices.filter { weighed.training.targets[$0] == Float(label) }.reduce(0) { $0 + weights[$1] }
        }
        #expect(abs(sums[0] - sums[1]) < 1e-3 && weighed.validation?.weights == nil)
        let drawn = try Preparation(request: try request(#"{"step": "resample"}"#))
        let counts = [0, 1].map { label in drawn.training.targets.count { $0 == Float(label) } }
        #expect(counts[0] == counts[1] && drawn.training.rowCount > weighed.training.rowCount)
        #expect(drawn.validation?.rowCount == weighed.validation?.rowCount)
    }

    @Test func whatASplitStepSaysIsTheJobsOwn() throws {
        let own = try request(
            #"{"step": "split", "share": 0.3, "order": "time"}, {"step": "dates", "column": "day", "parts": ["month"]}"#)
        #expect(own.validationSplit == 0.3 && own.validationOrder == "time")
        let made = try Preparation(request: own)
        #expect(made.validation?.rowCount == 60 && made.pipeline.columnNames.contains("day_month"))
        // Saying it again changes nothing; saying something else is refused.
        var again = own
        try again.take(try DataPipeline(parsing: own.pipeline ?? ""))
        #expect(again == own)
        #expect(throws: PipelineError.self) { try request(#"{"step": "split", "share": 0.3}"#) { $0.folds = 3 } }
        #expect(throws: PipelineError.self) { try request(#"{"step": "target", "column": "x"}"#) }
        #expect(JobRequest(json: own.json) == own)
        #expect(
            JobOption.all.first { $0.name == "pipeline" }?.text(own) == "2 steps: split: share 0.3, order time; dates day: month")
    }

    @Test func aModelNeedsTheFilesColumnsAndSaysWhichStepLacksOne() throws {
        let own = try request(
            #"{"step": "rename", "column": "x", "to": "amount"}, {"step": "product", "columns": ["amount", "id"], "to": "both"}, {"step": "keep", "columns": ["both", "kind"]}"#
        )
        let data = try Preparation(request: own)
        #expect(Set(data.pipeline.columnNames) == ["both", "kind"])
        let model = try fitted(own)
        #expect(Set(model.neededColumns) == ["x", "id", "kind"])
        let table = try model.read(try self.data())
        let whole = try model.predict(table), part = try model.predict(try model.prepared(table))
        #expect(whole.map(\.texts) == part.map(\.texts))
        let without = Table(columns: table.columns.filter { $0.name != "x" })
        let error = #expect(throws: TrainingError.self) { try model.predict(without) }
        #expect(error?.message.contains("step 1 (rename): there is no column 'x'") == true, "\(error?.message ?? "")")
    }
}

extension OutputColumn {
    fileprivate var scores: [Double] {
        switch values {
        case .numbers(let numbers): numbers.map(Double.init)
        case .doubles(let numbers): numbers
        case .labels: []
        }
    }
}

/// The model of a request that says all itself.
private func fitted(_ request: JobRequest) throws -> Model {
    var request = request
    request.hyperparameters = ["epochs": "1"]
    let record = RunRecord(
        id: RunID("p"), name: "p", experiment: "e", algorithm: request.algorithm, request: request,
        hyperparameters: request.hyperparameters, objective: try Algorithms.objective(of: request), seed: 0, dataFingerprint: "",
        gitRevision: nil, version: "", createdAt: 0, processID: 0)
    let bus = EventBus()
    defer { bus.close() }
    let plan = JobPlan(record: record, artifactFolder: nil)
    let outcome = JobRunner(plan: plan, control: JobControl(), bus: bus, budget: ComputeBudget()) { _, _ in }.work()
    return try #require(outcome.model, "\(outcome.failure?.description ?? "")")
}
