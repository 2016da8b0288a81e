import Numerics

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
        let (names, nameWarnings) = CSVLayout.uniqueNames(leaves.map(\.name))
        // pandas keeps its row labels in columns of such names; they say nothing about the rows.
        let labels = leaves.indices.filter { names[$0].hasPrefix("__index_level_") && leaves.count > 1 }
        let wanted = leaves.indices.filter { !labels.contains($0) }
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[..<footer.end])
        var results = [Result<TypedColumns, TableError>?](repeating: nil, count: wanted.count)
        let workers = footer.rowCount * wanted.count < 50_000 ? 1 : min(empty.options.threads, wanted.count)
        results.withUnsafeMutableBufferPointer { results in
            // SAFETY: each thread writes its own elements and is joined before they are read; the bytes outlive it.
            nonisolated(unsafe) let (results, bytes) = (results, bytes)
            WorkerThreads.run(workers) { worker in
                for index in stride(from: worker, to: wanted.count, by: workers) {
                    var leaf = leaves[wanted[index]]
                    leaf.name = names[wanted[index]]
                    var column = ParquetColumn(bytes, leaf: leaf, rowCount: footer.rowCount)
                    let pieces = footer.rowGroups.map { (chunk: $0.chunks[wanted[index]], rowCount: $0.rowCount) }
                    results[index] = Result { () throws(TableError) in try column.decode(pieces, empty) }
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
        if footer.rowCount == 0 { warnings.append(TableWarning(.noRows, "the file has columns and no rows")) }
        return Table(
            columns: typed.columns, path: path, reading: TableReading(format: .parquet), schema: typed.schema,
            byteCount: file.storedCount,
            fingerprint: FileSurvey(file: file, threadCount: empty.options.threads).fingerprint, warnings: warnings)
    }
}
