/// Reads one protobuf message, field after field.
///
/// - Source: Protocol Buffers, "Encoding".
struct ProtobufReader {
    /// What stands before a field's value.
    enum WireType: UInt64 {
        case varint = 0, eightBytes = 1, bytes = 2, fourBytes = 5
    }

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    static var damaged: TableError {
        TableError(.damagedFile, "is no record as SageMaker writes them, or a damaged one: copy the file again")
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next field's number and how its value is written; nil at the end.
    mutating func field() throws(TableError) -> (number: UInt64, type: WireType)? {
        if isAtEnd { return nil }
        let tag = try varint()
        guard let type = WireType(rawValue: tag & 7), tag >> 3 > 0 else { throw Self.damaged }
        return (tag >> 3, type)
    }

    mutating func varint() throws(TableError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < bytes.count else { throw Self.damaged }
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { throw Self.damaged }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw Self.damaged
    }

    mutating func fourBytes() throws(TableError) -> UInt32 {
        guard bytes.count - position >= 4 else { throw Self.damaged }
        defer { position += 4 }
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }

    mutating func eightBytes() throws(TableError) -> UInt64 {
        guard bytes.count - position >= 8 else { throw Self.damaged }
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// A message, a text or packed values.
    mutating func lengthAndBytes() throws(TableError) -> UnsafeRawBufferPointer {
        let length = try varint()
        guard length <= UInt64(bytes.count - position) else { throw Self.damaged }
        let end = position + Int(length)
        defer { position = end }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    }

    /// A message within this one.
    mutating func message(_ type: WireType) throws(TableError) -> ProtobufReader {
        guard type == .bytes else { throw Self.damaged }
        return ProtobufReader(try lengthAndBytes())
    }

    mutating func skip(_ type: WireType) throws(TableError) {
        switch type {
        case .varint: _ = try varint()
        case .eightBytes: _ = try eightBytes()
        case .fourBytes: _ = try fourBytes()
        case .bytes: _ = try lengthAndBytes()
        }
    }
}
