/// The fields of one protocol-buffers message, read one after another. Damaged bytes end the reading.
///
/// - Source: protobuf.dev, "Encoding".
struct ProtobufMessage: Sequence, IteratorProtocol {
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(ArraySlice<UInt8>)
    }

    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    mutating func next() -> (field: Int, value: Value)? {
        guard place < bytes.endIndex, let key = varint() else { return nil }
        let field = Int(truncatingIfNeeded: key >> 3)
        switch key & 7 {
        case 0: return varint().map { (field, .varint($0)) }
        case 1: return fixed(8).map { (field, .fixed64($0)) }
        case 2:
            guard let length = varint(), length <= UInt64(bytes.endIndex - place) else { return nil }
            let start = place
            place += Int(length)
            return (field, .bytes(bytes[start..<place]))
        case 5: return fixed(4).map { (field, .fixed32(UInt32(truncatingIfNeeded: $0))) }
        default: return nil
        }
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { return nil }
        }
        return nil
    }

    private mutating func fixed(_ count: Int) -> UInt64? {
        guard bytes.endIndex - place >= count else { return nil }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        place += count
        return value
    }
}

extension ProtobufMessage.Value {
    var message: ProtobufMessage { ProtobufMessage(bytes ?? []) }
    var bytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var text: String { String(decoding: bytes ?? [], as: UTF8.self) }

    var integer: Int {
        switch self {
        case .varint(let value), .fixed64(let value): Int(truncatingIfNeeded: value)
        case .fixed32(let value): Int(Int32(bitPattern: value))
        case .bytes: 0
        }
    }

    /// A `double` or a `float` field.
    var number: Double {
        switch self {
        case .fixed64(let bits): Double(bitPattern: bits)
        case .fixed32(let bits): Double(Float(bitPattern: bits))
        case .varint(let value): Double(value)
        case .bytes: .nan
        }
    }
}
