import Numerics

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
        let (leaves, bytes) = (contents.schema.leaves, file.bytes)
        let (names, nameWarnings) = CSVLayout.uniqueNames(leaves.map(\.name))
        // pandas keeps its row labels in columns of such names; they say nothing about the rows.
        let labels = leaves.indices.filter { names[$0].hasPrefix("__index_level_") && leaves.count > 1 }
        let wanted = leaves.indices.filter { !labels.contains($0) }
        var results = [Result<TypedColumns, TableError>?](repeating: nil, count: wanted.count)
        let workers = contents.rowCount * wanted.count < 50_000 ? 1 : min(empty.options.threads, wanted.count)
        results.withUnsafeMutableBufferPointer { results in
            // SAFETY: each thread writes its own elements and is joined before they are read; the bytes outlive it.
            nonisolated(unsafe) let (results, bytes, contents) = (results, bytes, contents)
            WorkerThreads.run(workers) { worker in
                for index in stride(from: worker, to: wanted.count, by: workers) {
                    let leaf = contents.schema.leaves[wanted[index]]
                    var column = ArrowColumn(
                        bytes, name: names[wanted[index]], type: leaf.type, encoding: leaf.encoding,
                        empty)
                    let pieces = contents.pieces[wanted[index]]
                    results[index] = Result { () throws(TableError) in
                        try column.decode(pieces, rowCount: contents.rowCount, empty)
                    }
                }
            }
        }
        var typed = empty
        for result in results { if let result { typed.append(try result.get()) } }
        try typed.finish()
        var warnings = nameWarnings + typed.warnings
        warnings += labels.map {
            TableWarning(
                .droppedColumn, column: names[$0],
                "\(names[$0]) holds pandas' row labels and is left out: name the index in pandas to keep it")
        }
        if contents.rowCount == 0 { warnings.append(TableWarning(.noRows, "the file has columns and no rows")) }
        var reading = TableReading(format: .arrow)
        (reading.isCut, reading.misfits) = (contents.isCut, typed.misfits)
        return Table(
            columns: typed.columns, path: path, reading: reading, schema: typed.schema, byteCount: file.storedCount,
            fingerprint: FileSurvey(file: file, threadCount: empty.options.threads).fingerprint, warnings: warnings)
    }
}
