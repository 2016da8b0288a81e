import CheckedNumbers

/// Values in rows and columns, each shown by how dark its cell is.
public struct HeatMap: Hashable, Sendable {
    /// Rows of cells from 0 to 1; NaN where there is nothing.
    public var rows: [[Double]]

    public init(_ rows: [[Double]]) { self.rows = rows }

    /// A line of characters for each row; empty cells and 0 are spaces.
    public func lines(glyphs: GlyphSet) -> [String] {
        let shades: [Character] = glyphs == .ascii ? [".", ":", "o", "#"] : ["░", "▒", "▓", "█"]
        return rows.map { row in
            String(
                row.map { value -> Character in
                    guard value.isFinite, value > 0 else { return " " }
                    return shades[min(shades.count - 1, max(0, Int(roundedDownWithin: value * Double(shades.count))))]
                })
        }
    }

    /// Rows brought to fewer columns: each cell the largest of its share.
    public static func columns(_ row: [Double], _ count: Int) -> [Double] {
        guard row.count > count, count > 0 else { return row }
        return (0..<count).map { column in
            let share = row[(column * row.count / count)..<((column + 1) * row.count / count)]
            return share.filter { !$0.isNaN }.max() ?? .nan
        }
    }
}
