import Events
import Numerics
import Testing

@testable import Training

@Suite struct ImportanceTests {
    /// Rows of a known function: 10 a + 3 b, while c is of no use.
    private func samples(_ count: Int) -> (inputs: [[Double]], targets: [Double]) {
        var random = RandomSource(seed: 11)
        let inputs = (0..<3).map { _ in (0..<count).map { _ in random.uniform() } }
        return (inputs, (0..<count).map { 10 * inputs[0][$0] + 3 * inputs[1][$0] + 0.05 * random.normal() })
    }

    @Test func aForestFindsWhatAKnownFunctionDependsOn() {
        let (inputs, targets) = samples(150)
        let forest = RegressionForest(inputs: inputs, targets: targets)
        let importances = forest.importances()
        // Permuting an input raises the squared error by twice its variance: 100 to 9 to 0, so 92 %, 8 % and nothing.
        #expect(abs(importances[0] - 0.92) < 0.06)
        #expect(abs(importances[1] - 0.08) < 0.06)
        #expect(importances[2] < 0.02)
        #expect(forest.explained > 0.9)
        #expect(RegressionForest(inputs: inputs, targets: targets).importances() == importances)
    }

    @Test func noiseIsNotExplained() {
        var random = RandomSource(seed: 5)
        let inputs = [(0..<80).map { _ in random.uniform() }]
        let forest = RegressionForest(inputs: inputs, targets: (0..<80).map { _ in random.normal() })
        #expect(forest.explained < 0.2)
    }

    @Test func rankCorrelationIsSpearmans() {
        // scipy 1.17.1, spearmanr([1, 2, 2, 4, 5], [3, 1, 4, 4, 9]).statistic
        #expect(abs(ImportanceComparing.rankCorrelation([1, 2, 2, 4, 5], [3, 1, 4, 4, 9]) - 0.763157894736842) < 1e-12)
    }

    private func run(_ index: Int, _ settings: [String: String], loss: Double) -> RunSummary {
        let request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner", hyperparameters: settings)
        let record = RunRecord(
            id: RunID("r\(index)"), name: "r\(index)", experiment: "e", algorithm: "linear-learner", request: request,
            hyperparameters: settings.merging(["l1": "0", "a_follows": settings["learning_rate"] ?? "0"]) { own, _ in own },
            objective: Objective(metric: .validationLoss, minimises: true),
            seed: 0, dataFingerprint: "", gitRevision: nil, version: "1", createdAt: 0, processID: 1)
        var summary = RunSummary(record: record)
        summary.status = .completed
        summary.lastMetrics = [.validationLoss: loss]
        return summary
    }

    @Test func theSettingThatDecidesComesFirstAndTwinsOnce() throws {
        let optimizers = ["adam", "sgd", "adam", "sgd", "sgd", "adam"]
        let runs = (0..<18).map { index in
            run(
                index,
                [
                    "learning_rate": "\(0.001 * Double(index + 1))", "twin": "\(index * 2)", "optimizer": optimizers[index % 6],
                ], loss: 1 - Double(index) / 30)
        }
        let found = try ImportanceComparing.importance(of: runs)
        #expect(found.parameters.map(\.name) == ["learning_rate", "optimizer"])
        let rate = try #require(found.parameters.first)
        #expect(rate.correlation == -1)
        #expect(rate.importance > 0.8)
        #expect(found.parameters[1].words == ["adam", "sgd"])
        #expect(found.parameters[1].correlation == nil)
    }

    @Test func tooFewRunsOrNoDifferenceIsSaid() {
        let same = (0..<5).map { run($0, ["epochs": "3"], loss: Double($0)) }
        #expect {
            try ImportanceComparing.importance(of: same)
        } throws: {
            ($0 as? TrainingError)?.message == "the runs differ in no setting but their seed"
        }
        #expect {
            try ImportanceComparing.importance(of: Array(same.prefix(2)))
        } throws: {
            ($0 as? TrainingError)?.message.hasPrefix("2 runs have a validation:loss to compare") == true
        }
    }
}
