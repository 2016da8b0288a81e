/// Rows that come without a file, such as those of a request, on their way into a table.
///
/// Values become what the same texts in a file become that is read by the same schema.
public struct RowTable {
    private let layout: RowLayout
    private let onlyEmpty: Bool
    private var columns: [RowValues]
    /// Rows that have ended.
    public private(set) var rowCount = 0

    public init(_ layout: RowLayout) {
        self.layout = layout
        onlyEmpty = layout.options.missing?.replacesUsual == true
        columns = zip(layout.names, layout.numberRules).map { RowValues($0, $1) }
    }

    /// A value of the row that has begun, as text: none of it is a separator or a quote.
    ///
    /// - Parameter column: its place among the layout's names. Of values for the same column the first counts.
    public mutating func put(_ text: UnsafeBufferPointer<UInt8>, in column: Int) {
        if columns[column].count == rowCount { columns[column].add(text, onlyEmpty: onlyEmpty) }
    }

    /// A value that is a number; NaN = missing.
    public mutating func put(_ number: Double, in column: Int) {
        if columns[column].count == rowCount { columns[column].add(number) }
    }

    /// That the row has no value in a column, which other rows may have.
    public mutating func putMissing(in column: Int) {
        if columns[column].count == rowCount { columns[column].addMissing() }
    }

    /// Ends a row. What was put in none of its columns is missing, or another number.
    public mutating func endRow(absent: Double = .nan) {
        for index in columns.indices where columns[index].count == rowCount {
            if absent.isNaN { columns[index].addMissing(isGiven: false) } else { columns[index].add(absent) }
        }
        rowCount += 1
    }

    /// The rows as a table, without the columns of which no row said anything.
    ///
    /// - Parameter place: where a row stands, in words, for what is said of its values.
    /// - Throws: `valueUnusable` where the options are strict.
    public func table(place: (Int) -> String = { "record \($0 + 1)" }) throws(TableError) -> Table {
        var found: [Column] = [], warnings: [TableWarning] = []
        found.reserveCapacity(columns.count)
        var typed: TypedColumns?
        for column in columns where column.isGiven {
            if let plain = column.plainColumn {
                found.append(plain)
                if let warning = column.warning(place) { warnings.append(warning) }
            } else {
                column.add(to: &typed, layout)
            }
        }
        if var typed {
            try typed.finish()
            found += typed.columns
            warnings += typed.warnings.filter { $0.code == .strayValues || $0.code == .infiniteValues }
        }
        return Table(columns: found, warnings: warnings)
    }
}

extension RowValues {
    /// Most rows have numbers alone, so that what types the others is made when it is wanted.
    fileprivate func add(to typed: inout TypedColumns?, _ layout: RowLayout) {
        var columns = typed ?? TypedColumns(options: layout.options, schema: layout.schema)
        typed = nil
        add(to: &columns)
        typed = columns
    }
}
