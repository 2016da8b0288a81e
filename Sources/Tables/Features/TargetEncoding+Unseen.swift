/// Targets of rows to be measured on, which may have classes that training did not.
public struct AdmittedTargets: Sendable, Hashable {
    /// As `TargetEncoding.encode` gives them; those of unseen classes are numbered behind the known ones.
    public var targets: [Float]
    /// The unseen classes, in order of appearance.
    public var unseen: [String] = []
    /// Rows of unseen classes.
    public var unseenRowCount = 0

    /// What is said of rows whose classes training did not have; nil = there are none.
    public func warning(column: String) -> TableWarning? {
        guard let first = unseen.first else { return nil }
        let words =
            unseenRowCount == 1
            ? "1 row has a \(column) that training did not have, '\(first)': it counts as wrong"
            : "\(unseenRowCount) rows have a \(column) that training did not have, such as '\(first)': they count as wrong"
        guard unseenRowCount < targets.count else {
            return TableWarning(
                .unseenClass, column: column,
                "no row has a \(column) that training had, they are such as '\(first)': see whether they are only spelt otherwise"
            )
        }
        return TableWarning(
            .unseenClass, column: column, "\(words); loss, log_loss, brier and areas under curves are those of the other rows")
    }
}

extension TargetEncoding {
    /// As `encode`, but classes that training did not have are no error.
    ///
    /// - Throws: as `encode`; `unknownLabel` when there are more than `classLimit` of them.
    public func encodeAdmittingUnseen(_ table: Table, rows: [Int]) throws(TableError) -> AdmittedTargets {
        guard let classes else { return AdmittedTargets(targets: try encode(table, rows: rows)) }
        let values = try table.column(matching: column)
        let known = Set(classes)
        var seen = known, result = AdmittedTargets(targets: [])
        for row in rows {
            guard let text = values.text(at: row), !known.contains(text) else { continue }
            result.unseenRowCount += 1
            if seen.insert(text).inserted { result.unseen.append(text) }
            if result.unseen.count > Self.classLimit { return AdmittedTargets(targets: try encode(table, rows: rows)) }
        }
        result.targets = try TargetEncoding.classes(column: column, classes + result.unseen).encode(table, rows: rows)
        return result
    }
}
