import Events
import Tables

extension DataOutlook {
    /// Rows of the data that an exploration shows.
    private static let sampleSize = 8
    /// Columns, and characters of a cell, that it shows of them.
    private static let cellLength = 40

    /// What is to be known of the data before anything is trained.
    ///
    /// - Complexity: each column is looked at beside the target, of large tables in some of the rows.
    public func exploration() -> DataExploration {
        var found = DataExploration(profile: DatasetProfile(profile), target: profile.target ?? "", rowCount: rowCount)
        let seen = Set(profile.columns.map(\.name))
        let shown = table.dropping(table.columns.map(\.name).filter { !seen.contains($0) })
        found.repeatedRows = shown.repeatedRowCount
        found.classes = zip(classes ?? [], classCounts).map { .init(value: $0, count: $1) }
        let relations = TargetRelations(shown, target: found.target, asClasses: classes != nil)
        found.told = relations.columns.map { .init(column: $0.column, power: $0.power, correlation: $0.correlation) }
        (found.numeric, found.correlations) = (relations.numeric, relations.correlations)
        found.findings = findings
        found.sample = (0..<min(Self.sampleSize, shown.rowCount)).map { row in
            shown.columns.map { String(($0.text(at: row) ?? "").prefix(Self.cellLength)) }
        }
        return found
    }
}
