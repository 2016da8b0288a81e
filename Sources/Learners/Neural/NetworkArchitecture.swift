/// The layers of a network in order, each one's output being the next one's input.
package struct NetworkArchitecture: Hashable, Codable, Sendable {
    package let stages: [NetworkStage]

    /// What decides the layers.
    struct Plan {
        var inputWidth: Int
        var outputWidth: Int
        var hiddenSizes: [Int]
        var activation: Activation
        var usesBatchNormalization = false
        /// Groups of indicator features that become embeddings, and how long their vectors are (nil: by their size).
        var embeddedGroups: [Range<Int>] = [], embeddingWidth: Int?
        /// Categories of the last features, whose values are codes, and how many rows there are to learn them from.
        var cardinalities: [Int] = [], rowCount = Int.max
        var image: ImageShape?
        /// Filters of each convolution.
        var filterCounts: [Int] = []
    }

    init(stages: [NetworkStage]) {
        self.stages = stages
        precondition(isConsistent, "layers that do not fit together: \(stages)")
    }

    /// Whether there are layers, all sizes are positive and each output fits the next input; false for damaged files.
    var isConsistent: Bool {
        !stages.isEmpty && stages.allSatisfy(\.isValid)
            && zip(stages, stages.dropFirst()).allSatisfy { $0.layer.outputWidth == $1.layer.inputWidth }
    }

    /// Embeddings or convolutions with pooling, then hidden layers with dropout behind each, then the scores.
    init(_ plan: Plan) {
        var stages: [NetworkStage] = []
        var width = plan.inputWidth
        if let image = plan.image {
            stages = Self.convolutions(plan, image)
            width = stages.last?.layer.outputWidth ?? width
        } else if !plan.embeddedGroups.isEmpty || !plan.cardinalities.isEmpty {
            let layer = EmbeddingLayer(
                inputWidth: width, ranges: plan.embeddedGroups, cardinalities: plan.cardinalities, width: plan.embeddingWidth,
                rowCount: plan.rowCount)
            stages = [.embedding(layer)]
            width = layer.outputWidth
        }
        for size in plan.hiddenSizes {
            let normalizes = plan.usesBatchNormalization
            stages.append(
                .dense(
                    DenseLayer(
                        inputWidth: width, outputWidth: size, activation: normalizes ? .identity : plan.activation,
                        hasBias: !normalizes)))
            if normalizes {
                stages.append(
                    .batchNormalization(
                        BatchNormalizationLayer(channelCount: size, positionCount: 1, activation: plan.activation)))
            }
            stages.append(.dropout(DropoutLayer(inputWidth: size)))
            width = size
        }
        stages.append(
            .dense(DenseLayer(inputWidth: width, outputWidth: plan.outputWidth, activation: .identity, hasBias: true)))
        self.init(stages: stages)
    }

    private static func convolutions(_ plan: Plan, _ image: ImageShape) -> [NetworkStage] {
        var stages: [NetworkStage] = []
        var shape = image
        for filters in plan.filterCounts {
            let normalizes = plan.usesBatchNormalization
            let layer = ConvolutionLayer(
                shape: shape, filterCount: filters, activation: normalizes ? .identity : plan.activation, hasBias: !normalizes)
            stages.append(.convolution(layer))
            shape = layer.outputShape
            if normalizes {
                stages.append(
                    .batchNormalization(
                        BatchNormalizationLayer(
                            channelCount: filters, positionCount: shape.pixelCount, activation: plan.activation)))
            }
            if shape.height > 1, shape.width > 1 {
                stages.append(.maxPooling(MaxPoolingLayer(shape: shape)))
                shape = shape.halved
            }
        }
        return stages
    }

    var inputWidth: Int { stages.first?.layer.inputWidth ?? 0 }
    var outputWidth: Int { stages.last?.layer.outputWidth ?? 0 }
    /// Most numbers a row has anywhere on its way.
    var widest: Int { stages.reduce(inputWidth) { max($0, $1.layer.outputWidth) } }
    var parameterCount: Int { stages.reduce(0) { $0 + $1.layer.parameterCount } }
    var statisticCount: Int { stages.reduce(0) { $0 + $1.layer.statisticCount } }

    /// Parameters in order: of each layer those that penalties act on, then those they leave alone.
    var segments: [(range: Range<Int>, isPenalized: Bool)] {
        var segments: [(range: Range<Int>, isPenalized: Bool)] = []
        var start = 0
        for layer in stages.map(\.layer) {
            for (count, isPenalized) in [(layer.weightCount, true), (layer.offsetCount, false)] where count > 0 {
                segments.append((start..<start + count, isPenalized))
                start += count
            }
        }
        return segments
    }
}
