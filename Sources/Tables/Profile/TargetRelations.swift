import Numerics

/// What each column tells of the target by itself, and how columns of numbers go together; of large tables from some of the rows.
public struct TargetRelations: Sendable, Hashable {
    /// What a column tells.
    public struct Told: Sendable, Hashable {
        public var column: String
        /// The share of the target's variation that the column explains of rows that it was not learned from: 0 nothing, 1 all.
        public var power: Double
        /// Pearson's with the target; nil where one of them is no number, nor has two classes.
        public var correlation: Double?
    }

    /// Those that tell most first.
    public private(set) var columns: [Told] = []
    /// Columns of numbers that tell most, at most `matrixLimit`, and the target where it is a number.
    public private(set) var numeric: [String] = []
    /// Pearson's correlations of them with each other. - Shape: [numeric][numeric].
    public private(set) var correlations: [[Double]] = []
    /// Rows that were looked at.
    public let rowCount: Int

    public static let matrixLimit = 16

    /// - Parameter asClasses: whether a model takes the target for classes.
    public init(_ table: Table, target name: String, asClasses: Bool) {
        let features = table.columns.filter { $0.name != name }.prefix(FindingRows.columnLimit)
        guard let target = table.column(named: name) else {
            rowCount = 0
            return
        }
        let present = (0..<table.rowCount).filter { !target.isMissing(at: $0) }
        let rows = FindingRows(present, columnCount: features.count).rows
        rowCount = rows.count
        guard !rows.isEmpty, let found = FoundTarget(target, rows: rows, asClasses: asClasses) else { return }
        let outcome = Self.outcome(found)
        columns = features.compactMap { column in
            guard let power = ColumnPower(ColumnBins(column, rows: rows), found)?.power else { return nil }
            let own = Self.numbers(column, rows)
            let correlation = own.flatMap { own in outcome.map { Statistics.correlation(own, $0) } }
            return Told(column: column.name, power: max(0, min(1, power)), correlation: correlation)
        }.sorted { ($1.power, $0.column) < ($0.power, $1.column) }
        correlate(table, rows, asClasses ? nil : target)
    }

    private static func numbers(_ column: Column, _ rows: [Int]) -> [Double]? {
        column.numbers.map { numbers in rows.map { numbers[$0] } }
    }

    /// The target as numbers; nil where it has more than two classes.
    private static func outcome(_ target: FoundTarget) -> [Double]? {
        switch target {
        case .numbers(let numbers): numbers
        case .classes(let classes, 2): classes.map { $0 < 0 ? .nan : Double($0) }
        case .classes: nil
        }
    }

    private mutating func correlate(_ table: Table, _ rows: [Int], _ target: Column?) {
        let told = columns.compactMap { table.column(named: $0.column) }.filter { $0.kind != .date }
        var chosen = told.compactMap { column in Self.numbers(column, rows).map { (column.name, $0) } }
        chosen = Array(chosen.prefix(Self.matrixLimit - (target == nil ? 0 : 1)))
        if let target, let numbers = Self.numbers(target, rows) { chosen.append((target.name, numbers)) }
        guard chosen.count > 1 else { return }
        numeric = chosen.map(\.0)
        correlations = chosen.map { one in chosen.map { one.0 == $0.0 ? 1 : Statistics.correlation(one.1, $0.1) } }
    }
}

extension Table {
    /// Rows that repeat an earlier one in every column.
    public var repeatedRowCount: Int { DuplicateRows.count(self) }
}
