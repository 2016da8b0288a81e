/// A layer of any kind, so that a network can be compared and saved.
package enum NetworkStage: Hashable, Codable, Sendable {
    case dense(DenseLayer)
    case batchNormalization(BatchNormalizationLayer)
    case dropout(DropoutLayer)
    case embedding(EmbeddingLayer)
    case convolution(ConvolutionLayer)
    case maxPooling(MaxPoolingLayer)

    var layer: any NetworkLayer {
        switch self {
        case .dense(let layer): layer
        case .batchNormalization(let layer): layer
        case .dropout(let layer): layer
        case .embedding(let layer): layer
        case .convolution(let layer): layer
        case .maxPooling(let layer): layer
        }
    }

    var isDropout: Bool {
        if case .dropout = self { true } else { false }
    }

    /// Whether all sizes are positive and small enough to multiply.
    var isValid: Bool {
        let isSize = { (value: Int) in value > 0 && value <= 1 << 24 }
        let isShape = { (shape: ImageShape) in
            [shape.height, shape.width, shape.channelCount].allSatisfy { $0 > 0 && $0 <= 65_536 } && isSize(shape.count)
        }
        switch self {
        case .dense(let layer): return isSize(layer.inputWidth) && isSize(layer.outputWidth)
        case .batchNormalization(let layer):
            return isSize(layer.channelCount) && isSize(layer.positionCount) && isSize(layer.inputWidth)
        case .dropout(let layer): return isSize(layer.inputWidth)
        case .embedding(let layer): return isSize(layer.inputWidth) && layer.hasValidGroups
        case .convolution(let layer): return isShape(layer.shape) && isSize(layer.filterCount) && isSize(layer.outputWidth)
        case .maxPooling(let layer): return isShape(layer.shape) && layer.shape.height > 1 && layer.shape.width > 1
        }
    }
}
