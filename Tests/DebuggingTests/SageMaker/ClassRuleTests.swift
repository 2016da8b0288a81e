import Events
import Testing

@testable import Debugging

/// SageMaker's rules of labels and predictions, of other runs and of reports: what sets each off, and what does not.
@Suite struct ClassRuleTests {
    private func run(_ line: String, algorithm: String = "linear-learner", isScript: Bool = false) throws -> RunUnderRules {
        var record = RecordedRun("r").record
        record.algorithm = algorithm
        if isScript { record.request.algorithm = "script" }
        return RunUnderRules(record: record, selection: try RuleSelection([line], withUsual: false))
    }

    /// What was taken for what, by class.
    private func evaluation(_ confusion: [[Double]]) -> ModelEvaluation {
        var evaluation = ModelEvaluation(rowCount: Int(confusion.joined().reduce(0, +)), metrics: [:])
        evaluation.classes = confusion.enumerated().map {
            ModelEvaluation.ClassScore(name: "c\($0.offset)", precision: 0, recall: 0, f1: 0, support: $0.element.reduce(0, +))
        }
        evaluation.confusion = confusion
        return evaluation
    }

    private func end(_ line: String, _ evaluation: ModelEvaluation?) throws -> (alerts: [Alert], stand: RuleStand) {
        let run = try run(line)
        var change = JobStatusChange(status: .completed, reason: .maxEpochs)
        change.evaluation = evaluation
        return (run.showEnd(change).alerts, run.stands[0])
    }

    // 990 to 10 is the example of the rule's documentation.
    @Test func classesOfVeryDifferentSizesAreFound() throws {
        let found = try end("ClassImbalance", evaluation([[990, 0], [0, 10]])).alerts
        #expect(found.map(\.summary) == ["c0 has 99 times as many rows as c1"])
        #expect(try end("ClassImbalance", evaluation([[900, 0], [0, 100]])).alerts.isEmpty)
        #expect(try end("ClassImbalance(threshold_imbalance=100)", evaluation([[990, 0], [0, 10]])).alerts.isEmpty)
        let few = try end("ClassImbalance", evaluation([[99, 0], [0, 1]]))
        #expect(few.alerts.isEmpty && few.stand.wait == RuleWait(100, of: 500, "rows of the evaluation at the end"))
    }

    @Test func aClassThatIsMostlyTakenForAnotherIsFound() throws {
        let found = try end("ClassImbalance", evaluation([[500, 0], [80, 20]])).alerts
        #expect(found.map(\.summary) == ["80 % of c1 are taken for other classes"])
        #expect(try end("ClassImbalance", evaluation([[500, 0], [70, 30]])).alerts.isEmpty)
    }

    @Test func classesThatAreConfusedAreFoundAndAPerfectModelIsNot() throws {
        #expect(try end("Confusion", evaluation((0..<10).map { row in (0..<10).map { $0 == row ? 10 : 0 } })).alerts.isEmpty)
        let found = try end("Confusion", evaluation([[95, 5, 0], [0, 92, 8], [2, 18, 80]])).alerts
        #expect(found.map(\.summary) == ["only 80 % of c2 are found"])
        #expect(try end("Confusion", evaluation([[95, 5], [9, 91]])).alerts.isEmpty)
        #expect(
            try end("Confusion(min_diag=0.5)", evaluation([[85, 15], [0, 100]])).alerts.map(\.summary)
                == ["15 % of c0 are taken for c1"])
        #expect(try end("Confusion(category_no=3)", evaluation([[1, 0], [0, 1]])).stand.state == .error)
    }

    @Test func whatHasNoClassesIsToldAndNotWaitedFor() throws {
        let regression = try end("Confusion", ModelEvaluation(rowCount: 10, metrics: [:])).stand
        #expect(regression.state == .error && regression.reason == "the model predicts no classes")
        let script = try run("ClassImbalance", isScript: true)
        _ = script.showEnd(JobStatusChange(status: .completed))
        #expect(script.stands[0].state == .error && script.stands[0].reason.contains("script"))
        #expect(try run("Confusion").stands[0].wait == .end)
    }

    private func step(_ step: Int, _ mean: Double, _ name: String = "fc.weight") -> TensorsOfStep {
        var tensor = TensorSummary(name, .weights, shape: [4], count: 4)
        (tensor.mean, tensor.standardDeviation, tensor.meanMagnitude, tensor.l2) = (mean, 1, 1, 2)
        (tensor.minimum, tensor.maximum) = (-1, 1)
        return TensorsOfStep(step: step, epoch: 0, wallTime: 0, summaries: [tensor])
    }

    @Test func aTensorThatDiffersFromAnotherRunsIsFound() throws {
        func alerts(_ line: String, _ own: [TensorsOfStep]) throws -> [Alert] {
            let run = try run(line)
            var told = run.showEarlier { EarlierRun($0, tensors: [step(10, 0.5), step(20, 0.25)]) }
            for tensors in own { told += run.show(tensors) }
            return told.alerts
        }
        let line = "SimilarAcrossRuns(other_trials=base)"
        #expect(try alerts(line, [step(10, 0.5), step(15, 9), step(20, 0.25 + 1e-8)]).isEmpty)
        let found = try alerts(line, [step(10, 0.5), step(20, 0.3)])
        #expect(found.map(\.step) == [20] && found.first?.tensor == "fc.weight")
        #expect(found.first?.summary == "mean of fc.weight is 0.3, and 0.25 in base")
        #expect(try alerts("SimilarAcrossRuns(other_trials=base, collection_names=gradients)", [step(20, 0.3)]).isEmpty)
    }

    @Test func aRunThatIsNotThereIsTold() throws {
        let missing = try run("SimilarAcrossRuns(other_trials=base)")
        _ = missing.showEarlier { EarlierRun($0, problem: "there is no run base") }
        #expect(missing.stands[0].state == .error)
        #expect(missing.stands[0].reason == "it cannot compare with base: there is no run base")
        let none = try run("SimilarAcrossRuns")
        _ = none.show(step(1, 0))
        #expect(none.stands[0].reason == "it compares with no run: give it other_trials")
    }

    @Test func aReportIsOfXGBoostRunsOnly() throws {
        let trees = try run("CreateXgboostReport", algorithm: "xgboost")
        #expect(trees.stands[0].wait == .end && trees.showEnd(JobStatusChange(status: .completed)).isEmpty)
        let line = try run("CreateXgboostReport")
        _ = line.showEnd(JobStatusChange(status: .completed))
        #expect(line.stands[0].state == .error)
    }
}
