import CheckedNumbers

/// The exact text of stored values.
struct ParquetValueText {
    private let leaf: ParquetLeaf

    init(_ leaf: ParquetLeaf) { self.leaf = leaf }

    func value(_ bytes: ArraySlice<UInt8>) -> SourceValue {
        let element = leaf.element
        switch (leaf.physicalType, element.meaning) {
        case (0, _): return .truth(bytes.first == 1)
        case (1...2, .date): return .text(MomentText.day(integer(bytes)))
        case (1...2, .timestamp(let perSecond, let isUTC)):
            return .text(MomentText.moment(integer(bytes), digits: Self.digits(perSecond), isUTC: isUTC))
        case (1...2, .time(let perSecond)): return .text(MomentText.clock(integer(bytes), digits: Self.digits(perSecond)))
        case (1...2, .decimal): return .number(DecimalText.text(bytes.reversed(), scale: element.scale))
        case (1, .integer(isSigned: false)): return .number(String(UInt32(truncatingIfNeeded: integer(bytes))))
        case (2, .integer(isSigned: false)): return .number(String(UInt64(bitPattern: integer(bytes))))
        case (1...2, _): return .number(String(integer(bytes)))
        case (3, _): return .text(MomentText.int96(bytes))
        case (4, _): return .number(Float(bitPattern: UInt32(truncatingIfNeeded: integer(bytes))).description)
        case (5, _): return .number(Double(bitPattern: UInt64(bitPattern: integer(bytes))).description)
        case (7, .half): return .number(Float16(bitPattern: UInt16(truncatingIfNeeded: integer(bytes))).description)
        case (7, .uuid): return .text(bytes.withUnsafeBufferPointer(UUIDText.text))
        // More than 76 digits are no decimal, and long ones take long to divide.
        case (6...7, .decimal) where bytes.count <= 32: return .number(DecimalText.text(Array(bytes), scale: element.scale))
        default:
            guard let text = String(validating: bytes, as: UTF8.self) else { return .bytes(Array(bytes)) }
            return .text(text)
        }
    }

    /// The lowest byte first, with its sign.
    private func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
        let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return bytes.count == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
    }

    private static func digits(_ perSecond: Double) -> Int { perSecond == 1e9 ? 9 : perSecond == 1e6 ? 6 : 3 }
}

/// Whole numbers of any size with a decimal point in them.
enum DecimalText {
    /// - Parameter bytes: two's complement, the highest byte first.
    static func text(_ bytes: [UInt8], scale: Int) -> String {
        let isNegative = (bytes.first ?? 0) & 0x80 != 0
        var magnitude = isNegative ? negated(bytes) : bytes
        magnitude.removeFirst(magnitude.prefix { $0 == 0 }.count)
        var digits = decimalDigits(magnitude)
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        let text = scale == 0 ? digits : digits.dropLast(scale) + "." + digits.suffix(scale)
        return isNegative ? "-" + text : text
    }

    private static func negated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes.map { ~$0 }
        for index in result.indices.reversed() {
            result[index] &+= 1
            if result[index] != 0 { break }
        }
        return result
    }

    /// Nine digits a division.
    private static func decimalDigits(_ bytes: [UInt8]) -> String {
        var rest = bytes
        var groups: [UInt64] = []
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for index in rest.indices {
                let value = remainder << 8 | UInt64(rest[index])
                rest[index] = UInt8(truncatingIfNeeded: value / 1_000_000_000)
                remainder = value % 1_000_000_000
            }
            groups.append(remainder)
            rest.removeFirst(rest.prefix { $0 == 0 }.count)
        }
        guard let first = groups.last else { return "0" }
        return groups.dropLast().reversed().reduce(String(first)) { $0 + MomentText.padded($1, 9) }
    }
}
