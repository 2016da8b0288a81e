import Events

/// What a model that says the same for every row loses: the yardstick of whether a loss is high, low, or worth a word.
struct ConstantLoss {
    private(set) var training: Double?
    private(set) var validation: Double?

    mutating func note(_ input: RuleInput) {
        guard case .trainingData(let data) = input else { return }
        training = data.constantTrainingLoss.flatMap(Self.usable)
        validation = data.constantValidationLoss.flatMap(Self.usable)
    }

    /// Of a script the labels that were seen say what a constant loses, where its loss is their plain mean and began near that.
    mutating func note(ofScript seen: TrainingObservation) {
        guard seen.name == "labels", seen["plain"] == 1, seen["rows"] ?? 0 >= Self.leastRows,
            seen["likeness in a batch"].map({ $0 < BatchLabels.likeness / 3 }) ?? false,
            let level = seen["loss of a constant"].flatMap(Self.usable), let first = seen["first loss"],
            (0.5 * level...2 * level).contains(first)
        else { return }
        (training, validation) = (level, level)
    }

    private static let leastRows = 200.0

    private static func usable(_ loss: Double) -> Double? { loss.isFinite && loss > 0 ? loss : nil }
}
