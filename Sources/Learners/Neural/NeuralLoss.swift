import CLearnerKernels
import CheckedNumbers

/// What a network minimises, and how the losses it reports relate to it.
struct NeuralLoss: Sendable, Hashable {
    let task: LearningTask
    /// Scores a row.
    let scoreCount: Int
    /// How far a classifier's targets are pulled towards the even distribution.
    ///
    /// - Source: Szegedy et al., "Rethinking the Inception architecture" (2016), section 7.
    let smoothing: Float
    /// What a row of each class counts; two or more numbers. Unused by a regressor.
    let classWeights: [Float]

    /// Writes the mean loss's gradient and returns the sum over rows of the plain loss: squared error, or cross entropy without
    /// class weights and smoothing, so that it is comparable with what evaluation reports.
    ///
    /// - Shape: scores and gradient [count, scoreCount], targets and the rows' own weights [count].
    func gradient(
        scores: UnsafePointer<Float>, targets: UnsafePointer<Float>, rowWeights: UnsafePointer<Float>? = nil, count: Int,
        into gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        let scale = 1 / Float(count)
        switch task {
        case .regressor, .clustering, .decomposition: return dn_squared_loss(scores, targets, rowWeights, count, scale, gradient)
        case .binaryClassifier:
            return dn_logistic_loss(scores, targets, rowWeights, count, scale, smoothing, classWeights, gradient)
        case .multiclassClassifier:
            return dn_softmax_loss(scores, targets, rowWeights, count, scoreCount, scale, smoothing, classWeights, gradient)
        }
    }

    /// Weights that make all classes count the same, with mean 1 over the rows; 1 for classes without rows.
    static func balancedWeights(targets: [Float], classCount: Int, rowWeights: [Float]? = nil) -> [Float] {
        var totals = [Double](repeating: 0, count: classCount)
        for (row, target) in targets.enumerated() { totals[Int(nearestWithin: target)] += WeightedRows.weight(row, rowWeights) }
        let present = Double(totals.filter { $0 > 0 }.count), all = totals.reduce(0, +)
        return totals.map { $0 > 0 ? Float(all / (present * $0)) : 1 }
    }
}
