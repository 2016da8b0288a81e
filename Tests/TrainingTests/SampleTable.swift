/// Data whose best fit is known: y = 3a - 2b + 1 with a little noise, seeded.
enum SampleTable {
    static func regression(rows: Int) -> String {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func uniform() -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state >> 11) / Double(1 << 53)
        }
        var text = "a,b,colour,y\n"
        for row in 0..<rows {
            let (a, b) = (uniform() * 10, uniform() * 100)
            text += "\(a),\(b),\(row % 3 == 0 ? "red" : "blue"),\(3 * a - 2 * b + 1 + uniform() * 0.1)\n"
        }
        return text
    }

    /// Rows sorted by their class, so that order matters.
    static func sortedClasses(rows: Int) -> String {
        var text = "a,b,label\n"
        for row in 0..<rows {
            let isLate = row >= rows / 2
            text += "\(Double(row % 17) + (isLate ? 6 : 0)),\(Double(row % 5)),\(isLate ? "yes" : "no")\n"
        }
        return text
    }
}
