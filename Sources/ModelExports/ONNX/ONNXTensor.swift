import ProtobufWriting

/// Numbers or texts that a graph knows from the start.
struct ONNXTensor: Hashable {
    enum Content: Hashable {
        case floats([Float])
        case doubles([Double])
        case integers([Int])
        case strings([String])
    }

    var name: String
    /// Empty for a single one.
    var dimensions: [Int]
    var content: Content

    var type: ONNXType {
        switch content {
        case .floats: .float
        case .doubles: .double
        case .integers: .int64
        case .strings: .string
        }
    }

    /// As `TensorProto`.
    var bytes: [UInt8] {
        var writer = ProtobufWriter()
        if !dimensions.isEmpty { writer.write(packed: 1, dimensions) }
        writer.write(2, type.rawValue)
        switch content {
        case .strings(let texts): for text in texts { writer.write(6, text) }
        case .floats(let values): writer.write(9, values.flatMap { Self.littleEndian($0.bitPattern) })
        case .doubles(let values): writer.write(9, values.flatMap { Self.littleEndian($0.bitPattern) })
        case .integers(let values): writer.write(9, values.flatMap { Self.littleEndian($0) })
        }
        writer.write(8, name)
        return writer.bytes
    }

    private static func littleEndian<Bits: FixedWidthInteger>(_ bits: Bits) -> [UInt8] {
        withUnsafeBytes(of: bits.littleEndian) { Array($0) }
    }
}

/// Kinds of elements, by ONNX's numbers.
enum ONNXType: Int, Hashable {
    case float = 1, int64 = 7, string = 8, boolean = 9, double = 11
}
