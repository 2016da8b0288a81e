/// The rows that findings are looked for in: all of a small table, of a large one some that are evenly spread.
struct FindingRows {
    /// Values that are looked at, at most.
    private static let cellLimit = 1_000_000
    private static let rowLimit = 20_000, leastRows = 500
    /// Columns that are looked at, at most.
    static let columnLimit = 2000

    let rows: [Int]

    init(_ rows: [Int], columnCount: Int) {
        let limit = max(Self.leastRows, min(Self.rowLimit, Self.cellLimit / max(1, columnCount)))
        guard rows.count > limit else {
            self.rows = rows
            return
        }
        self.rows = (0..<limit).map { rows[$0 * rows.count / limit] }
    }
}

/// What is to be told, of some rows: classes or numbers.
enum FoundTarget {
    /// The class of each row, -1 where it has none, and how many there are.
    case classes([Int32], count: Int)
    case numbers([Double])

    /// - Parameter asClasses: whether a model takes the values for classes.
    init?(_ column: Column, rows: [Int], asClasses: Bool) {
        if asClasses {
            let labels = Labels(column)
            guard labels.count >= 2 else { return nil }
            self = .classes(rows.map { labels.values[$0] }, count: labels.count)
        } else {
            guard let numbers = column.numbers else { return nil }
            self = .numbers(rows.map { numbers[$0] })
        }
    }
}

/// Names of columns in a sentence: the first few and how many more.
func listed(_ names: [String], limit: Int = 3) -> String {
    if names.count <= limit {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
    return names.prefix(limit).joined(separator: ", ") + " and \(names.count - limit) more"
}
