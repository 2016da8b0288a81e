import FindingKinds
import JSON

/// Something about the data of a run that bears on what its model makes of it, found before the first step.
public struct DataFinding: Sendable, Hashable {
    public var kind: FindingKind
    /// The columns concerned, the most telling first.
    public var columns: [String]
    /// Figures by name, in the order to show them.
    public var figures: [Alert.Evidence]
    /// What was seen, in one line.
    public var summary: String

    /// Rows to look at, the most doubtful first, counted from 1 as they stand in the file; empty where it is not about single rows.
    public var rows: [Int]

    public init(kind: FindingKind, columns: [String], figures: [Alert.Evidence], summary: String, rows: [Int] = []) {
        self.kind = kind
        self.columns = columns
        self.figures = figures
        self.summary = summary
        self.rows = rows
    }
}

/// How well one column tells the target by itself: what any model must beat.
public struct SingleColumnFit: Sendable, Hashable {
    public var column: String
    /// Its loss on rows that it did not learn from, by a constant's: log loss of classes, squares of numbers.
    public var lossShare: Double

    public init(column: String, lossShare: Double) {
        self.column = column
        self.lossShare = lossShare
    }
}

extension DataFinding {
    var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "columns": .array(columns.map { .string($0) }), "summary": .string(summary),
            "figures": .object(figures.map { .init($0.name, .number($0.value)) }),
            "rows": rows.isEmpty ? nil : .array(rows.map { .integer($0) }),
        ])
    }

    /// - Returns: nil of a kind that only a later version knows, too.
    init?(json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(FindingKind.init), let summary = json["summary"]?.string,
            let columns = json["columns"]?.array,
            let figures = json["figures"]?.members
        else { return nil }
        self.init(
            kind: kind, columns: columns.compactMap(\.string),
            figures: figures.compactMap { member in member.value.double.map { Alert.Evidence(member.name, $0) } },
            summary: summary, rows: json["rows"]?.array?.compactMap(\.integer) ?? [])
    }
}

extension SingleColumnFit {
    var json: JSONValue { .object(["column": .string(column), "lossShare": .number(lossShare)]) }

    init?(json: JSONValue) {
        guard let column = json["column"]?.string, let share = json["lossShare"]?.double else { return nil }
        self.init(column: column, lossShare: share)
    }
}
