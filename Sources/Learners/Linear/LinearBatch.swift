import CLearnerKernels

/// Rows as training sees them: features, targets on their scale, and what their losses are multiplied by.
struct LinearRows {
    let features: FeatureRows
    let targets: [Float], weights: [Float]?

    /// Some of the rows, or 0..<count; the pointers hold for the time of the call.
    func withBatch<Result>(
        _ rows: UnsafePointer<Int32>?, count: Int, loss: dk_loss, modelCount: Int, _ body: (LinearBatch) -> Result
    ) -> Result {
        withOptional(targets) { targets in
            guard let targets else { preconditionFailure("there is an array of targets") }
            return withOptional(weights) { weights in
                body(
                    LinearBatch(
                        features: features, rows: rows, count: count, targets: targets, rowWeights: weights, loss: loss,
                        modelCount: modelCount))
            }
        }
    }
}

/// Some rows on which losses and gradients of linear models are taken, by the kernel that fits their number and kind.
struct LinearBatch {
    let features: FeatureRows
    /// The rows, or 0..<count.
    let rows: UnsafePointer<Int32>?
    let count: Int
    /// - Shape: as many as the features have rows.
    let targets: UnsafePointer<Float>, rowWeights: UnsafePointer<Float>?
    let loss: dk_loss
    let modelCount: Int
    /// The row of the features that is row 0 here.
    var start = 0

    /// Overwrites gradients and losses with sums over the rows.
    ///
    /// - Shape: weights [models, scores, weightStride], biases [models, scores], losses [models].
    func gradients(
        _ weights: [Float], _ biases: [Float], _ gradient: inout [Float], _ biasGradient: inout [Float],
        _ losses: inout [Double], _ scratch: inout [Float]
    ) {
        let x = features.base + start * features.stride, stride = features.stride, classes = biases.count / modelCount
        var loss = loss
        if features.hasCategories {
            features.withCategories(from: start) { categories in
                dk_coded_batch(
                    x, stride, categories, rows, count, targets, rowWeights, weights, biases, modelCount, classes, &loss,
                    &gradient, &biasGradient, &losses, &scratch)
            }
        } else if modelCount > 1 {
            dk_many_batch(
                x, stride, rows, count, targets, rowWeights, weights, biases, modelCount, classes, &loss, &gradient,
                &biasGradient, &losses, &scratch)
        } else if loss.kind == Int32(DK_SOFTMAX) {
            losses[0] = dk_softmax_batch(
                x, stride, rows, count, targets, rowWeights, weights, biases, classes, &gradient, &biasGradient, &scratch)
        } else {
            losses[0] = dk_linear_batch(
                x, stride, rows, count, targets, rowWeights, weights, biases[0], &loss, &gradient, &biasGradient)
        }
    }

    /// Overwrites losses with sums over the rows.
    func losses(_ weights: [Float], _ biases: [Float], _ losses: inout [Double], _ scratch: inout [Float]) {
        let x = features.base + start * features.stride, classes = biases.count / modelCount
        var loss = loss
        features.withCategories(from: start) { categories in
            if let categories {
                dk_coded_batch(
                    x, features.stride, categories, rows, count, targets, rowWeights, weights, biases, modelCount, classes,
                    &loss, nil, nil, &losses, &scratch)
            } else {
                dk_many_batch(
                    x, features.stride, rows, count, targets, rowWeights, weights, biases, modelCount, classes, &loss, nil, nil,
                    &losses, &scratch)
            }
        }
    }
}
