/// Which of several models to average, and how much each counts: greedy forward selection with replacement.
///
/// Begins with nothing and adds, a fixed number of times, the model with which the average of all that were added has the smallest error;
/// what stood when the error was smallest is kept, and a model counts as often as it was added.
///
/// - Source: Caruana, Niculescu-Mizil, Crew, Ksikes, "Ensemble Selection from Libraries of Models" (2004), in the form of AutoGluon 1.6:
///   25 additions, rounding to 6 decimals, ties to models that are in already. Where AutoGluon draws among further ties, the first
///   model wins here.
public struct EnsembleSelection: Sendable, Hashable {
    /// The models in the order in which they were added, by number, up to the smallest error.
    public private(set) var order: [Int] = []
    /// The error after each of these additions.
    public private(set) var trajectory: [Double] = []
    private let modelCount: Int

    /// Additions that are tried; more bring next to nothing.
    public static let additionLimit = 25
    /// Errors above the first are rounded to 6 decimals, so that no model is added twice for its rounding errors.
    private static let exactError = 1e-4, digits = 1e6

    /// - Parameters:
    ///   - predictions: of each model on the same rows: numbers, probabilities of the second class, or rows of `width` probabilities.
    ///   - width: numbers a row.
    ///   - error: what is to be small, of such predictions; NaN is never chosen.
    /// - Shape: predictions [models][rows × width].
    public init(
        _ predictions: [[Double]], width: Int = 1, additions: Int = EnsembleSelection.additionLimit,
        error: (_ predictions: [Double]) -> Double
    ) {
        modelCount = predictions.count
        guard let length = predictions.first?.count, additions > 0 else { return }
        precondition(predictions.allSatisfy { $0.count == length }, "predictions of other rows than those of the first model")
        precondition(length % width == 0, "\(length) numbers in rows of \(width)")
        var sum = [Double](repeating: 0, count: length), trial = sum
        var used = Set<Int>(), isRounded = false
        for count in 0..<additions {
            var best: (model: Int, error: Double)?
            for model in predictions.indices {
                Self.average(sum, predictions[model], of: Double(count + 1), width: width, into: &trial)
                var found = error(trial)
                if isRounded { found = (found * Self.digits).rounded(.toNearestOrEven) / Self.digits }
                guard !found.isNaN else { continue }
                let isBetter = best.map {
                    found < $0.error || found == $0.error && !used.contains($0.model) && used.contains(model)
                }
                if isBetter ?? true { best = (model, found) }
            }
            guard let best else { break }
            if count == 0 { isRounded = best.error > Self.exactError }
            for place in sum.indices { sum[place] += predictions[best.model][place] }
            used.insert(best.model)
            order.append(best.model)
            trajectory.append(best.error)
            if predictions.count == 1 { break }
        }
        guard let smallest = trajectory.min(), let place = trajectory.firstIndex(of: smallest) else { return }
        order.removeSubrange((place + 1)...)
        trajectory.removeSubrange((place + 1)...)
    }

    /// The error of the average; nil where no model has one.
    public var error: Double? { trajectory.last }

    /// How much each model counts: shares that add up to 1, or zeros where no model was chosen.
    public var weights: [Double] {
        var weights = [Double](repeating: 0, count: modelCount)
        for model in order { weights[model] += 1 }
        return order.isEmpty ? weights : weights.map { $0 / Double(order.count) }
    }

    /// `(sum + added) / count`, rows of several probabilities brought to a sum of 1.
    private static func average(
        _ sum: [Double], _ added: [Double], of count: Double, width: Int, into result: inout [Double]
    ) {
        for place in sum.indices { result[place] = (sum[place] + added[place]) / count }
        guard width > 1 else { return }
        for start in stride(from: 0, to: result.count, by: width) {
            var total = 0.0
            for place in start..<start + width { total += result[place] }
            for place in start..<start + width { result[place] /= total }
        }
    }
}
