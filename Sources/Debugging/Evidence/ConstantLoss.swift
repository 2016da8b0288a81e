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

    private static func usable(_ loss: Double) -> Double? { loss.isFinite && loss > 0 ? loss : nil }
}
