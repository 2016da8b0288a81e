/// Writes numbers as little-endian bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
    mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value))) }
    mutating func write(_ value: Double) { write(value.bitPattern) }

    mutating func write(_ part: [UInt8]) {
        write(part.count)
        bytes += part
    }

    mutating func write(_ values: [Double]) {
        write(values.count)
        for value in values { write(value) }
    }

    mutating func write(_ values: [Float]) {
        write(values.count)
        for value in values {
            let bits = value.bitPattern
            for shift in stride(from: 0 as UInt32, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        }
    }
}

/// Reads what `ByteWriter` wrote; every read checks that the bytes are there.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Steps that a trainer can have done: no sum of such numbers runs over.
    static let steps = 0...(1 << 53)

    var isAtEnd: Bool { position == bytes.count }

    mutating func readWord() -> UInt64? {
        guard bytes.count - position >= 8 else { return nil }
        defer { position += 8 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * $1) }
    }

    mutating func readInteger() -> Int? { readWord().map { Int(Int64(bitPattern: $0)) } }
    mutating func readDouble() -> Double? { readWord().map(Double.init(bitPattern:)) }

    mutating func readBytes() -> [UInt8]? {
        guard let count = readInteger(), count >= 0, count <= bytes.count - position else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func readDoubles() -> [Double]? {
        guard let count = readInteger(), count >= 0, count <= (bytes.count - position) / 8 else { return nil }
        return (0..<count).compactMap { _ in readDouble() }
    }

    mutating func readFloats() -> [Float]? {
        guard let count = readInteger(), count >= 0, count <= (bytes.count - position) / 4 else { return nil }
        defer { position += count * 4 }
        return (0..<count).map { index in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[position + index * 4 + $1]) << UInt32(8 * $1) })
        }
    }
}
