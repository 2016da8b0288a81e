import CLearnerKernels

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
    /// weights and smoothing, so that it is comparable with what evaluation reports.
    ///
    /// - Shape: scores and gradient [count, scoreCount], targets [count].
    func gradient(
        scores: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int, into gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        let scale = 1 / Float(count)
        switch task {
        case .regressor, .clustering, .decomposition: return dn_squared_loss(scores, targets, count, scale, gradient)
        case .binaryClassifier:
            return dn_logistic_loss(scores, targets, count, scale, smoothing, classWeights, gradient)
        case .multiclassClassifier:
            return dn_softmax_loss(scores, targets, count, scoreCount, scale, smoothing, classWeights, gradient)
        }
    }

    /// Weights that make all classes count the same, with mean 1 over the rows; 1 for classes without rows.
    static func balancedWeights(targets: [Float], classCount: Int) -> [Float] {
        var counts = [Int](repeating: 0, count: classCount)
        for target in targets { counts[Int(target)] += 1 }
        let present = counts.filter { $0 > 0 }.count
        return counts.map { $0 > 0 ? Float(targets.count) / Float(present * $0) : 1 }
    }
}
