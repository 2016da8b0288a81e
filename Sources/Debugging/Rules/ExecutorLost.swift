import CheckedNumbers
import Events

/// A cluster lost a process that held rows.
///
/// The others do what it did, and read again what it had kept, so that the model is the same; it takes longer.
public struct ExecutorLost: Rule {
    public static let name = "ExecutorLost"
    public static let summary = "a cluster lost a process that held rows"
    static let metric = MetricName("cluster:executors")

    private var most = 0.0
    private var hasSpoken = false

    public init() {}

    public func inapplicable(to run: RunRecord) -> String? {
        run.request.engine == nil ? "it looks at runs on a cluster" : nil
    }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        run.request.engine != nil && metric == Self.metric
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input, !hasSpoken else { return nil }
        return stretch.firstFinding { sample in
            defer { most = max(most, sample.value) }
            guard sample.value < most else { return nil }
            hasSpoken = true
            return Alert(
                rule: Self.name, severity: .warning, step: sample.step,
                summary: "\(rounded(sample.value)) of \(rounded(most)) executors are left",
                evidence: [.init("executors", sample.value), .init("executors before", most)],
                cause:
                    "a machine or its process went away, or its memory was not enough: what it held is read and computed again",
                remedies: [
                    .init("where it was memory, give each more: --executor-memory 4g"),
                    .init("look at the log of what was lost: the run's folder has spark/spark.log"),
                ])
        }
    }
}
