// What somebody who looks at a step is shown of a linear model: of several that are trained side by side, the first.
extension LinearTrainer {
    private static let weightName = "linear.weight", biasName = "linear.bias"
    /// Rows of a batch whose features are summed up.
    private static let shownRows = 256

    func showInputs(_ watch: StepWatch, _ features: FeatureRows, order: ArraySlice<Int32>) {
        let rows = order.prefix(Self.shownRows)
        watch.add("inputs", .inputs, shape: [rows.count, features.numberCount]) {
            rows.flatMap { row in
                UnsafeBufferPointer(start: features.base + Int(row) * features.stride, count: features.numberCount)
            }
        }
    }

    /// - Parameter rowCount: rows that the gradients are sums over; what is shown is the mean's.
    func showGradients(_ watch: StepWatch, rowCount: Int) {
        let scale = 1 / Float(rowCount)
        show(watch, "gradient/" + Self.weightName, .gradients, gradient, scale: scale)
        if configuration.usesBias {
            watch.add("gradient/" + Self.biasName, .gradients) { biasGradient.prefix(scoreCount).map { $0 * scale } }
        }
        keepParameters(watch)
    }

    func keepParameters(_ watch: StepWatch) {
        guard watch.wants(.updates) else { return }
        watch.watching {
            withWeights(weights) { watch.keep(Self.weightName, shape: weightShape, $0) }
            guard configuration.usesBias else { return }
            biases.withUnsafeBufferPointer { buffer in
                if let base = buffer.baseAddress { watch.keep(Self.biasName, shape: [scoreCount], base) }
            }
        }
    }

    /// - Parameter loss: as the step reports it.
    func showUpdate(_ watch: StepWatch, loss: Double) {
        watch.watching {
            withWeights(weights) {
                watch.add(Self.weightName, .weights, shape: weightShape, $0)
                watch.addUpdate(Self.weightName, shape: weightShape, $0)
            }
            guard configuration.usesBias else { return }
            biases.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                watch.add(Self.biasName, .biases, shape: [scoreCount], base)
                watch.addUpdate(Self.biasName, shape: [scoreCount], base)
            }
        }
        watch.add("loss", .losses, shape: []) { [Float(loss)] }
    }

    private var scoreCount: Int { configuration.scoreCount }
    private var weightShape: [Int] { [scoreCount, data.training.featureCount] }

    private func show(_ watch: StepWatch, _ name: String, _ kind: TensorKind, _ values: [Float], scale: Float) {
        guard watch.wants(kind) else { return }
        watch.watching { withWeights(values) { watch.add(name, kind, shape: weightShape, $0, scale: scale) } }
    }

    /// The first model's weights, or what belongs to them, without the padding.
    private func withWeights(_ values: [Float], _ body: (UnsafePointer<Float>) -> Void) {
        let own = data.training.unpadded(values.prefix(scoreCount * data.training.weightStride))
        own.withUnsafeBufferPointer { buffer in if let base = buffer.baseAddress { body(base) } }
    }
}
