import Numerics

/// What formats that hold their rows column by column have in common: columns are decoded side by side, each by one thread.
struct ColumnarTable {
    let file: FileBytes
    let path: String
    let format: DataFormat
    let rowCount: Int
    var isCut = false
    /// The names in the file; several may be the same.
    let names: [String]
    /// Whether the file's bytes are summed up: not where only a part of it is read.
    var hasFingerprint = true

    /// - Parameter decode: gives the typed column at a place of the file, under a name of its own.
    func read(
        _ empty: TypedColumns, decode: (_ place: Int, _ name: String) throws(TableError) -> TypedColumns
    ) throws(TableError) -> Table {
        let (unique, nameWarnings) = CSVLayout.uniqueNames(names)
        // pandas keeps its row labels in columns of such names; they say nothing about the rows.
        let labels = names.indices.filter { unique[$0].hasPrefix("__index_level_") && names.count > 1 }
        let wanted = names.indices.filter { !labels.contains($0) }
        var results = [Result<TypedColumns, TableError>?](repeating: nil, count: wanted.count)
        let workers = rowCount * wanted.count < 50_000 ? 1 : min(empty.options.threads, wanted.count)
        results.withUnsafeMutableBufferPointer { results in
            withoutActuallyEscaping(decode) { decode in
                // SAFETY: each thread writes its own elements and is joined before they are read; what is decoded is not changed.
                nonisolated(unsafe) let (results, decode) = (results, decode)
                WorkerThreads.run(workers) { worker in
                    for index in stride(from: worker, to: wanted.count, by: workers) {
                        let place = wanted[index]
                        results[index] = Result { () throws(TableError) in try decode(place, unique[place]) }
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
                .droppedColumn, column: unique[$0],
                "\(unique[$0]) holds pandas' row labels and is left out: name the index in pandas to keep it")
        }
        if rowCount == 0 { warnings.append(TableWarning(.noRows, "the file has columns and no rows")) }
        var reading = TableReading(format: format)
        (reading.isCut, reading.misfits) = (isCut, typed.misfits)
        return Table(
            columns: typed.columns, path: path, reading: reading, schema: typed.schema, byteCount: file.storedCount,
            fingerprint: hasFingerprint ? FileSurvey(file: file, threadCount: empty.options.threads).fingerprint : "",
            warnings: warnings)
    }
}
