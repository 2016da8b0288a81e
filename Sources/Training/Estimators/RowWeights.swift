import Tables

/// How much each row counts, as a column of the data says.
enum RowWeights {
    /// The weights of some rows, which are then no feature.
    ///
    /// - Throws: `columnNotFound`; `columnUnusable` for a column or a value that is no weight, and when no row counts.
    static func read(_ table: Table, column name: String, rows: [Int]) throws(TableError) -> [Float] {
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
        let weights = rows.map { Float(numbers[$0]) }
        guard weights.isEmpty || weights.contains(where: { $0 > 0 }) else {
            throw TableError(.columnUnusable, "all row weights '\(column.name)' are 0: give some that are more", path: path)
        }
        return weights
    }
}

extension Table {
    /// The table without some columns.
    func dropping(_ names: [String]) -> Table {
        guard !names.isEmpty else { return self }
        return Table(
            columns: columns.filter { !names.contains($0.name) }, path: path, reading: reading, schema: schema,
            imageShape: imageShape, byteCount: byteCount, fingerprint: fingerprint, warnings: warnings)
    }
}
