import CheckedNumbers
import Events

/// A script's training loss is nearly where it began, and falls no more.
///
/// What a constant loses is not known of scripts. So it is held to its own first epoch: after ten epochs and more, the mean of the later
/// half of the epochs lies within 5 % of the first one, and its own two halves within 1 % of each other.
public struct FlatLoss: Rule {
    public static let name = "FlatLoss"
    public static let summary = "a script's training loss is nearly where it began and falls no more"
    private static let needed = 10, mostFall = 0.05, flatness = 0.01

    private var epoch = 0
    private var current = MeanSinceEvaluation()
    private var means: [Double] = []
    private var hasSpoken = false

    public init() {}

    public func inapplicable(to run: RunRecord) -> String? { run.request.isScript ? nil : "it looks at scripts" }

    public var waits: RuleWait? { means.count < Self.needed ? RuleWait(means.count, of: Self.needed, "epochs of a script") : nil }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
        run.request.isScript && run.objective.minimises && metric == .trainLoss
    }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .samples(let stretch) = input, !hasSpoken else { return nil }
        return stretch.firstFinding { sample in
            guard sample.value.isFinite else { return nil }
            let index = max(1, Int(roundedUpWithin: sample.epoch))
            if index != epoch, let mean = current.take() { means.append(mean) }
            let isNew = index != epoch
            epoch = index
            current.add(sample.value)
            guard isNew, means.count >= Self.needed, let alert = judge(sample.step, run) else { return nil }
            hasSpoken = true
            return alert
        }
    }

    private func judge(_ step: Int, _ run: RunRecord) -> Alert? {
        let later = means.suffix(means.count / 2), half = later.count / 2
        let mean = Self.mean(later), early = Self.mean(later.prefix(half)), late = Self.mean(later.suffix(half))
        let first = means[0]
        guard first > 0, mean > (1 - Self.mostFall) * first, mean < 1.5 * first, abs(early - late) < Self.flatness * abs(mean)
        else {
            return nil
        }
        return Alert(
            rule: Self.name, severity: .warning, step: step,
            summary:
                "training loss \(rounded(mean)) in the last \(later.count) of \(means.count) epochs, \(rounded(first)) in the first",
            evidence: [
                .init("relative fall since the first epoch", 1 - mean / first), .init("threshold", Self.mostFall),
                .init("relative fall within the last epochs", 1 - late / early),
            ],
            cause:
                "hardly anything is learned: steps that are too small, gradients that vanish on their way through many layers, weights "
                + "that all begin alike, layers that are frozen, or labels that the features say nothing about",
            remedies: LearningRateRemedy.larger(run, by: 10) + [
                .init(
                    "look at the gradients of the first layers: where they are nothing, take relu, normalisation or fewer layers"),
                .init("let it learn ten rows by heart: where it cannot, model or loss are at fault, else labels and features"),
            ], sampleSize: means.count)
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
}
