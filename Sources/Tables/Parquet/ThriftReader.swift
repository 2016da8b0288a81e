/// Reads Thrift's compact protocol, in which Parquet writes its footer and page headers. Every read is checked.
///
/// - Source: Thrift compact protocol specification.
struct ThriftReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position: Int

    /// What follows a field's number.
    enum Kind: UInt8 {
        case yes = 1
        case no, byte, short, int, long, double, binary, list, set, map, structure, uuid
    }

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next field of a structure, nil at its end. `last` starts at 0 and is the reader's to keep.
    mutating func field(after last: inout Int) throws(TableError) -> (id: Int, kind: Kind)? {
        let header = try byte()
        guard header != 0 else { return nil }
        let delta = Int(header >> 4)
        last = delta == 0 ? try integer() : last + delta
        guard let kind = Kind(rawValue: header & 15) else { throw Self.damaged }
        return (last, kind)
    }

    /// An integer of up to 64 bits.
    mutating func integer() throws(TableError) -> Int {
        let raw = try varint()
        return Int(truncatingIfNeeded: (raw >> 1) ^ (0 &- (raw & 1)))
    }

    /// An integer within 32 bits, as sizes and counts are.
    mutating func int32() throws(TableError) -> Int {
        let value = try integer()
        guard Int32(exactly: value) != nil else { throw Self.damaged }
        return value
    }

    mutating func signedByte() throws(TableError) -> Int { Int(Int8(bitPattern: try byte())) }

    /// A text.
    mutating func text() throws(TableError) -> String {
        let count = try length()
        defer { position += count }
        return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }

    /// The number and kind of a list's elements.
    mutating func list() throws(TableError) -> (count: Int, kind: Kind) {
        let header = try byte()
        var count = Int(header >> 4)
        if count == 15 { count = Int(truncatingIfNeeded: try varint()) }
        // An element takes a byte at least.
        guard let kind = Kind(rawValue: header & 15), count >= 0, count <= bytes.count - position else { throw Self.damaged }
        return (count, kind)
    }

    /// Passes over a value of the kind.
    mutating func skip(_ kind: Kind, depth: Int = 0) throws(TableError) {
        guard depth < 32 else { throw Self.damaged }
        switch kind {
        case .yes, .no: break
        case .byte: _ = try byte()
        case .short, .int, .long: _ = try varint()
        case .double: try advance(8)
        case .uuid: try advance(16)
        case .binary: try advance(try length())
        case .list, .set:
            let (count, element) = try list()
            for _ in 0..<count {
                // In lists truth values take a byte.
                if element == .yes || element == .no { try advance(1) } else { try skip(element, depth: depth + 1) }
            }
        case .map:
            let count = Int(truncatingIfNeeded: try varint())
            guard count != 0 else { break }
            let kinds = try byte()
            guard count > 0, count <= bytes.count - position, let key = Kind(rawValue: kinds >> 4),
                let value = Kind(rawValue: kinds & 15)
            else { throw Self.damaged }
            for _ in 0..<count {
                try skip(key, depth: depth + 1)
                try skip(value, depth: depth + 1)
            }
        case .structure:
            var last = 0
            while let field = try field(after: &last) { try skip(field.kind, depth: depth + 1) }
        }
    }

    static let damaged = TableError(.damagedFile, "its description is damaged: write or copy the file again")

    private mutating func length() throws(TableError) -> Int {
        let count = try varint()
        guard count <= UInt64(bytes.count - position) else { throw Self.damaged }
        return Int(count)
    }

    private mutating func advance(_ count: Int) throws(TableError) {
        guard count <= bytes.count - position else { throw Self.damaged }
        position += count
    }

    private mutating func byte() throws(TableError) -> UInt8 {
        guard position < bytes.count else { throw Self.damaged }
        position += 1
        return bytes[position - 1]
    }

    private mutating func varint() throws(TableError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7f) << UInt64(shift)
            if next & 0x80 == 0 { return value }
        }
        throw Self.damaged
    }
}
