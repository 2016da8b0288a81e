import Tables

/// What training rows count, so that every class counts the same: as many rows as there are on average a class, by those of its own.
///
/// - Source: scikit-learn's `class_weight="balanced"`.
public struct ClassWeights: Sendable, Hashable, Codable {
    /// What a prepared file calls the column of what rows count.
    public static let columnName = "class_weight"

    public let target: String
    /// By the class's text.
    let weights: [String: Double]

    init(_ column: Column, rows: [Int]) {
        target = column.name
        var counts: [String: Int] = [:]
        for row in rows { if let text = column.text(at: row) { counts[text, default: 0] += 1 } }
        let total = Double(counts.values.reduce(0, +)), classes = Double(counts.count)
        weights = counts.mapValues { total / (classes * Double($0)) }
    }

    /// What some rows of a table count.
    public func weights(of table: Table, rows: [Int]) -> [Double] {
        guard let column = table.column(named: target) else { return rows.map { _ in 1 } }
        return rows.map { row in column.text(at: row).flatMap { weights[$0] } ?? 1 }
    }

    /// What each class's rows count, for people.
    var words: String {
        let shown = weights.sorted { $0.key < $1.key }.prefix(8).map { "\($0.key) \($0.value.formatted(digits: 4))" }
        return "rows count by their class: " + shown.joined(separator: ", ") + (weights.count > 8 ? ", …" : "")
    }
}
