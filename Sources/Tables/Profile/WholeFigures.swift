/// Figures of all rows of some files, of which this process has a sample as a table.
public struct WholeFigures: Sendable, Hashable {
    /// Rows and bytes of the files, and what tells them from others.
    public var rowCount: Int, byteCount: Int, fingerprint: String
    /// By the columns' names.
    public var columns: [String: ColumnFigures]

    public init(rowCount: Int, byteCount: Int, fingerprint: String, columns: [String: ColumnFigures]) {
        (self.rowCount, self.byteCount, self.fingerprint, self.columns) = (rowCount, byteCount, fingerprint, columns)
    }

    /// One column's figures.
    public struct ColumnFigures: Sendable, Hashable {
        /// Rows with a value, and distinct values.
        public var count: Int, distinct: Int
        /// At most ten, in the order of `ColumnSummary.mostFrequent`.
        public var mostFrequent: [Frequency]
        /// Of columns of numbers and dates that have a value.
        public var statistics: ColumnSummary.NumberSummary?

        public init(count: Int, distinct: Int, mostFrequent: [Frequency], statistics: ColumnSummary.NumberSummary?) {
            (self.count, self.distinct, self.mostFrequent, self.statistics) = (count, distinct, mostFrequent, statistics)
        }
    }

    /// A value and the rows that hold it.
    public struct Frequency: Sendable, Hashable {
        public var value: Value, count: Int

        public init(value: Value, count: Int) { (self.value, self.count) = (value, count) }
    }

    /// A value: a number, of a date seconds since 1970, or a text.
    public enum Value: Sendable, Hashable {
        case number(Double)
        case text(String)
    }

    /// What a sample's summaries are of all rows.
    func summaries(of table: Table, _ sample: [ColumnSummary]) -> [ColumnSummary] {
        sample.map { summary in
            guard let whole = columns[summary.name] else { return summary }
            var summary = summary
            (summary.count, summary.missing, summary.distinct) = (whole.count, rowCount - whole.count, whole.distinct)
            summary.statistics = whole.statistics
            summary.mostFrequent = whole.mostFrequent.map { entry in
                let text =
                    switch entry.value {
                    case .text(let text): text
                    case .number(let number): Column(name: "", kind: summary.kind, storage: .numbers([number])).text(at: 0) ?? ""
                    }
                return ColumnSummary.ValueCount(value: text, count: entry.count)
            }
            return summary
        }
    }
}
