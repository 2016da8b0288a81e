/// Reads flat Parquet files, and those whose groups hold no lists: all pages of a column on one thread, columns side by side.
enum ParquetReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        do throws(TableError) {
            let footer = try ParquetFooter(file.bytes)
            let leaves = try ParquetLeaf.leaves(footer.schema)
            guard !leaves.isEmpty else {
                throw TableError(.emptyFile, "has no columns: write at least one")
            }
            try check(footer, leaves)
            try MemoryBudget.check(rowCount: footer.rowCount, columnCount: leaves.count, path: path)
            return try table(file, footer, leaves, path: path, TypedColumns(options: options, schema: schema))
        } catch {
            var error = error
            error.path = path
            error.message = error.message.replacing("'IN'", with: "'\(path)'")
            throw error
        }
    }

    /// Holds the row groups to the schema.
    static func check(_ footer: ParquetFooter, _ leaves: [ParquetLeaf]) throws(TableError) {
        for group in footer.rowGroups {
            guard group.chunks.count == leaves.count else { throw ThriftReader.damaged }
            for (chunk, leaf) in zip(group.chunks, leaves) {
                if chunk.isEncrypted {
                    throw TableError(
                        .unsupportedFormat, "column '\(leaf.name)' is encrypted: write the file again without encryption")
                }
                if chunk.isElsewhere {
                    throw TableError(
                        .unsupportedFormat, "column '\(leaf.name)' is in another file: write one file")
                }
            }
        }
    }

    private static func table(
        _ file: FileBytes, _ footer: ParquetFooter, _ leaves: [ParquetLeaf], path: String, _ empty: TypedColumns
    ) throws(TableError) -> Table {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[..<footer.end])
        let table = ColumnarTable(
            file: file, path: path, format: .parquet, rowCount: footer.rowCount, names: leaves.map(\.name))
        return try table.read(empty) { place, name throws(TableError) in
            var leaf = leaves[place]
            leaf.name = name
            var column = ParquetColumn(bytes, leaf: leaf, rowCount: footer.rowCount)
            return try column.decode(footer.rowGroups.map { (chunk: $0.chunks[place], rowCount: $0.rowCount) }, empty)
        }
    }
}
