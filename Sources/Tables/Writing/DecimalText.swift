/// Whole numbers of any size with a decimal point in them.
enum DecimalText {
    /// - Parameter bytes: two's complement, the highest byte first.
    static func text(_ bytes: [UInt8], scale: Int) -> String {
        let isNegative = (bytes.first ?? 0) & 0x80 != 0
        var magnitude = isNegative ? negated(bytes) : bytes
        magnitude.removeFirst(magnitude.prefix { $0 == 0 }.count)
        var digits = decimalDigits(magnitude)
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        if scale < 0 { digits += String(repeating: "0", count: -scale) }
        let text = scale <= 0 ? digits : digits.dropLast(scale) + "." + digits.suffix(scale)
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
