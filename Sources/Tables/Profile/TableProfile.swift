import Numerics

/// What a table holds and what may go wrong when learning from it.
public struct TableProfile: Sendable, Hashable {
    /// The file.
    public var path: String
    /// Its size and the hash of its bytes.
    public var byteCount: Int, fingerprint: String
    /// Its records.
    public var rowCount: Int
    /// How it holds them.
    public var format: DataFormat
    /// What separates its fields, and whether it names its columns.
    public var delimiter: Character, hasHeader: Bool
    /// What was decided when it was read.
    public var reading: TableReading, choices: [ReadingChoice]
    /// One summary a column.
    public var columns: [ColumnSummary]
    /// The target's column, if one was named.
    public var target: String?
    /// What bears on a model that learns from it.
    public var findings: DataFindings
    /// What was found odd: when reading, in columns, between columns and the target.
    public var warnings: [TableWarning]
    /// How a model of it is best judged.
    public var advice: [DataAdvice]

    /// Summarises a table, on every core.
    ///
    /// - Parameters:
    ///   - asClasses: whether a model takes the target for classes; nil = as its values say.
    ///   - whole: figures of all rows, where the table holds some of them: warnings of single columns are by them, all else by the table.
    /// - Throws: `columnNotFound` when there is no such target.
    public init(
        _ table: Table, target: String? = nil, asClasses: Bool? = nil, whole: WholeFigures? = nil
    ) throws(TableError) {
        let targetColumn: Column?
        if let target { targetColumn = try table.column(matching: target) } else { targetColumn = nil }
        path = table.path
        byteCount = whole?.byteCount ?? table.byteCount
        fingerprint = whole?.fingerprint ?? table.fingerprint
        rowCount = whole?.rowCount ?? table.rowCount
        format = table.format
        delimiter = table.delimiter
        hasHeader = table.hasHeader
        (reading, choices) = (table.reading, table.readingChoices)
        self.target = targetColumn?.name
        let summaries = TableProfile.summaries(table)
        columns = whole?.summaries(of: table, summaries) ?? summaries
        warnings = table.warnings
        warnings += ColumnChecks.warnings(table, columns, rowCount: rowCount, target: targetColumn?.name)
        findings = DataFindings(table, target: targetColumn.map { .init($0.name, asClasses: asClasses) })
        if let targetColumn { warnings += TargetChecks(columns, target: targetColumn).warnings() }
        warnings += findings.found.compactMap { $0.leakWarning ?? $0.targetWarning }
        advice = AdviceFinder(table, columns, target: targetColumn).advice()
        if let duplicates = DuplicateRows.warning(table) { warnings.append(duplicates) }
    }

    private static func summaries(_ table: Table) -> [ColumnSummary] {
        let count = table.columns.count
        let workers = table.rowCount * count < 100_000 ? 1 : min(count, min(8, WorkerThreads.coreCount))
        var results = [ColumnSummary?](repeating: nil, count: count)
        results.withUnsafeMutableBufferPointer { results in
            // SAFETY: each thread writes its own elements and is joined before they are read.
            nonisolated(unsafe) let results = results
            WorkerThreads.run(workers) { worker in
                for index in stride(from: worker, to: count, by: workers) { results[index] = ColumnSummary(table.columns[index]) }
            }
        }
        let rules = table.schema.rulesByName
        return results.compactMap { summary in
            guard var summary else { return nil }
            summary.written = rules[summary.name]?.written
            return summary
        }
    }
}

/// Rows that repeat an earlier one in every column.
enum DuplicateRows {
    static func count(_ table: Table) -> Int {
        let hashes = RowHashes(table.columns, rowCount: table.rowCount).values
        return hashes.count - Set(hashes).count
    }

    /// Only where repeats are worth a look: at least one row in a hundred, and at least five columns.
    static func warning(_ table: Table) -> TableWarning? {
        guard table.columns.count >= 5, table.rowCount >= 20 else { return nil }
        let repeats = count(table)
        guard repeats * 100 >= table.rowCount else { return nil }
        return TableWarning(
            .duplicateRows,
            "\(repeats) of \(table.rowCount) rows repeat an earlier row: the same row may end up in training and validation")
    }
}
