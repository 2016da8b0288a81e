import Tables

/// How much each row counts, as a column of the data says: 0 for a row that is as if it were not there, and 1 on average, so that
/// weights in other units give the same model.
enum RowWeights {
    /// The rows that count, and what is said of others.
    ///
    /// - Parameter name: the column; nil = all rows count.
    /// - Throws: `columnNotFound`; `columnUnusable` for a column or a value that is no weight, and when no row counts.
    static func countedRows(
        _ table: Table, column name: String?, rows: [Int]
    ) throws(TableError) -> (rows: [Int], warning: TableWarning?) {
        guard let name else { return (rows, nil) }
        let numbers = try numbers(table, name, rows)
        let counted = rows.filter { numbers[$0] > 0 }, rest = rows.count - counted.count
        guard rest > 0 else { return (rows, nil) }
        let words = rest == 1 ? "1 row has \(name) 0: it is" : "\(rest) rows have \(name) 0: they are"
        return (counted, TableWarning(.rowWeights, column: name, "\(words) left out"))
    }

    /// The weights of some rows, brought to mean 1; nil where all are the same.
    ///
    /// - Throws: as `countedRows`.
    static func read(_ table: Table, column name: String, rows: [Int]) throws(TableError) -> [Float]? {
        let numbers = try numbers(table, name, rows)
        guard let first = rows.first, rows.contains(where: { numbers[$0] != numbers[first] }) else { return nil }
        let mean = mean(numbers, rows)
        return rows.map { Float(numbers[$0] / mean) }
    }

    /// Says that weights were brought to mean 1, and from what; nil where they were there.
    ///
    /// - Parameter words: which rows these are, such as ` of the validation rows`.
    static func note(
        _ table: Table, column name: String?, rows: [Int], of words: String = ""
    ) throws(TableError) -> TableWarning? {
        guard let name, !rows.isEmpty else { return nil }
        let mean = mean(try numbers(table, name, rows), rows)
        guard abs(mean - 1) > 1e-3 else { return nil }
        let number = mean >= 0.01 && mean < 1e6 ? "\((mean * 1000).rounded() / 1000)" : "\(Float(mean))"
        let text = number.hasSuffix(".0") ? String(number.dropLast(2)) : number
        return TableWarning(
            .rowWeights, column: name, "weights \(name)\(words) are brought to mean 1: they were \(text) on average")
    }

    private static func mean(_ numbers: [Double], _ rows: [Int]) -> Double {
        rows.reduce(0) { $0 + numbers[$1] } / Double(max(1, rows.count))
    }

    private static func numbers(_ table: Table, _ name: String, _ rows: [Int]) throws(TableError) -> [Double] {
        let column = try table.column(matching: name)
        let path = table.path.isEmpty ? nil : table.path
        guard let numbers = column.numbers, column.kind != .date else {
            throw TableError(
                .columnUnusable, "row weights '\(column.name)' are \(column.kind.rawValue): name a column of numbers", path: path)
        }
        if let row = rows.first(where: { !(numbers[$0] >= 0 && numbers[$0] <= Double(Float.greatestFiniteMagnitude)) }) {
            let text = column.text(at: row) ?? "missing"
            throw TableError(
                .columnUnusable, "record \(row + 1): the row weight '\(column.name)' is \(text): give a number of at least 0",
                path: path)
        }
        guard rows.isEmpty || rows.contains(where: { numbers[$0] > 0 }) else {
            throw TableError(.columnUnusable, "all row weights '\(column.name)' are 0: give some that are more", path: path)
        }
        return numbers
    }
}

extension Table {
    /// The table without rows of weight 0; what is no weight is for others to complain about.
    func counting(_ weight: String?) throws(TableError) -> Table {
        guard let weight, let numbers = try column(matching: weight).numbers, numbers.contains(0) else { return self }
        let rows = numbers.indices.filter { numbers[$0] != 0 }
        return rows.isEmpty ? self : selecting(rows: rows)
    }

    /// The table without some columns.
    func dropping(_ names: [String]) -> Table {
        names.isEmpty ? self : replacing(columns: columns.filter { !names.contains($0.name) })
    }
}
