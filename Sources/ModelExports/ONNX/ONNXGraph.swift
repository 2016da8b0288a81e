import ProtobufWriting

/// A model as ONNX says it: inputs, what is done with them, outputs.
///
/// - Source: `onnx.proto` of ONNX 1.23, whose fields' numbers these are.
struct ONNXGraph {
    /// Old enough for every runtime since onnxruntime 1.10: IR 8, opset 13, `ai.onnx.ml` 3.
    static let irVersion = 8

    /// Where operators come from.
    enum Domain: String, CaseIterable {
        case standard = ""
        /// Operators of classical learners.
        case learning = "ai.onnx.ml"
        /// What ONNX Runtime has beyond the standard, and other runtimes have not.
        case runtime = "com.microsoft"

        var opset: Int {
            switch self {
            case .standard: 13
            case .learning: 3
            case .runtime: 1
            }
        }
    }

    /// Something that comes in or goes out.
    struct Port: Hashable {
        var name: String
        var type: ONNXType
        /// Behind the number of rows; nil = one number a row, without a dimension of its own.
        var width: Int?
        var note = ""
    }

    struct Node: Hashable {
        var operation: String
        var inputs: [String], outputs: [String]
        var attributes: [Attribute]
        var domain: Domain
    }

    struct Attribute: Hashable {
        enum Value: Hashable {
            case float(Float)
            case integer(Int)
            case text(String)
            case floats([Float])
            case integers([Int])
            case texts([String])
        }

        var name: String
        var value: Value

        init(_ name: String, _ value: Value) { (self.name, self.value) = (name, value) }
    }

    var inputs: [Port] = [], outputs: [Port] = []
    /// What operators beyond the standard make: readers that do not know them would not know its type.
    var stated: [(name: String, type: ONNXType)] = []
    var nodes: [Node] = [], constants: [ONNXTensor] = []
    var note = ""
    /// What is said of the model beside, by name.
    var metadata: [(name: String, value: String)] = []

    /// Where its operators come from; always the standard too.
    var domains: [Domain] {
        Domain.allCases.filter { domain in domain == .standard || nodes.contains { $0.domain == domain } }
    }

    /// As `ModelProto`.
    func bytes(producerVersion: String) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, Self.irVersion)
        writer.write(2, "descent")
        writer.write(3, producerVersion)
        if !note.isEmpty { writer.write(6, note) }
        writer.write(7, graphBytes)
        for domain in domains {
            writer.write(8) {
                if domain != .standard { $0.write(1, domain.rawValue) }
                $0.write(2, domain.opset)
            }
        }
        for entry in metadata {
            writer.write(14) {
                $0.write(1, entry.name)
                $0.write(2, entry.value)
            }
        }
        return writer.bytes
    }

    private var graphBytes: [UInt8] {
        var writer = ProtobufWriter()
        for node in nodes { writer.write(1, node.bytes) }
        writer.write(2, "descent")
        for constant in constants { writer.write(5, constant.bytes) }
        for input in inputs { writer.write(11, input.bytes) }
        for output in outputs { writer.write(12, output.bytes) }
        for (name, type) in stated {
            writer.write(13) { value in
                value.write(1, name)
                value.write(2) { $0.write(1) { $0.write(1, type.rawValue) } }
            }
        }
        return writer.bytes
    }
}

extension ONNXGraph.Port {
    /// As `ValueInfoProto`; the number of rows is called N.
    fileprivate var bytes: [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, name)
        writer.write(2) { proto in
            proto.write(1) { tensor in
                tensor.write(1, type.rawValue)
                tensor.write(2) { shape in
                    shape.write(1) { $0.write(2, "N") }
                    if let width { shape.write(1) { $0.write(1, width) } }
                }
            }
        }
        if !note.isEmpty { writer.write(3, note) }
        return writer.bytes
    }
}

extension ONNXGraph.Node {
    fileprivate var bytes: [UInt8] {
        var writer = ProtobufWriter()
        for input in inputs { writer.write(1, input) }
        for output in outputs { writer.write(2, output) }
        if let name = outputs.first { writer.write(3, "make \(name)") }
        writer.write(4, operation)
        for attribute in attributes { writer.write(5, attribute.bytes) }
        if domain != .standard { writer.write(7, domain.rawValue) }
        return writer.bytes
    }
}

extension ONNXGraph.Attribute {
    fileprivate var bytes: [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, name)
        switch value {
        case .float(let value):
            writer.write(2, value)
            writer.write(20, 1)
        case .integer(let value):
            writer.write(3, value)
            writer.write(20, 2)
        case .text(let value):
            writer.write(4, value)
            writer.write(20, 3)
        case .floats(let values):
            writer.write(packed: 7, values)
            writer.write(20, 6)
        case .integers(let values):
            writer.write(packed: 8, values)
            writer.write(20, 7)
        case .texts(let values):
            for value in values { writer.write(9, value) }
            writer.write(20, 8)
        }
        return writer.bytes
    }
}
