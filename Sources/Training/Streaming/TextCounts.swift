import Tables

/// How often each text of a column occurs, over the pieces of a file.
struct TextCounts {
    private(set) var counts: [String: [String: Int]] = [:]
    /// Columns that are not text in every piece, or of too many values.
    private var dropped: Set<String> = []

    /// Values of a column that are counted; each takes some 50 bytes.
    private static let limit = 1_000_000

    mutating func add(_ table: Table) {
        for column in table.columns where !dropped.contains(column.name) {
            guard case .codes(let codes, let dictionary) = column.storage, column.kind != .boolean else {
                if column.missingCount < column.rowCount { drop(column.name) }
                continue
            }
            var occurrences = [Int](repeating: 0, count: dictionary.count)
            for code in codes where code >= 0 { occurrences[Int(code)] += 1 }
            for (text, count) in zip(dictionary, occurrences) where count > 0 {
                counts[column.name, default: [:]][text, default: 0] += count
            }
            if (counts[column.name]?.count ?? 0) > Self.limit { drop(column.name) }
        }
    }

    private mutating func drop(_ name: String) {
        dropped.insert(name)
        counts[name] = nil
    }
}
