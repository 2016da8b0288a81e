/// Writes Thrift's compact protocol.
///
/// - Source: Thrift compact protocol specification.
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []
    /// The number of the last field of each structure that is open.
    private var last: [Int] = []

    /// A structure by itself or in a list.
    mutating func structure(_ body: (inout ThriftWriter) -> Void) {
        last.append(0)
        body(&self)
        last.removeLast()
        bytes.append(0)
    }

    mutating func structure(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
        field(id, .structure)
        structure(body)
    }

    mutating func int(_ id: Int, _ value: Int) {
        field(id, .int)
        varint(value)
    }

    mutating func long(_ id: Int, _ value: Int) {
        field(id, .long)
        varint(value)
    }

    mutating func text(_ id: Int, _ text: String) {
        field(id, .binary)
        binary(text)
    }

    mutating func truth(_ id: Int, _ value: Bool) { field(id, value ? .yes : .no) }

    mutating func list(_ id: Int, _ kind: ThriftReader.Kind, count: Int) {
        field(id, .list)
        bytes.append(UInt8(min(count, 15)) << 4 | kind.rawValue)
        if count >= 15 { unsigned(UInt64(count)) }
    }

    /// A text of a list.
    mutating func binary(_ text: String) {
        unsigned(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    /// A whole number of a list.
    mutating func varint(_ value: Int) {
        let value = Int64(value)
        unsigned(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// What is written already.
    mutating func raw(_ part: some Sequence<UInt8>) { bytes += part }

    private mutating func field(_ id: Int, _ kind: ThriftReader.Kind) {
        let delta = id - (last.last ?? 0)
        if (1...15).contains(delta) {
            bytes.append(UInt8(delta) << 4 | kind.rawValue)
        } else {
            bytes.append(kind.rawValue)
            varint(id)
        }
        if !last.isEmpty { last[last.count - 1] = id }
    }

    private mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
