/// The mean of training losses since the evaluation before: what a validation loss is looked at beside.
struct MeanSinceEvaluation {
    private var sum = 0.0, count = 0.0

    mutating func add(_ loss: Double) {
        sum += loss
        count += 1
    }

    /// The mean, after which the next one begins; nil where nothing was added.
    mutating func take() -> Double? {
        guard count > 0 else { return nil }
        defer { (sum, count) = (0, 0) }
        return sum / count
    }
}
