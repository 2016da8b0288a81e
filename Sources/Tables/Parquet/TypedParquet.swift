import CheckedNumbers

/// Writes rows of another format, or a table made in memory, as Parquet: each column has the narrowest type from which its own
/// texts can be had back, numbers by their value.
struct TypedParquet {
    private let names: [String]
    private let kinds: [ParquetKind]
    private let table: Table
    private let columns: [AddedColumn]
    private let rowsPerGroup: Int

    private static let mostRows = 1 << 17
    private static let mostCells = 1 << 24

    /// - Parameter rows: the rows that will be written, to see what their columns can be.
    init(_ rows: any SourceRows, _ table: Table, adding columns: [AddedColumn]) throws(TableError) {
        (self.table, self.columns) = (table, columns)
        names = rows.names
        rowsPerGroup = max(1024, min(Self.mostRows, Self.mostCells / max(1, names.count)))
        var guesses = names.map { ParquetKindGuess(table.column(named: $0), rows.texts) }
        var rows = rows
        while try rows.next() {
            for column in guesses.indices where guesses[column].isOpen { guesses[column].note(rows.value(column), rows.row) }
        }
        kinds = guesses.map { $0.kind ?? .text }
    }

    func write(_ rows: any SourceRows, to output: RowOutput) throws(TableError) {
        let addedNames = AddedColumn.uniqueNames(columns, beside: names)
        let leaves =
            zip(names, kinds).map { ParquetWriter.Leaf(path: [$0], physicalType: $1.physicalType, fullLevel: 1) }
            + zip(addedNames, columns).map { ParquetWriter.Leaf(path: [$0], physicalType: $1.physicalType, fullLevel: 1) }
        var writer = try ParquetWriter(output, leaves: leaves)
        let sources = names.map { table.column(named: $0) }
        var chunks = names.map { _ in ParquetRawChunk(fullLevel: 1) }
        var rows = rows
        var written = 0, count = 0
        while true {
            let hasRow = try rows.next()
            if count == rowsPerGroup || (!hasRow && count > 0) {
                for column in chunks.indices {
                    try writer.append(chunks[column])
                    chunks[column].removeAll()
                }
                for column in columns { try writer.append(column.chunk(written..<written + count)) }
                (written, count) = (written + count, 0)
            }
            guard hasRow else { break }
            for column in chunks.indices {
                let value = kinds[column].stored(rows.value(column), sources[column], rows.row)
                if let value { chunks[column].append(value) } else { chunks[column].appendMissing() }
            }
            count += 1
        }
        let schema =
            [ParquetSchemaText.root(name: "schema", childCount: leaves.count)]
            + zip(names, kinds).map { ParquetSchemaText.column(name: $0, physicalType: $1.physicalType, $1.logical) }
            + zip(addedNames, columns).map { $1.schemaElement(name: $0) }
        try writer.finish(schema: schema, notes: [])
    }
}
