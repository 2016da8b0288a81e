import Events

/// A tensor holds NaN or infinity: the first one in the order in which a step computes them is named.
public struct NonFiniteTensor: Rule {
    public static let name = "NonFiniteTensor"
    public static let summary = "a tensor holds NaN or infinity"
    public static let clears = true

    private var watch = TensorWatch(1, of: 1)
    private var suspects = SettingSuspects()

    public init() {}

    public static func wantsTensors(of run: RunRecord) -> Bool { true }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        suspects.note(input)
        guard case .tensors(let tensors) = input else { return nil }
        let found = first(tensors).map { alert($0, tensors, run) }
        return watch.look(found, well: "every tensor is finite again")
    }

    /// Forward through the layers, backward through their gradients, and then what changes.
    private func first(_ tensors: TensorsOfStep) -> TensorSummary? {
        let order: [TensorCollection] = [.inputs, .activations, .losses, .gradients, .updates, .weights, .biases, .optimizer]
        for collection in order {
            let bad = tensors.summaries(of: collection).filter(\.hasNonFinite)
            if let first = collection == .gradients ? bad.last : bad.first { return first }
        }
        return tensors.summaries.first(where: \.hasNonFinite)
    }

    private func alert(_ first: TensorSummary, _ tensors: TensorsOfStep, _ run: RunRecord) -> Alert {
        let count = tensors.summaries.count(where: \.hasNonFinite)
        var evidence: [Alert.Evidence] = [
            .init("NaNs", Double(first.nans)), .init("infinities", Double(first.infinities)),
            .init("elements", Double(first.count)),
            .init("tensors that are not finite", Double(count)),
        ]
        if let largest = first.largestMagnitude { evidence.append(.init("largest finite magnitude", largest)) }
        let isInput = first.collection == .inputs
        // What was broken by an earlier step stands in the weights by now.
        let broken = (tensors.summaries(of: .weights) + tensors.summaries(of: .biases)).first(where: \.hasNonFinite)
        return Alert(
            rule: Self.name, severity: .issue, step: tensors.step,
            summary:
                "\(first.name) holds \(first.nans) NaNs and \(first.infinities) infinities, the first of \(count) tensors that do",
            evidence: evidence,
            cause: isInput
                ? "rows are fed that hold values which are not finite"
                : broken.map {
                    "\($0.name) holds values that are not finite: an earlier step broke it, and all that is computed with it"
                }
                    ?? "what goes into it is finite, and what comes out is not: it overflows",
            remedies: isInput
                ? [.init("look at the data: `descent data profile` says which columns hold what")]
                : suspects.suspects(of: .overshoots, in: run).remedies + LearningRateRemedy.smaller(run, by: 10)
                    + NormalisationRemedy.ifOff(run),
            tensor: first.name, sampleSize: first.count, errorRate: 0)
    }
}
