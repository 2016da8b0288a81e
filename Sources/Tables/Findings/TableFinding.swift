import FindingKinds

/// Something about a table that bears on what a model makes of it, with the figures that say so.
public struct TableFinding: Sendable, Hashable {
    public var kind: FindingKind
    /// The columns concerned, the most telling first; never empty but for `overlap`.
    public var columns: [String]
    /// Figures by name, in the order to show them.
    public var figures: [Figure]
    /// Rows to look at, the most doubtful first, counted from 1 as they stand in the table; empty where it is not about rows.
    public var rows: [Int] = []
    /// What was seen, in one line without a full stop.
    public var summary: String

    /// A figure and what it is called.
    public struct Figure: Sendable, Hashable {
        public var name: String
        public var value: Double
    }

    init(_ kind: FindingKind, _ columns: [String], _ figures: [(String, Double)], _ summary: String) {
        self.kind = kind
        self.columns = columns
        self.figures = figures.map { Figure(name: $0.0, value: $0.1) }
        self.summary = summary
    }
}

extension TableFinding {
    /// Options that leave its columns out: `--drop fare --drop tip`.
    public var dropOptions: String { columns.map { RowNames.option("--drop", $0) }.joined(separator: " ") }

    /// What the owner of the data is told of a leak; nil of other findings.
    var leakWarning: TableWarning? {
        guard kind == .leakage || kind == .possibleLeakage, let first = columns.first else { return nil }
        let (them, they) = columns.count == 1 ? ("it", "it is") : ("them", "they are")
        return TableWarning(
            .leakage, column: first,
            "\(summary): leave \(them) out (\(dropOptions)) unless \(they) known before the outcome")
    }

    /// What the owner of the data is told of targets that may be wrong; nil of other findings.
    var targetWarning: TableWarning? {
        guard !rows.isEmpty, kind != .untoldTargets, let column = columns.first else { return nil }
        let what =
            kind == .possibleLabelNoise ? "they may be wrong, or the outcome one that these columns do not tell" : "look at them"
        var warning = TableWarning(.doubtfulTargets, column: column, "\(summary): \(what)\(rowList)")
        warning.rows = Array(rows.prefix(Self.rowLimit))
        return warning
    }

    /// Rows that are listed, at most.
    static let rowLimit = 200

    private var rowList: String {
        let shown = rows.prefix(10).map(String.init).joined(separator: ", ")
        return " (\(rows.count == 1 ? "row" : "rows") \(shown)\(rows.count > 10 ? " and \(rows.count - 10) more" : ""))"
    }
}

/// How well the best single column tells the target: what any model must beat.
public struct BestColumn: Sendable, Hashable {
    public var name: String
    /// Its loss on rows that it did not learn from, by a constant's: log loss of classes, squares of numbers.
    public var lossShare: Double
}
