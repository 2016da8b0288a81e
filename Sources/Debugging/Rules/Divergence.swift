import Events
import Glibc
import JSON

/// The training loss is climbing instead of falling.
///
/// Two tests, because runs are short and long. Gross: the smoothed loss is over twice what a constant model loses (where that is not
/// known, what it was at the first step, or in the first steps if that was more) and over twice the best since. Fine: a Page-Hinkley test on means of the log loss over blocks of 16 steps, against median and MAD
/// of 24 earlier blocks. Losses under a twentieth of a constant's are those of a solved problem, whose last digits may do as they like.
/// - Source: Page (1954), "Continuous inspection schemes"; thresholds as simulated for log-normal AR(1) losses (false alarms
///   under 2 % in 5,000 healthy steps).
public struct Divergence: Rule {
    public static let name = "Divergence"
    public static let summary = "the training loss is climbing instead of falling"
    public static let clears = true

    private var count = 0
    private var firstLosses: [Double] = []
    private var smoothed = 0.0
    private var best = Double.infinity
    private var grossCount = 0
    private var block: [Double] = []
    private var blocks: [Double] = []
    private var climb = 0.0
    private var steps = StepEvidence()
    private var constant = ConstantLoss()
    private var suspects = SettingSuspects()
    private var recovery = Recovery(after: 32)
    /// Under which the loss is back where it climbed from.
    private var level = 0.0
    private static let solvedShare = 0.05
    private static let leastCount = 11

    public var waits: RuleWait? {
        count < Self.leastCount ? RuleWait(count, of: Self.leastCount, "training losses") : nil
    }

    public init() {}

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        metric == .trainLoss || StepEvidence.wants(metric)
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input else {
            steps.note(input)
            constant.note(input)
            suspects.note(input)
            return nil
        }
        let loss = stretch.index(of: .trainLoss)
        return stretch.firstVerdict { sample in
            guard sample.metric == loss else {
                steps.note(sample.value, of: stretch.metrics[Int(sample.metric)])
                return nil
            }
            return take(sample.value, sample.step, run)
        }
    }

    private mutating func take(_ value: Double, _ step: Int, _ run: RunRecord) -> RuleVerdict? {
        guard value.isFinite else {
            _ = recovery.look(isWell: false)
            return nil
        }
        count += 1
        if firstLosses.count < 5 { firstLosses.append(value) }
        smoothed = count == 1 ? value : 0.8 * smoothed + 0.2 * value
        if recovery.isRaised { return recover() }
        if let alert = gross(step, run) ?? (value > 0 ? fine(log(value), step, run) : nil) {
            recovery.raise()
            return .raised(alert)
        }
        return nil
    }

    /// Whether the loss is back where it climbed from; then both tests begin anew.
    private mutating func recover() -> RuleVerdict? {
        guard recovery.look(isWell: smoothed < level) else { return nil }
        (best, grossCount, climb) = (smoothed, 0, 0)
        block.removeAll(keepingCapacity: true)
        blocks = []
        return .cleared("the training loss is back at \(rounded(smoothed)), under \(rounded(level))")
    }

    private mutating func gross(_ step: Int, _ run: RunRecord) -> Alert? {
        guard count >= Self.leastCount else { return nil }
        // A rate that is far too large has multiplied the loss by thousands before five steps are over.
        let start = constant.training ?? min(firstLosses[0] * 2, firstLosses.reduce(0, +) / Double(firstLosses.count))
        best = min(best, smoothed)
        grossCount = smoothed > 2 * start && smoothed > 2 * best && start > 0 ? grossCount + 1 : 0
        guard grossCount >= recovery.patience(5) else { return nil }
        level = 1.2 * start
        return alert(
            step, run, by: smoothed / start,
            summary: constant.training == nil
                ? "training loss \(rounded(smoothed)) is over twice its start, \(rounded(start))"
                : "training loss \(rounded(smoothed)) is over twice that of a constant, \(rounded(start))",
            evidence: [
                .init("smoothed loss", smoothed), .init(constant.training == nil ? "loss at start" : "a constant's loss", start),
                .init("threshold", 2 * start),
            ])
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
        guard climb > Double(recovery.patience(12)), mean - median > log(1.1) else { return nil }
        if let constant = constant.training, exp(mean) < Self.solvedShare * constant { return nil }
        level = 1.05 * exp(median)
        return alert(
            step, run, by: exp(mean - median),
            summary: "training loss rose \(rounded(100 * (exp(mean - median) - 1))) % above its recent level",
            evidence: [
                .init("cumulated rise", climb), .init("threshold", 12), .init("loss now", exp(mean)),
                .init("recent loss", exp(median)),
            ])
    }

    /// - Parameter growth: how many times as high the loss is as it should be.
    private func alert(
        _ step: Int, _ run: RunRecord, by growth: Double, summary: String, evidence: [Alert.Evidence]
    ) -> Alert {
        // A loss that grows comes of steps that lead away, not of too little.
        let found = suspects.suspects(of: .overshoots, in: run)
        let cause = found.first.map { "\($0.cause), so that the loss grows from step to step" }
        return Alert(
            rule: Self.name, severity: .issue, step: step, summary: summary, evidence: evidence + steps.lines,
            cause: cause ?? "each step overshoots the minimum, so the loss grows from step to step",
            remedies: NormalisationRemedy.ifOff(run) + found.remedies
                + LearningRateRemedy.smaller(run, by: growth > 100 ? 100 : 10))
    }
}
