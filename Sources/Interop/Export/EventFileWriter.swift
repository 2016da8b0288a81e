/// Writes scalars as TensorBoard's event files have them.
///
/// - Source: `record_writer.cc` and `event.proto` of TensorFlow: a length, its masked CRC-32C, the event, its masked CRC-32C.
public struct EventFileWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    /// - Parameter time: when the file begins, in seconds since 1970.
    public init(time: Double) {
        var event: [UInt8] = []
        Self.add(double: time, field: 1, to: &event)
        Self.add(bytes: Array("brain.Event:2".utf8), field: 3, to: &event)
        append(event)
    }

    /// Adds values of one step.
    ///
    /// - Parameters:
    ///   - scalars: values by their tags; TensorBoard groups tags by what stands before `/`.
    ///   - time: in seconds since 1970.
    public mutating func add(_ scalars: [(tag: String, value: Double)], step: Int, time: Double) {
        var summary: [UInt8] = []
        for (tag, value) in scalars {
            var entry: [UInt8] = []
            Self.add(bytes: Array(tag.utf8), field: 1, to: &entry)
            // `simple_value`, a float.
            entry.append(2 << 3 | 5)
            Self.add(littleEndian: UInt64(Float(value).bitPattern), 4, to: &entry)
            Self.add(bytes: entry, field: 1, to: &summary)
        }
        var event: [UInt8] = []
        Self.add(double: time, field: 1, to: &event)
        event.append(2 << 3)
        Self.add(varint: UInt64(bitPattern: Int64(step)), to: &event)
        Self.add(bytes: summary, field: 5, to: &event)
        append(event)
    }

    // MARK: - Bytes

    private mutating func append(_ event: [UInt8]) {
        var length: [UInt8] = []
        Self.add(littleEndian: UInt64(event.count), 8, to: &length)
        bytes += length
        Self.add(littleEndian: UInt64(Self.masked(length)), 4, to: &bytes)
        bytes += event
        Self.add(littleEndian: UInt64(Self.masked(event)), 4, to: &bytes)
    }

    private static func masked(_ bytes: [UInt8]) -> UInt32 {
        let check = CyclicRedundancyCheck.castagnoli(bytes)
        return (check >> 15 | check << 17) &+ 0xA282_EAD8
    }

    private static func add(double: Double, field: UInt8, to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 1)
        add(littleEndian: double.bitPattern, 8, to: &bytes)
    }

    private static func add(bytes part: [UInt8], field: UInt8, to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 2)
        add(varint: UInt64(part.count), to: &bytes)
        bytes += part
    }

    private static func add(varint: UInt64, to bytes: inout [UInt8]) {
        var rest = varint
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func add(littleEndian value: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
    }
}
