/// Reads one JSON object a line. Keys are columns, in the order of their first appearance; keys of objects within objects are
/// joined by points, `{"a":{"b":1}}` gives `a.b`. A key that is absent and a null are missing values.
enum JSONLinesReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        var survey = FileSurvey(file: file, threadCount: options.threads)
        let text = try file.asText(path: path, survey: &survey, said: options.encoding, known: schema?.encoding, quote: 0)
        let extent = JSONExtent(linesOf: text, survey)
        return try table(text, extent, .jsonLines, survey, path: path, options: options, schema: schema)
    }

    /// The objects of a part of a file as a table.
    static func table(
        _ file: FileBytes, _ extent: JSONExtent, _ format: DataFormat, _ survey: FileSurvey, path: String,
        options: ReadOptions, schema: TableSchema?
    ) throws(TableError) -> Table {
        var parse = JSONLinesParse(
            file, extent, path: path, hasHighBytes: survey.counts.high_bytes > 0, options: options, schema: schema)
        do throws(TableError) { try parse.run() } catch {
            // As where files were put together of which one had no end of line.
            guard parse.isRunTogether, !extent.spansLines, options.format == nil else { throw error }
            let objects = try JSONExtent(objectsOf: file, path: path, threadCount: options.threads)
            return try table(file, objects, .json, survey, path: path, options: options, schema: schema)
        }
        if let fault = extent.fault, options.rowLimit == nil { throw fault }
        var typed = try parse.typedColumns()
        try typed.finish()
        guard !typed.columns.isEmpty else {
            throw TableError(.emptyFile, "the objects have no keys: each needs at least one", path: path)
        }
        var reading = TableReading(format: format)
        (reading.isCut, reading.misfits, reading.encoding) = (parse.isCut, typed.misfits, file.encoding)
        return Table(
            columns: typed.columns, path: path, reading: reading, schema: typed.schema, byteCount: file.storedCount,
            fingerprint: survey.fingerprint,
            warnings: [survey.encodingWarning(file)].compactMap { $0 } + extent.warnings + typed.warnings)
    }
}
