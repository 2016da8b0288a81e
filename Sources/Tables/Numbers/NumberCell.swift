/// A number as somebody wrote it: what stands around the digits taken off, its marks still open.
struct NumberCell {
    /// Digits and marks in ASCII: spaces of any width are ` `, apostrophes of any kind `'`.
    let digits: [UInt8]
    let isNegative: Bool
    let currency: String?
    let isPercent: Bool
    /// What follows an `e`, with it.
    let exponent: [UInt8]
    /// Marks among the digits.
    let marks: Marks

    /// How often each mark stands among the digits.
    struct Marks: Hashable {
        var points = 0, commas = 0, spaces = 0, apostrophes = 0, underscores = 0
    }

    /// Whether all digits are 0.
    var isZero: Bool { digits.allSatisfy { $0 == 48 || $0 < 48 } && digits.contains(48) }

    private static let longest = 64
    private static let currencies = [
        "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₴", "₪", "฿", "₫", "₱", "¢", "US$", "R$", "C$", "A$", "HK$", "NZ$", "S$", "USD",
        "EUR",
        "GBP", "JPY", "CHF", "CAD", "AUD", "CNY", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL", "MXN", "ZAR", "RUB",
        "TRY",
        "KRW", "SGD", "HKD", "NZD", "kr", "zł", "Kč", "Ft", "Fr.", "Rs.", "Rs",
    ].sorted { $0.utf8.count > $1.utf8.count }.map { Array($0.utf8) }

    /// Takes a text apart; nil when it is no number however marks are read.
    init?(_ text: String) {
        var text = text
        guard let cell = text.withUTF8({ NumberCell($0) }) else { return nil }
        self = cell
    }

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= Self.longest, bytes.contains(where: { $0 &- 48 < 10 }) else { return nil }
        var rest = Self.trimmed(bytes[...])
        var isNegative = false, isPercent = false, currency: String?
        if rest.first == UInt8(ascii: "("), rest.last == UInt8(ascii: ")") {
            isNegative = true
            rest = Self.trimmed(rest.dropFirst().dropLast())
        }
        let isBracketed = isNegative
        var hasSign = isNegative
        // A sign and what a number counts may stand in either order, before it or behind it.
        for _ in 0..<3 {
            let before = rest.count
            if !hasSign, let sign = Self.sign(rest) {
                (isNegative, rest, hasSign) = (sign.isNegative, Self.trimmed(rest.dropFirst(sign.length)), true)
            }
            if currency == nil, let found = Self.currencies.first(where: { rest.starts(with: $0) && rest.count > $0.count }) {
                currency = String(decoding: found, as: UTF8.self)
                rest = Self.trimmed(rest.dropFirst(found.count))
            }
            if currency == nil,
                let found = Self.currencies.first(where: { rest.count > $0.count && rest.suffix($0.count).elementsEqual($0) })
            {
                currency = String(decoding: found, as: UTF8.self)
                rest = Self.trimmed(rest.dropLast(found.count))
            }
            if !isPercent, rest.last == UInt8(ascii: "%") {
                isPercent = true
                rest = Self.trimmed(rest.dropLast())
            }
            // `2,-` has no cents; its comma is a decimal mark all the same.
            if rest.count > 2, rest.last == UInt8(ascii: "-"),
                let mark = rest.dropLast().last, mark == UInt8(ascii: ",") || mark == UInt8(ascii: ".")
            {
                rest = rest.dropLast()
                hasSign = true
            }
            if !hasSign, rest.last == UInt8(ascii: "-"), rest.count > 1 {
                (isNegative, hasSign) = (true, true)
                rest = Self.trimmed(rest.dropLast())
            }
            if rest.count == before { break }
        }
        guard let (digits, exponent, marks) = Self.digits(rest) else { return nil }
        (self.digits, self.exponent, self.marks) = (digits, exponent, marks)
        (self.isNegative, self.isPercent, self.currency) = (isNegative, isPercent, currency)
        // A pair such as (1,2) is no amount in brackets: those have cents behind a comma, or thousands.
        if isBracketed, currency == nil, marks == Marks(commas: 1) {
            guard let comma = digits.firstIndex(of: UInt8(ascii: ",")), [2, 3].contains(digits.count - comma - 1) else {
                return nil
            }
        }
    }

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// Whether a space of some width begins here, and its length.
    private static func space(_ bytes: Bytes) -> Int? {
        guard let first = bytes.first else { return nil }
        if first == 32 || first == 9 { return 1 }
        if first == 0xC2, bytes.dropFirst().first == 0xA0 { return 2 }
        // Thin spaces: U+2007, U+2009, U+200A, U+202F.
        if first == 0xE2, bytes.dropFirst().first == 0x80, let last = bytes.dropFirst(2).first,
            [0x87, 0x89, 0x8A, 0xAF].contains(last)
        {
            return 3
        }
        return nil
    }

    private static func trimmed(_ bytes: Bytes) -> Bytes {
        var rest = bytes
        while let length = space(rest) { rest = rest.dropFirst(length) }
        while let last = rest.last {
            if last == 32 || last == 9 {
                rest = rest.dropLast()
            } else if last >= 0x80, rest.count >= 2, space(rest.suffix(2)) == 2 {
                rest = rest.dropLast(2)
            } else if last >= 0x80, rest.count >= 3, space(rest.suffix(3)) == 3 {
                rest = rest.dropLast(3)
            } else {
                break
            }
        }
        return rest
    }

    private static func sign(_ bytes: Bytes) -> (isNegative: Bool, length: Int)? {
        if bytes.first == UInt8(ascii: "-") { return (true, 1) }
        if bytes.first == UInt8(ascii: "+") { return (false, 1) }
        // The minus sign, U+2212, and the en dash that word processors put in its place.
        return bytes.starts(with: [0xE2, 0x88, 0x92]) || bytes.starts(with: [0xE2, 0x80, 0x93]) ? (true, 3) : nil
    }

    /// Digits with their marks, and an exponent; nil when there is anything else.
    private static func digits(_ bytes: Bytes) -> ([UInt8], [UInt8], Marks)? {
        var digits: [UInt8] = [], marks = Marks(), rest = bytes
        while let byte = rest.first {
            if byte &- 48 < 10 {
                digits.append(byte)
                rest = rest.dropFirst()
                continue
            }
            if byte | 32 == UInt8(ascii: "e"), !digits.isEmpty {
                let exponent = Array(rest)
                let figures = exponent.dropFirst().drop { $0 == 43 || $0 == 45 }
                guard !figures.isEmpty, figures.allSatisfy({ $0 &- 48 < 10 }), figures.count + 2 >= exponent.count else {
                    return nil
                }
                return (digits, exponent, marks)
            }
            let (mark, length): (UInt8, Int)
            if let width = space(rest), byte != 9 {
                (mark, length) = (32, width)
                marks.spaces += 1
            } else if rest.starts(with: [0xE2, 0x80, 0x99]) {
                (mark, length) = (39, 3)
                marks.apostrophes += 1
            } else {
                switch byte {
                case UInt8(ascii: "."): marks.points += 1
                case UInt8(ascii: ","): marks.commas += 1
                case UInt8(ascii: "'"): marks.apostrophes += 1
                case UInt8(ascii: "_"): marks.underscores += 1
                default: return nil
                }
                (mark, length) = (byte, 1)
            }
            digits.append(mark)
            rest = rest.dropFirst(length)
        }
        return digits.contains { $0 &- 48 < 10 } ? (digits, [], marks) : nil
    }

    /// Its value by a spelling; nil when the marks do not fit it.
    func value(_ spelling: NumberSpelling) -> Double? {
        let decimal = spelling.decimal.utf8.first ?? 46, grouping = spelling.grouping?.utf8.first
        let parts = digits.split(separator: decimal, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard fraction.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
        guard let figures = Self.ungrouped(Array(whole), grouping) else { return nil }
        guard !figures.isEmpty || !fraction.isEmpty else { return nil }
        var plain = isNegative ? [UInt8(ascii: "-")] : []
        plain += figures
        if !fraction.isEmpty { plain += [46] + fraction }
        plain += exponent
        return plain.withUnsafeBufferPointer { NumberText.value($0) }
    }

    /// Digits without the marks between groups of three, or in the Indian way of three and then twos; nil when the groups are others.
    private static func ungrouped(_ digits: [UInt8], _ grouping: UInt8?) -> [UInt8]? {
        if digits.allSatisfy({ $0 &- 48 < 10 }) { return digits }
        guard let grouping else { return nil }
        let groups = digits.split(separator: grouping, omittingEmptySubsequences: false)
        guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 &- 48 < 10 } }),
            let first = groups.first, let last = groups.last, last.count == 3
        else { return nil }
        let middle = groups.dropFirst().dropLast()
        // Nobody groups what begins with a zero: 0.125 has a decimal mark.
        guard first.first != 48 else { return nil }
        let isThrees = first.count <= 3 && middle.allSatisfy { $0.count == 3 }
        let isIndian = grouping == UInt8(ascii: ",") && first.count <= 2 && middle.allSatisfy { $0.count == 2 } && !middle.isEmpty
        return isThrees || isIndian ? Array(groups.joined()) : nil
    }
}
