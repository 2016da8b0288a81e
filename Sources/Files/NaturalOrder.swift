/// The order people count in: numbers within names go by their value, so that `part-2` comes before `part-10`.
public enum NaturalOrder {
    /// Whether one path comes before another, folder by folder.
    public static func precedes(_ one: String, _ other: String) -> Bool {
        let (left, right) = (one.split(separator: "/"), other.split(separator: "/"))
        for (one, other) in zip(left, right) where one != other {
            let order = compare(Array(one.utf8), Array(other.utf8))
            // Numbers may differ in their zeros alone.
            return order == 0 ? one < other : order < 0
        }
        return left.count < right.count
    }

    private static func compare(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var (left, right) = (one[...], other[...])
        while let first = left.first, let second = right.first {
            guard isDigit(first), isDigit(second) else {
                if first != second { return first < second ? -1 : 1 }
                (left, right) = (left.dropFirst(), right.dropFirst())
                continue
            }
            let (number, otherNumber) = (digits(&left), digits(&right))
            if number.count != otherNumber.count { return number.count < otherNumber.count ? -1 : 1 }
            if !number.elementsEqual(otherNumber) { return number.lexicographicallyPrecedes(otherNumber) ? -1 : 1 }
        }
        return left.count - right.count
    }

    /// The digits in front, without leading zeros; they are passed.
    private static func digits(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = bytes.prefix(while: isDigit)
        bytes = bytes.dropFirst(digits.count)
        return digits.drop { $0 == UInt8(ascii: "0") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
