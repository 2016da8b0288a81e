import Events

/// The run used up its epochs while the loss it is judged by was still falling.
public struct StillImproving: Rule {
    public static let name = "StillImproving"
    public static let summary = "training ended while the loss was still falling"

    private var values: [Double] = []

    public init() {}

    public mutating func observe(_ fact: RunFact, of run: RunRecord) -> Alert? {
        switch fact {
        case .metric(let metric, let value, _, _):
            if metric == run.objective.metric, value.isFinite { values.append(value) }
            return nil
        case .ended(let status, let reason, let step):
            // Only where more epochs and a larger step are something to advise.
            guard run.hyperparameters["learning_rate"] != nil, status == .completed, reason == .maxEpochs, values.count >= 3,
                run.objective.minimises,
                let last = values.last
            else { return nil }
            let before = values[values.count - 3]
            let gain = (before - last) / max(abs(before), .leastNormalMagnitude)
            guard gain > 0.02 else { return nil }
            let epochs = run.hyperparameters["epochs"].flatMap(Int.init) ?? values.count
            return Alert(
                rule: Self.name, severity: .info, step: step,
                summary: "\(run.objective.metric) still fell by \(rounded(100 * gain)) % in the last two epochs",
                evidence: [.init("relative fall over two epochs", gain), .init("threshold", 0.02)],
                cause: "the run had too few epochs to converge",
                remedies: [
                    .init("train for more epochs", set: ["epochs": String(epochs * 3)])
                ] + LearningRateRemedy.larger(run, by: 3))
        case .trainingData: return nil
        }
    }
}
