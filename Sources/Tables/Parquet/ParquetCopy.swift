/// Writes the chosen rows of a Parquet file with the same schema and the same stored values, and columns behind them.
struct ParquetCopy {
    private let source: ParquetSource
    private var choice: RowChoice
    private let columns: [AddedColumn]

    /// Notes that tell programs of the columns there are: they would hide the added ones or stumble over them.
    private static let schemaNotes: Set = [
        "ARROW:schema", "org.apache.spark.sql.parquet.row.metadata", "parquet.avro.schema", "avro.schema",
    ]

    init(_ file: FileBytes, _ choice: RowChoice, adding columns: [AddedColumn]) throws(TableError) {
        source = try ParquetSource(file)
        (self.choice, self.columns) = (choice, columns)
    }

    func write(to output: RowOutput) throws(TableError) {
        let footer = source.footer
        let outer = source.leaves.compactMap(\.path.first)
        let names = AddedColumn.uniqueNames(columns, beside: source.names + outer)
        let leaves =
            source.leaves.map {
                ParquetWriter.Leaf(path: $0.path, physicalType: $0.physicalType, fullLevel: UInt8(clamping: $0.fullLevel))
            }
            + zip(names, columns).map { name, column in
                ParquetWriter.Leaf(path: [name], physicalType: column.physicalType, fullLevel: 1)
            }
        var writer = try ParquetWriter(output, leaves: leaves)
        var choice = choice
        var groupStart = 0, written = 0
        for group in footer.rowGroups {
            let rows = choice.take(groupStart..<groupStart + group.rowCount).map { $0 - groupStart }
            groupStart += group.rowCount
            guard !rows.isEmpty else { continue }
            for column in source.leaves.indices { try writer.append(source.values(group, column: column, rows: rows)) }
            for column in columns { try writer.append(column.chunk(written..<written + rows.count)) }
            written += rows.count
        }
        var schema = footer.schema.map { Array(source.bytes($0.place)) }
        if let root = footer.schema.first, !columns.isEmpty {
            schema[0] = ParquetSchemaText.root(name: root.name, childCount: root.childCount + columns.count)
        }
        schema += zip(names, columns).map { name, column in column.schemaElement(name: name) }
        let notes = footer.notes.filter { columns.isEmpty || !Self.schemaNotes.contains($0.key) }
        try writer.finish(schema: schema, notes: notes.map { Array(source.bytes($0.place)) })
    }
}

extension AddedColumn {
    /// Doubles for numbers, byte arrays for texts.
    var physicalType: Int {
        switch values {
        case .numbers, .doubles: 5
        case .texts: 6
        }
    }

    func schemaElement(name: String) -> [UInt8] {
        switch values {
        case .numbers, .doubles: ParquetSchemaText.column(name: name, physicalType: physicalType, .none)
        case .texts: ParquetSchemaText.column(name: name, physicalType: physicalType, .text)
        }
    }

    /// The values of some written rows. Numbers are the doubles that their text in other formats is nearest to.
    func chunk(_ rows: Range<Int>) -> ParquetRawChunk {
        var chunk = ParquetRawChunk(fullLevel: 1)
        for row in rows {
            switch values {
            case .texts(let texts): chunk.append(texts[row].utf8)
            case .numbers(let numbers):
                guard !numbers[row].isNaN, let double = Double("\(numbers[row])") else {
                    chunk.appendMissing()
                    continue
                }
                chunk.append(number: double)
            case .doubles(let numbers):
                if numbers[row].isNaN { chunk.appendMissing() } else { chunk.append(number: numbers[row]) }
            }
        }
        return chunk
    }
}
