import CheckedNumbers
import Tables

/// Two files of the same kind beside each other: what is distributed otherwise in the second, what it alone has, and which rows are in both.
///
/// Each column is measured and tested as a monitor tests it against its baseline (`DataQualityCheck`).
public struct FileComparison: Sendable, Hashable {
    /// A column of both.
    public struct Column: Sendable, Hashable {
        public var drift: FeatureDrift
        /// Of numbers: the least and the greatest; nil for others.
        public var range: ClosedRange<Double>?, rangeBefore: ClosedRange<Double>?
        /// Categories that the first file does not have, the most frequent first, and rows that have one.
        public var unseen: [String] = [], unseenRows = 0
        /// Of numbers: rows beyond the first file's least and greatest.
        public var beyondRows = 0
        /// Whether it has numbers in one of the files and texts in the other.
        public var isRetyped = false
    }

    public var rowCount: Int, rowCountBefore: Int
    /// In the first file's order.
    public var columns: [Column]
    /// Columns that only one of the files has.
    public var missing: [String], added: [String]
    /// Rows of the second file that are in the first, too.
    public var sharedRows: [Int]
    /// How well rows are told from those of the first by all columns together; nil where that was not looked at.
    public var together: DomainClassifier.Outcome?

    /// False alarms that may be, of a comparison.
    public static let falseAlarms = 0.01
    private static let mostUnseen = 5

    /// - Parameter second: read by the first one's schema.
    /// - Throws: `badData` where one has no rows, or they have no column in common.
    public init(_ first: Table, _ second: Table) throws(MonitoringError) {
        guard first.rowCount > 0 else { throw MonitoringError(.badData, "the first file has no rows: give one with some") }
        let before = DatasetStatistics(first), now = DatasetStatistics(second, as: before)
        let dates = Set(first.columns.filter { $0.kind == .date }.map(\.name))
        let constraints = DatasetConstraints(suggestedFor: before, moving: dates, falseAlarms: Self.falseAlarms)
        let report = try DataQualityCheck(statistics: before, constraints: constraints).report(
            on: now, rows: second, reference: first)
        (rowCount, rowCountBefore, together) = (now.rowCount, before.rowCount, report.together)
        columns = report.features.map { drift in
            var drift = drift
            // Dates move by themselves, and are no categories.
            if dates.contains(drift.name) {
                (drift.distance, drift.stabilityIndex, drift.wasserstein, drift.jensenShannon) = (nil, nil, nil, nil)
            }
            return Column(drift, before.feature(drift.name), now.feature(drift.name), mostUnseen: Self.mostUnseen)
        }
        let names = (Set(first.columns.map(\.name)), Set(second.columns.map(\.name)))
        missing = first.columns.map(\.name).filter { !names.1.contains($0) }
        added = second.columns.map(\.name).filter { !names.0.contains($0) }
        sharedRows = second.rowsIn(first)
    }
}

extension FileComparison.Column {
    init(_ drift: FeatureDrift, _ before: FeatureStatistics?, _ now: FeatureStatistics?, mostUnseen: Int) {
        self.init(drift: drift)
        isRetyped = before.map { $0.numbers != nil } != now.map { $0.numbers != nil }
        if let left = before?.numbers, let right = now?.numbers {
            (rangeBefore, range) = (left.minimum...left.maximum, right.minimum...right.maximum)
            let beyond = right.sketch.weighted.reduce(0.0) {
                $0 + ($1.value < left.minimum || $1.value > left.maximum ? $1.weight : 0)
            }
            beyondRows = Int(nearestWithin: beyond)
        }
        guard let left = before?.texts, let right = now?.texts, left.others == 0 else { return }
        let known = Set(left.counts.map(\.value)), new = right.counts.filter { !known.contains($0.value) }
        unseen = new.prefix(mostUnseen).map(\.value)
        unseenRows = new.reduce(0) { $0 + $1.count }
    }

    /// How likely chance alone is to bring a distribution as different; nil where none was compared.
    public var chance: Double? { drift.tested.first { $0.kind == .distribution }?.chance }
}
