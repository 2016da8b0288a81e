/// Reads a list of JSON objects, objects one after the other however they are laid out, or the only list of an object such as
/// `{"instances": […]}`. Keys become columns as in JSON Lines.
enum JSONReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        let survey = FileSurvey(file: file, threadCount: options.threads)
        if survey.counts.nuls > 0 { throw FileSurvey.nulError(file, path) }
        let extent = try JSONExtent(objectsOf: file, path: path, threadCount: options.threads)
        return try JSONLinesReader.table(file, extent, .json, survey, path: path, options: options, schema: schema)
    }
}
