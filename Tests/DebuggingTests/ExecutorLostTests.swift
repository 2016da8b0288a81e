import Events
import Testing

@testable import Debugging

@Suite struct ExecutorLostTests {
    private func stretch(_ counts: [Double]) -> RuleInput {
        let samples = counts.enumerated().map { step, count in
            MetricSample(sequence: UInt64(step), metric: 0, step: step + 1, epoch: 1, wallTime: 0, value: count)
        }
        return .samples(SampleStretch(metrics: [MetricName("cluster:executors")], samples: samples[...]))
    }

    private func run(_ engine: String?) -> RunRecord {
        var request = JobRequest(datasetPath: "/d.csv", target: "y", algorithm: "linear-learner")
        request.engine = engine
        return RunRecord(
            id: RunID("abcdefgh"), name: "n", experiment: "e", algorithm: "linear-learner", request: request,
            hyperparameters: [:], objective: Objective(metric: .trainLoss, minimises: true), seed: 0, dataFingerprint: "",
            gitRevision: nil, version: "0", createdAt: 0, processID: 0)
    }

    @Test func `executors that come are no loss, and one that goes is told once`() throws {
        var rule = ExecutorLost()
        let run = run("spark")
        #expect(rule.observe(stretch([1, 2, 2, 2]), of: run) == nil)
        let alert = try #require(rule.observe(stretch([2, 1, 1]), of: run)?.alert)
        #expect(alert.summary == "1 of 2 executors are left")
        #expect(alert.severity == .warning && alert.step == 2)
        #expect(rule.observe(stretch([0]), of: run) == nil)
    }

    @Test func `only runs on a cluster are looked at`() {
        #expect(ExecutorLost.wants(MetricName("cluster:executors"), of: run("spark")))
        #expect(!ExecutorLost.wants(MetricName("cluster:executors"), of: run(nil)))
        #expect(!ExecutorLost.wants(.trainLoss, of: run("spark")))
        #expect(ExecutorLost().inapplicable(to: run(nil)) != nil)
    }
}
