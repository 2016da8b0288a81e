/// Reads flat Parquet files, and those whose groups hold no lists: all pages of a column on one thread, columns side by side.
enum ParquetReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        let (footer, leaves) = try contents(of: file, path: path)
        do throws(TableError) {
            try MemoryBudget.check(rowCount: footer.rowCount, columnCount: leaves.count, path: path)
            return try table(file, footer, leaves, nil, path: path, TypedColumns(options: options, schema: schema))
        } catch { throw placed(error, path) }
    }

    /// What a file says it holds, held to its own schema.
    static func contents(of file: FileBytes, path: String) throws(TableError) -> (ParquetFooter, [ParquetLeaf]) {
        do throws(TableError) {
            let footer = try ParquetFooter(file.bytes)
            let leaves = try ParquetLeaf.leaves(footer.schema)
            guard !leaves.isEmpty else {
                throw TableError(.emptyFile, "has no columns: write at least one")
            }
            try check(footer, leaves)
            return (footer, leaves)
        } catch { throw placed(error, path) }
    }

    /// The rows of one row group.
    static func table(
        _ file: FileBytes, _ footer: ParquetFooter, _ leaves: [ParquetLeaf], group: Int, path: String, options: ReadOptions,
        schema: TableSchema?
    ) throws(TableError) -> Table {
        do throws(TableError) {
            try MemoryBudget.check(rowCount: footer.rowGroups[group].rowCount, columnCount: leaves.count, path: path)
            return try table(file, footer, leaves, group, path: path, TypedColumns(options: options, schema: schema))
        } catch { throw placed(error, path) }
    }

    private static func placed(_ error: TableError, _ path: String) -> TableError {
        var error = error
        error.path = path
        error.message = error.message.replacing("'IN'", with: "'\(path)'")
        return error
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

    /// - Parameter group: nil = all of them.
    private static func table(
        _ file: FileBytes, _ footer: ParquetFooter, _ leaves: [ParquetLeaf], _ group: Int?, path: String, _ empty: TypedColumns
    ) throws(TableError) -> Table {
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[..<footer.end])
        let groups = group.map { [footer.rowGroups[$0]] } ?? footer.rowGroups
        let rowCount = group == nil ? footer.rowCount : groups[0].rowCount
        var table = ColumnarTable(
            file: file, path: path, format: .parquet, rowCount: rowCount, names: leaves.map(\.name))
        table.hasFingerprint = group == nil
        return try table.read(empty) { place, name throws(TableError) in
            var leaf = leaves[place]
            leaf.name = name
            var column = ParquetColumn(bytes, leaf: leaf, rowCount: rowCount)
            return try column.decode(groups.map { (chunk: $0.chunks[place], rowCount: $0.rowCount) }, empty)
        }
    }
}
