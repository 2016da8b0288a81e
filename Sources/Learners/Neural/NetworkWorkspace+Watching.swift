// What somebody who looks at a step is shown of a network.
extension NetworkWorkspace {
    /// Shows inputs and activations of the last forward pass.
    func showOutputs(_ watch: StepWatch, rowCount: Int) {
        watch.add("inputs", .inputs, shape: [rowCount, architecture.inputWidth], UnsafePointer(input.base))
        for (index, name) in architecture.stageNames.enumerated() {
            guard let activation = architecture.stages[index].activation else { continue }
            let output = UnsafePointer(outputs[index].base), width = layers[index].outputWidth
            let units = architecture.stages[index].unitCount
            let word = activation == .identity ? "output" : activation.rawValue + "_output"
            watch.add(
                "\(name).\(word)", .activations, shape: [rowCount, width], output,
                units: activation == .identity
                    ? nil
                    : { UnitActivity(output, rowCount: rowCount * width / units, unitCount: units, activation) })
        }
    }

    /// Shows inputs, activations and gradients of the last passes, and keeps the parameters for what the update changes.
    func showPass(_ watch: StepWatch, rowCount: Int) {
        showOutputs(watch, rowCount: rowCount)
        for parameter in architecture.parameterTensors {
            let gradient = UnsafePointer(gradients.base + parameter.start)
            watch.add("gradient/" + parameter.name, .gradients, shape: parameter.shape, gradient)
            watch.keep(parameter.name, shape: parameter.shape, UnsafePointer(parameters.base + parameter.start))
        }
    }

    /// Shows parameters, what the update changed of them, and what the optimiser keeps.
    func showUpdate(_ watch: StepWatch, by optimizer: NetworkOptimizer) {
        for parameter in architecture.parameterTensors {
            let base = UnsafePointer(parameters.base + parameter.start)
            watch.add(parameter.name, parameter.isBias ? .biases : .weights, shape: parameter.shape, base)
            watch.addUpdate(parameter.name, shape: parameter.shape, base)
            for (name, values) in optimizer.state {
                watch.add(
                    "\(name)/\(parameter.name)", .optimizer, shape: parameter.shape,
                    UnsafePointer(values.base + parameter.start))
            }
        }
    }
}

extension NetworkArchitecture {
    /// What each stage is called: by its kind, and a number where there may be several of it. Normalisation has that of the layer before
    /// it.
    var stageNames: [String] {
        var dense = 0, convolution = 0, dropout = 0, pooling = 0, last = ""
        return stages.indices.map { index in
            switch stages[index] {
            case .dense:
                dense += 1
                last = index == stages.count - 1 ? "scores" : "dense\(dense)"
                return last
            case .convolution:
                convolution += 1
                last = "conv\(convolution)"
                return last
            case .batchNormalization: return last + ".norm"
            case .dropout:
                dropout += 1
                return "dropout\(dropout)"
            case .embedding: return "embedding"
            case .maxPooling:
                pooling += 1
                return "pool\(pooling)"
            }
        }
    }

    /// A tensor of parameters, and where it lies among all of them.
    struct ParameterTensor {
        var name: String
        var start: Int
        var shape: [Int]
        var isBias = false
    }

    /// All parameters, tensor by tensor, in order.
    var parameterTensors: [ParameterTensor] {
        var tensors: [ParameterTensor] = [], start = 0
        for (name, stage) in zip(stageNames, stages) {
            for (word, shape, isBias) in stage.parameterShapes {
                tensors.append(ParameterTensor(name: "\(name).\(word)", start: start, shape: shape, isBias: isBias))
                start += shape.reduce(1, *)
            }
        }
        return tensors
    }
}

extension NetworkStage {
    /// What it does to its sums, where its output is worth looking at.
    var activation: Activation? {
        switch self {
        case .dense(let layer): layer.activation
        case .convolution(let layer): layer.activation
        case .batchNormalization(let layer): layer.activation
        case .embedding: .identity
        case .dropout, .maxPooling: nil
        }
    }

    /// Units: of images the channels, each of which is at work at every pixel.
    var unitCount: Int {
        switch self {
        case .convolution(let layer): layer.filterCount
        case .batchNormalization(let layer): layer.channelCount
        default: layer.outputWidth
        }
    }

    fileprivate var parameterShapes: [(word: String, shape: [Int], isBias: Bool)] {
        switch self {
        case .dense(let layer):
            return [("weight", [layer.inputWidth, layer.outputWidth], false)]
                + (layer.hasBias ? [("bias", [layer.outputWidth], true)] : [])
        case .convolution(let layer):
            return [("weight", [3, 3, layer.shape.channelCount, layer.filterCount], false)]
                + (layer.hasBias ? [("bias", [layer.filterCount], true)] : [])
        case .batchNormalization(let layer):
            return [("weight", [layer.channelCount], false), ("bias", [layer.channelCount], true)]
        case .embedding(let layer):
            return layer.groups.enumerated().map { ("\($0.offset + 1).weight", [$0.element.count, $0.element.width], false) }
        case .dropout, .maxPooling: return []
        }
    }
}
