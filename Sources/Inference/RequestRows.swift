import Tables

/// The rows of a request on their way into a table.
struct RequestRows {
    let columns: InputColumns
    var table: RowTable
    /// Names of columns that the model does not know, in the order in which they were met.
    private(set) var unknown: [String] = []
    /// The line or the record of each row, where it is not its number.
    var lines: [Int] = []
    let linesAreLines: Bool

    init(_ columns: InputColumns, linesAreLines: Bool) {
        (self.columns, self.linesAreLines) = (columns, linesAreLines)
        table = RowTable(columns.layout)
    }

    mutating func note(unknown name: String) {
        if !columns.ignored.contains(name), !unknown.contains(name) { unknown.append(name) }
    }

    /// Puts a row of numbers in.
    ///
    /// - Parameter base: the number of the first feature, by the row's own counting.
    mutating func add(_ row: NumberRow, base: Int, record: Int) throws(InvocationError) {
        if let indices = row.indices {
            let order = row.width.flatMap { columns.order(width: $0) } ?? columns.orders.first ?? []
            if let width = row.width, columns.featureNumbers == nil, width != order.count {
                throw widthError(width, record: record)
            }
            for (index, value) in zip(indices, row.values) {
                guard let place = place(of: index - base, named: index, order) else {
                    note(unknown: "f\(index)")
                    continue
                }
                table.put(value, in: place)
            }
            // What is not written is zero, but what is written as missing stays so.
            table.endRow(absent: 0)
            return
        }
        guard let order = columns.order(width: row.values.count) else { throw widthError(row.values.count, record: record) }
        for (place, value) in zip(order, row.values) { if let place { table.put(value, in: place) } }
        table.endRow()
    }

    /// - Parameters:
    ///   - position: from 0, among the columns that rows without names have.
    ///   - number: what the row's writer counts it as.
    private func place(of position: Int, named number: Int, _ order: [Int?]) -> Int? {
        if let numbers = columns.featureNumbers { return numbers.firstIndex(of: number) }
        return order.indices.contains(position) ? order[position] : nil
    }

    func widthError(_ width: Int, line: Int? = nil, record: Int? = nil) -> InvocationError {
        InvocationError(
            .validation,
            "there \(width == 1 ? "is 1 value" : "are \(width) values") where the model takes \(columns.widthsInWords): give its columns \(columns.shown) in this order, or name them",
            line: line, record: record)
    }

    /// That a column is named twice, so that two programs might each take another value.
    func twice(_ name: String, line: Int? = nil, record: Int? = nil) -> InvocationError {
        InvocationError(.validation, "'\(name)' is there twice: send each column once", line: line, record: record)
    }

    /// That the first record says words where there are numbers below it, and so names columns, none of which is the model's.
    func doubt(_ names: [String], line: Int?) -> InvocationError {
        InvocationError(
            .validation,
            "\(Self.few(names)) look like names of columns, and the model takes \(columns.shown): name them so, or say `text/csv; header=absent` if it is a row",
            line: line)
    }

    /// Where a row stands, in words.
    func place(_ row: Int) -> String {
        lines.indices.contains(row) ? "\(linesAreLines ? "line" : "record") \(lines[row])" : "record \(row + 1)"
    }

    /// - Throws: `validation` where the model's schema is strict.
    func asTable() throws(InvocationError) -> Table {
        do throws(TableError) { return try table.table(place: place) } catch {
            throw InvocationError(.validation, error.description)
        }
    }

    private static func few(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    }

    /// What is odd about columns.
    var warnings: [String] {
        var warnings: [String] = []
        if !unknown.isEmpty {
            warnings.append("the model does not know \(Self.few(unknown)): what stands there is left out")
        }
        return warnings
    }
}
