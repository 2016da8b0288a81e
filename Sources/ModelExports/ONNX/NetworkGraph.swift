import Learners

/// A network's layers as steps of a graph.
struct NetworkGraph {
    private let model: NeuralModel

    init(_ model: NeuralModel) { self.model = model }

    /// Adds the steps. - Shape: features [n, featureCount], returns [n, scoreCount].
    func build(_ features: String, _ builder: inout GraphBuilder) -> String {
        var value = builder.scaled(features, less: model.featureMeans, times: model.featureInverses)
        var parameters = ArraySlice(model.parameters), statistics = ArraySlice(model.statistics)
        func take(_ count: Int) -> [Float] {
            defer { parameters = parameters.dropFirst(count) }
            return Array(parameters.prefix(count))
        }
        for stage in model.architecture.stages {
            switch stage {
            case .dense(let layer):
                let weights = builder.constant(
                    .floats(take(layer.inputWidth * layer.outputWidth)), [layer.inputWidth, layer.outputWidth])
                value = builder.add("MatMul", value, weights)
                if layer.hasBias { value = builder.add("Add", value, builder.row(take(layer.outputWidth))) }
                value = activated(value, layer.activation, &builder)
            case .batchNormalization(let layer):
                let count = layer.channelCount, gains = take(count), offsets = take(count)
                let means = Array(statistics.prefix(count)), variances = Array(statistics.dropFirst(count).prefix(count))
                statistics = statistics.dropFirst(2 * count)
                value = normalized(value, layer, gains, offsets, means, variances, &builder)
            case .dropout: break
            case .embedding(let layer):
                value = embedded(value, layer, take(layer.groups.reduce(0) { $0 + $1.count * $1.width }), &builder)
            case .convolution(let layer):
                let weights = take(9 * layer.shape.channelCount * layer.filterCount)
                value = convolved(value, layer, weights, layer.hasBias ? take(layer.filterCount) : nil, &builder)
            case .maxPooling(let layer):
                let image = channelsFirst(value, layer.shape, &builder)
                let pooled = builder.add(
                    "MaxPool", image,
                    attributes: [.init("kernel_shape", .integers([2, 2])), .init("strides", .integers([2, 2]))])
                value = flattened(pooled, &builder)
            }
        }
        guard model.task == .regressor else { return value }
        let scaled = builder.add("Mul", value, builder.row([Float(model.targetDeviation)]))
        return builder.add("Add", scaled, builder.row([Float(model.targetMean)]))
    }

    private func activated(_ value: String, _ activation: Activation, _ builder: inout GraphBuilder) -> String {
        switch activation {
        case .identity: return value
        case .relu: return builder.add("Relu", value)
        case .tanh: return builder.add("Tanh", value)
        case .sigmoid: return builder.add("Sigmoid", value)
        case .gelu:
            let cube = builder.add("Mul", builder.add("Mul", value, value), value)
            let bent = builder.add("Add", value, builder.add("Mul", cube, builder.row([Float(0.044715)])))
            let curve = builder.add("Tanh", builder.add("Mul", bent, builder.row([Float((2 / Double.pi).squareRoot())])))
            let share = builder.add("Mul", builder.add("Add", curve, builder.row([Float(1)])), builder.row([Float(0.5)]))
            return builder.add("Mul", value, share)
        }
    }

    private func normalized(
        _ value: String, _ layer: BatchNormalizationLayer, _ gains: [Float], _ offsets: [Float], _ means: [Float],
        _ variances: [Float], _ builder: inout GraphBuilder
    ) -> String {
        let factors = gains.indices.map { gains[$0] / (variances[$0] + BatchNormalizationLayer.epsilon).squareRoot() }
        func everywhere(_ channels: [Float]) -> [Float] { (0..<layer.positionCount).flatMap { _ in channels } }
        let scaled = builder.scaled(value, less: everywhere(means), times: everywhere(factors))
        return activated(builder.add("Add", scaled, builder.row(everywhere(offsets))), layer.activation, &builder)
    }

    /// Features outside all groups in their order, then each group's vector.
    private func embedded(
        _ value: String, _ layer: EmbeddingLayer, _ tables: [Float], _ builder: inout GraphBuilder
    ) -> String {
        var parts: [String] = [], vectors: [String] = [], plain: [Int] = [], next = 0, start = 0
        for group in layer.groups {
            plain += next..<group.start
            next = group.start + group.featureCount
            let table = builder.constant(
                .floats(Array(tables[start..<start + group.count * group.width])), [group.count, group.width])
            start += group.count * group.width
            if group.isCode == true {
                vectors.append(builder.add("Gather", table, builder.code(value, at: group.start)))
            } else {
                vectors.append(builder.add("MatMul", builder.columns(value, Array(group.start..<next)), table))
            }
        }
        plain += next..<layer.inputWidth
        if !plain.isEmpty { parts.append(builder.columns(value, plain)) }
        return builder.concatenated(parts + vectors)
    }

    /// Images lie row after row with a pixel's channels together; ONNX has channel after channel.
    private func channelsFirst(_ value: String, _ shape: ImageShape, _ builder: inout GraphBuilder) -> String {
        let image = builder.reshaped(value, [-1, shape.height, shape.width, shape.channelCount])
        return builder.add("Transpose", image, attributes: [.init("perm", .integers([0, 3, 1, 2]))])
    }

    private func flattened(_ image: String, _ builder: inout GraphBuilder) -> String {
        let turned = builder.add("Transpose", image, attributes: [.init("perm", .integers([0, 2, 3, 1]))])
        return builder.reshaped(turned, [0, -1])
    }

    private func convolved(
        _ value: String, _ layer: ConvolutionLayer, _ weights: [Float], _ biases: [Float]?, _ builder: inout GraphBuilder
    ) -> String {
        let channels = layer.shape.channelCount, filters = layer.filterCount
        // Ours are [3, 3, channels, filters], ONNX has [filters, channels, 3, 3].
        let turned = (0..<filters).flatMap { filter in
            (0..<channels).flatMap { channel in
                (0..<9).map { place in weights[(place * channels + channel) * filters + filter] }
            }
        }
        var inputs = [
            channelsFirst(value, layer.shape, &builder), builder.constant(.floats(turned), [filters, channels, 3, 3]),
        ]
        if let biases { inputs.append(builder.constant(.floats(biases), [filters])) }
        let image = builder.add(
            "Conv", inputs,
            attributes: [.init("kernel_shape", .integers([3, 3])), .init("pads", .integers([1, 1, 1, 1]))])[0]
        return activated(flattened(image, &builder), layer.activation, &builder)
    }
}
