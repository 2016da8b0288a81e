/// Reads Arrow IPC files (Feather version 2) and streams: batches of flat columns and groups, columns side by side.
enum ArrowReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        do throws(TableError) {
            // Whoever says what the file is may be wrong.
            guard file.bytes.starts(with: ArrowMessages.mark) || ArrowMessages.isStream(file.bytes) else {
                throw TableError(.unsupportedFormat, "is no Arrow file or stream: say what else it is, or nothing")
            }
            let contents = try ArrowContents(file.bytes, rowLimit: options.rowLimit)
            guard !contents.schema.leaves.isEmpty else {
                throw TableError(.emptyFile, "has no columns: write at least one")
            }
            try MemoryBudget.check(rowCount: contents.rowCount, columnCount: contents.pieces.count, path: path)
            return try table(file, contents, path: path, TypedColumns(options: options, schema: schema))
        } catch {
            var error = error
            error.path = path
            error.message = error.message.replacing("'IN'", with: "'\(path)'")
            throw error
        }
    }

    private static func table(
        _ file: FileBytes, _ contents: ArrowContents, path: String, _ empty: TypedColumns
    ) throws(TableError) -> Table {
        let leaves = contents.schema.leaves
        let table = ColumnarTable(
            file: file, path: path, format: .arrow, rowCount: contents.rowCount, isCut: contents.isCut,
            names: leaves.map(\.name))
        return try table.read(empty) { place, name throws(TableError) in
            var column = ArrowColumn(
                file.bytes, name: name, type: leaves[place].type, encoding: leaves[place].encoding, empty)
            return try column.decode(contents.pieces[place], rowCount: contents.rowCount, empty)
        }
    }
}
