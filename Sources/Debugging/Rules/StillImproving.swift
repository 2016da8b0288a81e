import Events

/// The run used up its epochs while the loss it is judged by was still falling.
public struct StillImproving: Rule {
    public static let name = "StillImproving"
    public static let summary = "training ended while the loss was still falling"

    private var count = 0
    private var hasEnded = false
    /// The newest three values, oldest first.
    private var newest: [Double] = []
    private var first = Double.nan
    private var suspects = SettingSuspects()
    private var data: TrainingDataSummary?
    /// What the last two evaluations must have brought, of the value before them and of all that the run brought: a loss near 0
    /// may halve for ever without a word to say.
    private static let leastGain = 0.02, leastShare = 0.01
    /// Settings that leave too few or too small steps.
    private static let hinders: Set = ["epochs", "num_round", "mini_batch_size"]

    public init() {}

    public var waits: RuleWait? { hasEnded ? nil : .end }

    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { metric == run.objective.metric }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        suspects.note(input)
        if case .ended = input { hasEnded = true }
        if case .trainingData(let summary) = input { data = summary }
        switch input {
        case .samples(let stretch):
            stretch.forEach { sample in
                guard sample.value.isFinite else { return }
                count += 1
                if count == 1 { first = sample.value }
                if newest.count == 3 { newest.removeFirst() }
                newest.append(sample.value)
            }
            return nil
        case .ended(.completed, reason: .maxEpochs, let step), .ended(.completed, reason: .finished, let step):
            return alert(step, run).map { RuleFinding($0) }
        default: return nil
        }
    }

    private func alert(_ step: Int, _ run: RunRecord) -> Alert? {
        // Only where more epochs and a larger step are something to advise.
        let hindering = suspects.suspects(of: .learnsNothing, in: run).filter { Self.hinders.contains($0.name) }
        guard run.hyperparameters["learning_rate"] != nil || !hindering.isEmpty, newest.count >= 2, run.objective.minimises else {
            return nil
        }
        let (before, last) = (newest[0], newest[newest.count - 1])
        let gain = (before - last) / max(abs(before), .leastNormalMagnitude)
        guard gain > Self.leastGain, before - last > Self.leastShare * (first - last) else { return nil }
        let epochs = run.hyperparameters["epochs"].flatMap(Int.init) ?? count
        // More of a rate that was chosen far too large already is no advice.
        let isFast = suspects.suspects(of: .overshoots, in: run).first { $0.name == "learning_rate" }
        let isFarTooFew = hindering.contains { $0.name == "epochs" && $0.remedy.set == ["epochs": "auto"] }
        // More epochs would do, and a step that suits all features does it sooner; what lies far apart is named before the first step.
        let scale = ScaleFault(data) == nil ? ScaleFault(data, ofSlow: run) : nil
        return Alert(
            rule: Self.name, severity: .info, step: step,
            summary:
                "\(run.objective.metric) still fell by \(rounded(100 * gain)) % \(count == 2 ? "from the first evaluation to the second" : "in the last two evaluations")",
            evidence: [.init("relative fall over two evaluations", gain), .init("threshold", Self.leastGain)],
            cause: hindering.first { $0.name != "epochs" }?.cause ?? isFast?.cause ?? scale?.cause
                ?? "the run had too few epochs to converge",
            remedies: hindering.filter { $0.name != "epochs" }.remedies + (isFast.map { [$0.remedy] } ?? [])
                + (scale?.remedies ?? []) + [
                    isFarTooFew
                        ? .init("as many epochs as are chosen by itself", set: ["epochs": "auto"])
                        : .init("train for more epochs", set: ["epochs": String(epochs * 3)])
                ] + (isFast == nil ? LearningRateRemedy.larger(run, by: 3) : []))
    }
}
