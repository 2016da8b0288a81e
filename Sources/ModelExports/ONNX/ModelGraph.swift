import JSON
import Learners
import Tables
import Training

/// A whole model in ONNX: from a row's columns to what is predicted.
///
/// Outputs are called as scikit-learn's converters call them: `variable` of a regressor or a decomposition, `label` and `probabilities` of
/// a classifier (`label` and `scores` where there are no probabilities), `label` and `scores` (distances) of clusters.
public struct ModelGraph {
    /// What stands in an `.onnx` file.
    public let bytes: [UInt8]
    /// The inputs, each [rows, 1].
    public let inputs: [Port]
    public let outputs: [Port]
    /// Whether it has an operator that ONNX Runtime alone has, as texts need.
    public let needsONNXRuntime: Bool

    /// An input or output.
    public struct Port: Sendable, Hashable {
        /// Kinds of values, by the words that MLflow has for columns.
        public enum Kind: String, Sendable { case float, double, long, string }

        public var name: String
        public var kind: Kind
        /// Numbers a row; nil = one, without a dimension of its own.
        public var width: Int?
    }

    /// What ONNX versions the file asks for.
    public static let opset = ONNXGraph.Domain.standard.opset, learningOpset = ONNXGraph.Domain.learning.opset,
        irVersion = ONNXGraph.irVersion

    private static let outputNames = ["label", "probabilities", "scores", "variable"]

    /// - Parameter version: of the program that writes it.
    /// - Throws: `unsupported` for what ONNX has no words for; `badModel`.
    public init(_ model: Model, version: String) throws(ModelExportError) {
        let preparing = try model.preparation.map { preparation throws(ModelExportError) in try PipelineGraph(preparation, model)
        }
        let names = preparing?.inputNames ?? model.pipeline.columnNames
        if let taken = names.first(where: Self.outputNames.contains) {
            throw ModelExportError(
                .unsupported,
                "a column is called '\(taken)' as an output has to be in ONNX: call it otherwise and train again")
        }
        var builder = GraphBuilder(taken: names + Self.outputNames)
        let made = try preparing?.build(&builder)
        let features = try FeatureGraph(model.pipeline, made: made)
        for port in preparing?.ports ?? features.ports { builder.input(port) }
        var values = features.build(&builder)
        for step in model.steps { values = try LearnedGraph.build(step.learned, values, &builder).values }
        let answer = try LearnedGraph.build(model.learned, values, &builder)
        OutputGraph(model).build(answer, &builder)
        needsONNXRuntime = builder.graph.domains.contains(.runtime)
        builder.describe(Self.note(model) + (needsONNXRuntime ? Self.runtimeNote : ""), Self.metadata(model))
        bytes = builder.graph.bytes(producerVersion: version)
        inputs = builder.graph.inputs.map(Port.init)
        outputs = builder.graph.outputs.map(Port.init)
    }

    private static func note(_ model: Model) -> String {
        let goal = model.target.map { " that predicts \($0.column)" } ?? ""
        return
            "A model of Descent (\(model.algorithm))\(goal). Each column is an input of one value a row: numbers are NaN where they "
            + "are missing, texts are empty."
    }

    private static let runtimeNote =
        " Its texts are parted by com.microsoft.Tokenizer, an operator of ONNX Runtime's own: other runtimes cannot read it."

    private static func metadata(_ model: Model) -> [(name: String, value: String)] {
        var entries = [("algorithm", model.algorithm), ("task", model.predicts.rawValue)]
        if let target = model.target { entries.append(("target", target.column)) }
        if let classes = model.target?.classes { entries.append(("classes", JSONValue.array(classes.map { .string($0) }).text)) }
        entries.append(("features", JSONValue.array(model.pipeline.featureNames.map { .string($0) }).text))
        return entries.map { (name: $0.0, value: $0.1) }
    }
}

extension ModelGraph.Port {
    init(_ port: ONNXGraph.Port) {
        let kind: Kind =
            switch port.type {
            case .float: .float
            case .double: .double
            case .int64, .boolean: .long
            case .string: .string
            }
        self.init(name: port.name, kind: kind, width: port.width)
    }
}

/// What comes out of a graph.
private struct OutputGraph {
    let model: Model

    init(_ model: Model) { self.model = model }

    func build(_ answer: LearnedGraph.Answer, _ builder: inout GraphBuilder) {
        let width = model.learned.scoreCount
        switch model.predicts {
        case .regressor: number(answer, &builder)
        case .decomposition: builder.output(answer.values, .init(name: "variable", type: .float, width: width))
        case .clustering:
            let nearest = builder.add(
                "ArgMin", answer.values, attributes: [.init("axis", .integer(1)), .init("keepdims", .integer(0))])
            builder.output(nearest, .init(name: "label", type: .int64))
            builder.output(answer.values, .init(name: "scores", type: .float, width: width))
        case .binaryClassifier, .multiclassClassifier: classes(answer, &builder)
        }
    }

    /// In the target's own units, which may have more digits than single precision.
    private func number(_ answer: LearnedGraph.Answer, _ builder: inout GraphBuilder) {
        let origin = model.scoreOrigin
        guard origin != 0 else {
            return builder.output(answer.values, .init(name: "variable", type: .float, width: 1))
        }
        let wide = builder.cast(answer.values, to: .double)
        builder.output(
            builder.add("Add", wide, builder.row([origin])), .init(name: "variable", type: .double, width: 1))
    }

    private func classes(_ answer: LearnedGraph.Answer, _ builder: inout GraphBuilder) {
        let names = model.target?.classes ?? [], width = model.learned.scoreCount
        let hasProbabilities = model.givesProbabilities
        let scores = hasProbabilities ? LearnedGraph.probabilities(answer, scoreCount: width, &builder) : answer.values
        let place: String
        if width == 1 {
            let isSecond = builder.add("GreaterOrEqual", scores, builder.row([model.learned.threshold]))
            place = builder.reshaped(builder.cast(isSecond, to: .int64), [-1])
        } else {
            place = builder.add("ArgMax", scores, attributes: [.init("axis", .integer(1)), .init("keepdims", .integer(0))])
        }
        // Whole numbers stay numbers, as scikit-learn has them.
        let numbers = names.compactMap { Int($0) }
        let areNumbers = numbers.count == names.count && zip(numbers, names).allSatisfy { String($0) == $1 }
        let table = builder.constant(areNumbers ? .integers(numbers) : .strings(names), [names.count])
        builder.output(builder.add("Gather", table, place), .init(name: "label", type: areNumbers ? .int64 : .string))
        guard hasProbabilities else {
            return builder.output(scores, .init(name: "scores", type: .float, width: width))
        }
        var all = scores
        if width == 1 {
            all = builder.concatenated([builder.add("Sub", builder.row([Float(1)]), scores), scores])
        }
        builder.output(all, .init(name: "probabilities", type: .float, width: names.count))
    }
}
