import Events
import Testing

@testable import Debugging

/// A script whose weights do not change.
@Suite struct UnchangedLossTests {
    private func alerts(
        _ values: [Double], isScript: Bool = true, metric: MetricName = .validationLoss, rule: any Rule = UnchangedLoss()
    ) -> [Alert] {
        let algorithm = isScript ? "script" : "xgboost"
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: algorithm)
        if isScript { request.command = "python3 train.py" }
        let run = RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: algorithm, request: request, hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
        let watched = RunUnderRules(record: run, rules: [rule])
        let samples = values.enumerated().map { place, value in
            MetricSample(sequence: 1, metric: 0, step: place + 1, epoch: Double(place + 1), wallTime: 0, value: value)
        }
        return watched.show(samples[...], of: [metric]).alerts
    }

    @Test func theFifthLossThatIsTheSameSaysSo() throws {
        let alert = try #require(alerts([Double](repeating: 1.0986122, count: 9)).first)
        #expect(alert.step == 5 && alert.severity == .issue)
        #expect(alerts([Double](repeating: 1.0986122, count: 4)).isEmpty)
        #expect(alerts([1.1] + [Double](repeating: 1.0986122, count: 9)).isEmpty)
        // Printed with two decimals, a loss that hardly moves is the same for long.
        #expect(alerts([Double](repeating: 0.45, count: 9)).isEmpty)
        #expect(alerts([Double](repeating: 1.0986122, count: 9), isScript: false).isEmpty)
    }

    @Test func aTrainingLossThatStaysWhereItBeganIsNamedAndOneThatFellIsNot() throws {
        let look = { (loss: (Int) -> Double) in
            self.alerts((1...14).map(loss), metric: .trainLoss, rule: FlatLoss())
        }
        let stuck = try #require(look { $0 == 1 ? 1.0999 : 1.066 + 0.003 * Double($0 % 2) }.first)
        #expect(stuck.severity == .warning && stuck.step == 11)
        #expect(look { 1.1 / Double($0) }.isEmpty)
        // It falls slowly, and goes on.
        #expect(look { 1.1 * (1 - 0.02 * Double($0)) }.isEmpty)
        #expect(look { $0 < 4 ? 1.1 / Double($0) : 0.3 }.isEmpty)
    }
}
