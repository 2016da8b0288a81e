import CTableKernels

/// What a parsing kernel is told and tells of one column, whatever the format. Pointers are as C declares them.
protocol ParsedColumn {
    var kind: Int32 { get }
    var numbers: UnsafeMutablePointer<Double>! { get set }
    var spans: UnsafeMutablePointer<dk_span>! { get set }
    var has_fraction: UInt8 { get set }
    var has_infinity: UInt8 { get set }
    var has_text: UInt8 { get set }
    var has_leading_zero: UInt8 { get set }
}

extension dk_csv_column: ParsedColumn {}
extension dk_json_column: ParsedColumn {}

extension ParsedColumn {
    /// Whole numbers written with leading zeros are codes, and the zeros belong to them.
    var isCode: Bool { has_leading_zero != 0 && has_fraction == 0 }
    /// Whether numbers were expected and something else was found.
    var isNoNumber: Bool { kind == DK_COLUMN_NUMBERS && (has_text != 0 || isCode) }

    /// Adds what was seen of the column in another part of the file.
    mutating func note(_ part: Self) {
        has_fraction |= part.has_fraction
        has_infinity |= part.has_infinity
        has_text |= part.has_text
        has_leading_zero |= part.has_leading_zero
    }

    /// The same column from a later row on.
    func shifted(by rows: Int) -> Self {
        var column = self
        column.numbers = numbers.map { $0 + rows }
        column.spans = spans.map { $0 + rows }
        return column
    }
}

/// The values of parsed columns.
struct ColumnBuffers {
    /// Values of columns of numbers; empty for the others.
    private(set) var numbers: [[Double]] = []
    /// Places of the fields of the other columns.
    private(set) var spans: [[dk_span]] = []

    mutating func add() {
        numbers.append([])
        spans.append([])
    }

    /// Whether a column's numbers are not what it holds: something else was found, or whole numbers that doubles round, of which only
    /// the texts tell whether they stay different.
    func isNoNumber(_ index: Int, _ column: some ParsedColumn) -> Bool {
        if column.kind != DK_COLUMN_NUMBERS { return false }
        return column.isNoNumber || column.has_fraction == 0 && NumberTyping.areRounded(numbers[index])
    }

    /// Frees the numbers of a column that has none.
    mutating func dropNumbers(_ index: Int) { numbers[index] = [] }

    /// Makes room for the columns that are not skipped, and tells them where.
    ///
    /// SAFETY: the addresses hold as long as nobody copies or resizes the buffers: until `cut`, when all threads are joined.
    mutating func lend(to columns: inout [some ParsedColumn], capacity: Int) {
        for index in columns.indices {
            if columns[index].kind == DK_COLUMN_NUMBERS {
                numbers[index] = .uninitialized(capacity)
                columns[index].numbers = numbers[index].withUnsafeMutableBufferPointer { $0.baseAddress }
            } else if columns[index].kind == DK_COLUMN_SPANS {
                spans[index] = .uninitialized(capacity)
                columns[index].spans = spans[index].withUnsafeMutableBufferPointer { $0.baseAddress }
            }
        }
    }

    /// Cuts off the rows beyond those that were parsed, which hold nothing.
    mutating func cut(_ columns: [some ParsedColumn], to rowCount: Int) {
        for index in columns.indices {
            if columns[index].kind == DK_COLUMN_NUMBERS { numbers[index].removeLast(numbers[index].count - rowCount) }
            if columns[index].kind == DK_COLUMN_SPANS { spans[index].removeLast(spans[index].count - rowCount) }
        }
    }
}
