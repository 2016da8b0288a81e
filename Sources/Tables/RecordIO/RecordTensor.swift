/// A tensor of a SageMaker record: its numbers, and where they belong when most are zero.
///
/// - Source: SageMaker's `record.proto`: `Value`, `Float32Tensor`, `Float64Tensor`, `Int32Tensor`.
struct RecordTensor {
    private(set) var values: [Double] = []
    private(set) var keys: [UInt64] = []
    private var shape: [UInt64] = []
    /// How many numbers there are with the zeros that are not written.
    private(set) var width = 0
    /// Whether `keys` say where the values belong.
    private(set) var isSparse = false

    private enum Kind: UInt64 {
        case float32 = 2, float64 = 3, int32 = 7
    }

    /// Reads a `Value` in place of what was there.
    mutating func read(_ value: ProtobufReader) throws(TableError) {
        values.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        shape.removeAll(keepingCapacity: true)
        var value = value
        while let field = try value.field() {
            if field.number == 9 {
                throw TableError(
                    .unsupportedFormat, "holds bytes, such as images, and no numbers: write the numbers as tensors")
            }
            guard let kind = Kind(rawValue: field.number) else {
                try value.skip(field.type)
                continue
            }
            try read(kind, try value.message(field.type))
        }
        try settle()
    }

    private mutating func read(_ kind: Kind, _ tensor: ProtobufReader) throws(TableError) {
        var tensor = tensor
        while let field = try tensor.field() {
            switch field.number {
            case 1: try readValues(kind, field.type, &tensor)
            case 2: try Self.readNumbers(field.type, &tensor, into: &keys)
            case 3: try Self.readNumbers(field.type, &tensor, into: &shape)
            default: try tensor.skip(field.type)
            }
        }
    }

    /// Packed values, or one of those that are not.
    private mutating func readValues(
        _ kind: Kind, _ type: ProtobufReader.WireType, _ tensor: inout ProtobufReader
    ) throws(TableError) {
        switch (kind, type) {
        case (.float32, .fourBytes): values.append(Double(Float(bitPattern: try tensor.fourBytes())))
        case (.float64, .eightBytes): values.append(Double(bitPattern: try tensor.eightBytes()))
        case (.int32, .varint): values.append(Self.int32(try tensor.varint()))
        case (.float32, .bytes):
            let bytes = try tensor.lengthAndBytes()
            guard bytes.count % 4 == 0 else { throw ProtobufReader.damaged }
            for place in stride(from: 0, to: bytes.count, by: 4) {
                let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
                values.append(Double(Float(bitPattern: word)))
            }
        case (.float64, .bytes):
            let bytes = try tensor.lengthAndBytes()
            guard bytes.count % 8 == 0 else { throw ProtobufReader.damaged }
            for place in stride(from: 0, to: bytes.count, by: 8) {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                values.append(Double(bitPattern: word))
            }
        case (.int32, .bytes):
            var packed = ProtobufReader(try tensor.lengthAndBytes())
            while !packed.isAtEnd { values.append(Self.int32(try packed.varint())) }
        default: throw ProtobufReader.damaged
        }
    }

    private static func readNumbers(
        _ type: ProtobufReader.WireType, _ tensor: inout ProtobufReader, into numbers: inout [UInt64]
    ) throws(TableError) {
        switch type {
        case .varint: numbers.append(try tensor.varint())
        case .bytes:
            var packed = ProtobufReader(try tensor.lengthAndBytes())
            while !packed.isAtEnd { numbers.append(try packed.varint()) }
        default: throw ProtobufReader.damaged
        }
    }

    /// Negative numbers are written with the sign in all 64 bits.
    private static func int32(_ word: UInt64) -> Double { Double(Int32(truncatingIfNeeded: word)) }

    /// Finds the width, and holds keys, values and shape to each other.
    private mutating func settle() throws(TableError) {
        var extent: UInt64 = 1
        for length in shape {
            let (product, overflow) = extent.multipliedReportingOverflow(by: length)
            guard !overflow, product <= 1 << 40 else { throw ProtobufReader.damaged }
            extent = product
        }
        // A row of zeros alone has no keys either.
        isSparse = !keys.isEmpty || (values.isEmpty && !shape.isEmpty)
        guard isSparse else {
            guard shape.isEmpty || extent == UInt64(values.count) else { throw ProtobufReader.damaged }
            width = values.count
            return
        }
        guard !shape.isEmpty else {
            throw TableError(.damagedFile, "gives places of values and no shape, so that the number of columns is not known")
        }
        guard keys.count == values.count, keys.allSatisfy({ $0 < extent }) else { throw ProtobufReader.damaged }
        width = Int(extent)
    }
}
