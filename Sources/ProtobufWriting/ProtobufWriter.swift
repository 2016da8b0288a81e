/// Writes protocol buffers' wire format, field by field, in the order of the calls.
///
/// - Source: the encoding as the project documents it: a key (field number and wire type), then a varint, eight or four bytes, or a length
///   and so many bytes.
public struct ProtobufWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// A whole number; negative ones take ten bytes.
    public mutating func write(_ field: Int, _ value: Int) {
        key(field, wireType: 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    public mutating func write(_ field: Int, _ value: Float) {
        key(field, wireType: 5)
        append(value.bitPattern)
    }

    public mutating func write(_ field: Int, _ value: Double) {
        key(field, wireType: 1)
        append(value.bitPattern)
    }

    public mutating func write(_ field: Int, _ text: String) { write(field, Array(text.utf8)) }

    /// Bytes, or a message that was written before.
    public mutating func write(_ field: Int, _ content: [UInt8]) {
        key(field, wireType: 2)
        varint(UInt64(content.count))
        bytes += content
    }

    /// A message.
    public mutating func write(_ field: Int, _ fill: (inout ProtobufWriter) -> Void) {
        var message = ProtobufWriter()
        fill(&message)
        write(field, message.bytes)
    }

    /// Numbers without a key each.
    public mutating func write(packed field: Int, _ values: [Float]) {
        key(field, wireType: 2)
        varint(UInt64(values.count * 4))
        bytes.reserveCapacity(bytes.count + values.count * 4)
        for value in values { append(value.bitPattern) }
    }

    /// Numbers without a key each.
    public mutating func write(packed field: Int, _ values: [Int]) {
        var content = ProtobufWriter()
        for value in values { content.varint(UInt64(bitPattern: Int64(value))) }
        write(field, content.bytes)
    }

    private mutating func key(_ field: Int, wireType: Int) {
        precondition((1..<1 << 29).contains(field), "\(field) is no number of a field")
        varint(UInt64(field << 3 | wireType))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func append<Bits: FixedWidthInteger>(_ bits: Bits) {
        withUnsafeBytes(of: bits.littleEndian) { bytes += $0 }
    }
}
