/// Rows that come without a file, such as those of a request, on their way into a table.
///
/// Values become what the same texts in a file become that is read by the same schema.
public struct RowTable {
    private let layout: RowLayout
    private let onlyEmpty: Bool
    /// Row after row as long as all values are plain numbers; NaN = missing.
    private var numbers: [Double] = []
    /// Of which columns the row that has begun has a value, and of which any row said something. For plain numbers.
    private var has: [Bool], isGiven: [Bool]
    /// Once a value is no plain number.
    private var columns: [RowValues]?
    /// Rows that have ended.
    public private(set) var rowCount = 0

    public init(_ layout: RowLayout) {
        self.layout = layout
        onlyEmpty = layout.options.missing?.replacesUsual == true
        has = [Bool](repeating: false, count: layout.names.count)
        isGiven = has
        columns = layout.isPlain ? nil : layout.emptyColumns
    }

    /// A value of the row that has begun, as text: none of it is a separator or a quote.
    ///
    /// - Parameter column: its place among the layout's names. Of values for the same column the first counts.
    public mutating func put(_ text: UnsafeBufferPointer<UInt8>, in column: Int) {
        if columns == nil {
            if let number = NumberText.value(text) { return set(number, in: column) }
            if text.isEmpty || MissingWords.isUsual(String(decoding: text, as: UTF8.self)) { return set(.nan, in: column) }
            useColumns()
        }
        if columns?[column].count == rowCount { columns?[column].add(text, onlyEmpty: onlyEmpty) }
    }

    /// A value that is a number; NaN = missing.
    public mutating func put(_ number: Double, in column: Int) {
        if columns == nil { return set(number, in: column) }
        if columns?[column].count == rowCount { columns?[column].add(number) }
    }

    /// That the row has no value in a column, which other rows may have.
    public mutating func putMissing(in column: Int) {
        if columns == nil { return set(.nan, in: column) }
        if columns?[column].count == rowCount { columns?[column].addMissing() }
    }

    /// Whether the row that has begun has a value of a column already.
    public func hasValue(in column: Int) -> Bool { columns.map { $0[column].count > rowCount } ?? has[column] }

    /// Ends a row. What was put in none of its columns is missing, or another number.
    public mutating func endRow(absent: Double = .nan) {
        for index in layout.names.indices {
            if columns == nil {
                if !has[index], !absent.isNaN { set(absent, in: index) }
                has[index] = false
            } else if columns?[index].count == rowCount {
                if absent.isNaN { columns?[index].addMissing(isGiven: false) } else { columns?[index].add(absent) }
            }
        }
        rowCount += 1
        if columns == nil {
            numbers.append(contentsOf: repeatElement(.nan, count: rowCount * layout.names.count - numbers.count))
        }
    }

    private mutating func set(_ number: Double, in column: Int) {
        guard !has[column] else { return }
        let width = layout.names.count, begin = rowCount * width
        if numbers.count == begin { numbers.append(contentsOf: repeatElement(.nan, count: width)) }
        numbers[begin + column] = number
        (has[column], isGiven[column]) = (true, true)
    }

    /// Goes on with a list of values for each column.
    private mutating func useColumns() {
        var made = layout.emptyColumns
        for index in made.indices {
            for row in 0..<rowCount + (has[index] ? 1 : 0) {
                let number = numbers[row * made.count + index]
                if isGiven[index] { made[index].add(number) } else { made[index].addMissing(isGiven: false) }
            }
        }
        (columns, numbers) = (made, [])
    }

    /// The rows' values, row after row, where all are plain numbers and each column is given in some row; else nil.
    ///
    /// - Shape: [rowCount, columns of the layout]; NaN = missing.
    public var plainNumbers: [Double]? { columns == nil && !isGiven.contains(false) ? numbers : nil }

    /// The rows as a table, without the columns of which no row said anything.
    ///
    /// - Parameter place: where a row stands, in words, for what is said of its values.
    /// - Throws: `valueUnusable` where the options are strict.
    public func table(place: (Int) -> String = { "record \($0 + 1)" }) throws(TableError) -> Table {
        guard let columns else { return plainTable }
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

    private var plainTable: Table {
        let width = layout.names.count
        return Table(
            columns: layout.numberRules.enumerated().compactMap { index, rule in
                guard isGiven[index], let rule else { return nil }
                let values = (0..<rowCount).map { numbers[$0 * width + index] }
                return Column(name: rule.name, kind: rule.kind, storage: .numbers(values))
            })
    }
}

extension RowLayout {
    fileprivate var emptyColumns: [RowValues] { zip(names, numberRules).map { RowValues($0, $1) } }
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
