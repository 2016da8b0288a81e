import JSON
import Learners
import Training

/// What a model has learned as named arrays, in a `.safetensors` file.
///
/// Preparation is not in it: names of features say what each column of a weight is for.
public struct SafeTensors {
    /// An array of single precision, or of double where the model has it.
    struct Entry {
        var name: String
        var shape: [Int]
        var content: ONNXTensor.Content
    }

    /// The arrays' names and shapes.
    public var shapes: [(name: String, shape: [Int])] { entries.map { ($0.name, $0.shape) } }
    private let entries: [Entry], notes: [String: String]

    /// - Throws: `unsupported` for boosted trees, which are no arrays.
    public init(_ model: Model, version: String) throws(ModelExportError) {
        var entries: [Entry] = []
        for (index, step) in model.steps.enumerated() {
            entries += try Self.entries(step.learned, prefix: "step\(index + 1).")
        }
        entries += try Self.entries(model.learned, prefix: "")
        self.entries = entries
        var notes = ["format": "descent", "version": version, "algorithm": model.algorithm, "task": model.predicts.rawValue]
        notes["target"] = model.target?.column
        notes["classes"] = model.target?.classes.map { JSONValue.array($0.map { .string($0) }).text }
        notes["features"] = JSONValue.array(model.pipeline.featureNames.map { .string($0) }).text
        self.notes = notes
    }

    /// - Source: safetensors' format: eight bytes of length, a JSON header, the arrays in little-endian order.
    public var bytes: [UInt8] {
        var members: [JSONValue.Member] = [.init("__metadata__", JSONValue(notes))], data: [UInt8] = []
        for entry in entries {
            let start = data.count
            let type: String
            switch entry.content {
            case .floats(let values):
                type = "F32"
                for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 } }
            case .doubles(let values):
                type = "F64"
                for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 } }
            case .integers(let values):
                type = "I64"
                for value in values { withUnsafeBytes(of: value.littleEndian) { data += $0 } }
            case .strings: preconditionFailure("texts are no arrays of safetensors")
            }
            let value = JSONValue.object([
                "dtype": .string(type), "shape": .array(entry.shape.map { .integer($0) }),
                "data_offsets": .array([.integer(start), .integer(data.count)]),
            ])
            members.append(.init(entry.name, value))
        }
        var header = Array(JSONValue.object(members).text.utf8)
        // The arrays begin at a multiple of eight.
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
    }

    // MARK: - Learners

    private static func entries(_ model: any LearnedModel, prefix: String) throws(ModelExportError) -> [Entry] {
        var found: [Entry] = []
        func add(_ name: String, _ shape: [Int], _ values: [Float]) {
            found.append(Entry(name: prefix + name, shape: shape, content: .floats(values)))
        }
        func add(_ name: String, _ shape: [Int], _ values: [Double]) {
            found.append(Entry(name: prefix + name, shape: shape, content: .doubles(values)))
        }
        switch model {
        case let model as LinearModel:
            add("weight", [model.scoreCount, model.weightCount], model.weights)
            add("bias", [model.scoreCount], model.biases)
            add("feature_mean", [model.featureCount], model.featureMeans)
            add("feature_inverse_deviation", [model.featureCount], model.featureInverses)
            if model.task == .regressor { add("target_scale", [2], [model.targetMean, model.targetDeviation]) }
        case let model as NeuralModel:
            found += network(model, prefix: prefix)
            add("feature_mean", [model.featureCount], model.featureMeans)
            add("feature_inverse_deviation", [model.featureCount], model.featureInverses)
            if model.task == .regressor { add("target_scale", [2], [model.targetMean, model.targetDeviation]) }
        case let model as KMeansModel:
            add("centres", [model.clusterCount, model.featureCount], model.centres)
            add("feature_mean", [model.featureCount], model.featureMeans)
            add("feature_inverse_deviation", [model.featureCount], model.featureInverses)
        case let model as PCAModel:
            add("components", [model.scoreCount, model.featureCount], model.components)
            add("singular_values", [model.scoreCount], model.singularValues)
            add("feature_mean", [model.featureCount], model.featureMeans)
            add("feature_inverse_deviation", [model.featureCount], model.featureInverses)
        case let model as NeighboursModel:
            add("rows", [model.targets.count, model.featureCount], model.rows)
            add("targets", [model.targets.count], model.targets)
            if let weights = model.weights { add("weights", [weights.count], weights) }
            add("feature_mean", [model.featureCount], model.featureMeans)
            add("feature_inverse_deviation", [model.featureCount], model.featureInverses)
        case let model as ConstantModel: add("scores", [model.scores.count], model.scores)
        case let model as AveragedModel: found += try members(model, prefix: prefix)
        case let model as StackedModel:
            for (index, base) in model.bases.enumerated() { found += try members(base, prefix: "\(prefix)base\(index + 1).") }
            found += try members(model.top, prefix: prefix + "top.")
        default:
            throw ModelExportError(
                .unsupported, "boosted trees are no arrays: export the model as onnx, or as xgboost where it is one of XGBoost's")
        }
        return found
    }

    private static func members(_ model: AveragedModel, prefix: String) throws(ModelExportError) -> [Entry] {
        var found: [Entry] = []
        for (index, member) in model.members.enumerated() {
            let own = "\(prefix)member\(index + 1).\(member.algorithm)."
            found += try entries(member.model, prefix: own)
            found.append(Entry(name: own + "share", shape: [], content: .doubles([member.weight])))
            found.append(Entry(name: own + "features", shape: [member.places.count], content: .integers(member.places)))
        }
        return found
    }

    /// Weights as the layers have them: of dense ones [inputs, outputs], of convolutions [3, 3, channels, filters].
    private static func network(_ model: NeuralModel, prefix: String) -> [Entry] {
        var found: [Entry] = []
        var parameters = ArraySlice(model.parameters), statistics = ArraySlice(model.statistics)
        func add(_ name: String, _ shape: [Int], from source: inout ArraySlice<Float>) {
            let count = shape.reduce(1, *)
            found.append(Entry(name: prefix + name, shape: shape, content: .floats(Array(source.prefix(count)))))
            source = source.dropFirst(count)
        }
        for (index, stage) in model.architecture.stages.enumerated() {
            let name = "layer\(index + 1)."
            switch stage {
            case .dense(let layer):
                add(name + "dense.weight", [layer.inputWidth, layer.outputWidth], from: &parameters)
                if layer.hasBias { add(name + "dense.bias", [layer.outputWidth], from: &parameters) }
            case .convolution(let layer):
                add(name + "convolution.weight", [3, 3, layer.shape.channelCount, layer.filterCount], from: &parameters)
                if layer.hasBias { add(name + "convolution.bias", [layer.filterCount], from: &parameters) }
            case .batchNormalization(let layer):
                add(name + "batch_normalization.weight", [layer.channelCount], from: &parameters)
                add(name + "batch_normalization.bias", [layer.channelCount], from: &parameters)
                add(name + "batch_normalization.running_mean", [layer.channelCount], from: &statistics)
                add(name + "batch_normalization.running_variance", [layer.channelCount], from: &statistics)
            case .embedding(let layer):
                for (number, group) in layer.groups.enumerated() {
                    add(name + "embedding\(number + 1).weight", [group.count, group.width], from: &parameters)
                }
            case .dropout, .maxPooling: break
            }
        }
        return found
    }
}
