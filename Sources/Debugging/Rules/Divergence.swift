import Events
import Glibc
import JSON

/// The training loss is climbing instead of falling.
///
/// Two tests, because runs are short and long. Gross: the smoothed loss is over twice what it was in the first steps and over
/// twice the best since. Fine: a Page-Hinkley test on means of the log loss over blocks of 16 steps, against median and MAD
/// of 24 earlier blocks.
/// - Source: Page (1954), "Continuous inspection schemes"; thresholds as simulated for log-normal AR(1) losses (false alarms
///   under 2 % in 5,000 healthy steps).
public struct Divergence: Rule {
    public static let name = "Divergence"
    public static let summary = "the training loss is climbing instead of falling"

    private var count = 0
    private var firstLosses: [Double] = []
    private var smoothed = 0.0
    private var best = Double.infinity
    private var grossCount = 0
    private var block: [Double] = []
    private var blocks: [Double] = []
    private var climb = 0.0
    private var steps = StepEvidence()

    public init() {}

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || StepEvidence.wants(metric)
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else {
            steps.note(input)
            return nil
        }
        let loss = stretch.index(of: .trainLoss)
        return stretch.firstFinding { sample in
            guard sample.metric == loss else {
                steps.note(sample.value, of: stretch.metrics[Int(sample.metric)])
                return nil
            }
            return take(sample.value, sample.step, run)
        }
    }

    private mutating func take(_ value: Double, _ step: Int, _ run: RunRecord) -> Alert? {
        guard value.isFinite else { return nil }
        count += 1
        if firstLosses.count < 5 { firstLosses.append(value) }
        smoothed = count == 1 ? value : 0.8 * smoothed + 0.2 * value
        if let alert = gross(step, run) { return alert }
        guard value > 0 else { return nil }
        return fine(log(value), step, run)
    }

    private mutating func gross(_ step: Int, _ run: RunRecord) -> Alert? {
        guard count > 10 else { return nil }
        let start = firstLosses.reduce(0, +) / Double(firstLosses.count)
        best = min(best, smoothed)
        grossCount = smoothed > 2 * start && smoothed > 2 * best && start > 0 ? grossCount + 1 : 0
        guard grossCount >= 5 else { return nil }
        return alert(
            step, run, summary: "training loss \(rounded(smoothed)) is over twice its start, \(rounded(start))",
            evidence: [.init("smoothed loss", smoothed), .init("loss at start", start), .init("threshold", 2 * start)])
    }

    private mutating func fine(_ logLoss: Double, _ step: Int, _ run: RunRecord) -> Alert? {
        block.append(logLoss)
        guard block.count == 16 else { return nil }
        let mean = block.reduce(0, +) / 16
        block.removeAll(keepingCapacity: true)
        defer {
            blocks.append(mean)
            if blocks.count > 26 { blocks.removeFirst() }
        }
        guard blocks.count == 26 else { return nil }
        // Two blocks lie between the reference and now, so that a climb does not raise its own reference at once.
        let reference = blocks.prefix(24).sorted()
        let median = (reference[11] + reference[12]) / 2
        let deviations = reference.map { abs($0 - median) }.sorted()
        let spread = max(1.4826 * (deviations[11] + deviations[12]) / 2, 1e-9)
        climb = max(0, climb + min((mean - median) / spread, 6) - 0.75)
        // A change that is certain but tiny is not worth an alarm.
        guard climb > 12, mean - median > log(1.1) else { return nil }
        return alert(
            step, run, summary: "training loss rose \(rounded(100 * (exp(mean - median) - 1))) % above its recent level",
            evidence: [
                .init("cumulated rise", climb), .init("threshold", 12), .init("loss now", exp(mean)),
                .init("recent loss", exp(median)),
            ])
    }

    private func alert(_ step: Int, _ run: RunRecord, summary: String, evidence: [Alert.Evidence]) -> Alert {
        Alert(
            rule: Self.name, severity: .issue, step: step, summary: summary, evidence: evidence + steps.lines,
            cause: "each step overshoots the minimum, so the loss grows from step to step",
            remedies: LearningRateRemedy.smaller(run, by: 5) + NormalisationRemedy.ifOff(run))
    }
}
