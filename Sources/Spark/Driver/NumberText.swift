import JSON

/// Arrays of numbers on their way to the driver and back: 8 bytes each, the lowest first, as text.
enum NumberText {
    static func text(_ numbers: [Double]) -> JSONValue {
        .string(Base64.text(numbers.withUnsafeBytes { Array($0) }))
    }

    /// - Returns: nil for what is not so many numbers.
    static func numbers(_ value: JSONValue?, count: Int) -> [Double]? {
        guard let bytes = value?.string.flatMap({ Base64.bytes($0) }), bytes.count == count * 8 else { return nil }
        return bytes.withUnsafeBytes { raw in
            (0..<count).map { Double(bitPattern: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        }
    }
}
