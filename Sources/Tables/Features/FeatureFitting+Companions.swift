import Numerics

extension FeatureFitting {
    /// Missing values that say something by being missing: fewer, in rows or as a part of them, are an accident.
    private static let fewestMissing = 5, shareOfMissing = 50

    /// The features that a column has beside its own: cycles of times of day, and whether a value is missing.
    ///
    /// - Parameter isTime: whether the column's numbers are written as times, in seconds.
    static func companions(
        of column: Column, _ encoding: FeatureColumn.Encoding, isTime: Bool, rows: [Int], _ options: FeatureOptions
    ) -> [FeatureColumn] {
        var companions: [FeatureColumn] = []
        if isTime, case .number(let median, _, _) = encoding, let numbers = column.numbers {
            let times = rows.compactMap { numbers[$0].isNaN ? nil : numbers[$0] }
            if let clock = DateFitting.clock(times, median: median, style: options.style) {
                companions.append(FeatureColumn(name: column.name, encoding: .dates(clock, isClock: true)))
            }
        }
        let isFlagged = (options.style == .linear || options.style == .network) && !options.without.contains(.missingFlags)
        guard isFlagged, !options.keepsConstants, column.missingCount > 0 else {
            return companions
        }
        switch encoding {
        case .categories, .codes, .missing, .text, .means, .frequent: return companions
        case .number, .boolean, .dates: break
        }
        var missing = 0
        for row in rows where column.isMissing(at: row) { missing += 1 }
        if missing >= fewestMissing, missing * shareOfMissing >= rows.count {
            companions.append(FeatureColumn(name: column.name, encoding: .missing))
        }
        return companions
    }

    /// Rows that each indicator of missing values takes: where there are fewer, they would only be learned by heart.
    private static let rowsPerMissing = 100

    /// Columns without their indicators of missing values, where these are too many for the rows.
    static func affordable(_ columns: [FeatureColumn], rowCount: Int) -> [FeatureColumn] {
        let count = columns.count { $0.encoding == .missing }
        return rowCount >= count * rowsPerMissing ? columns : columns.filter { $0.encoding != .missing }
    }
}
