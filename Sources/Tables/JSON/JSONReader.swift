/// Reads a list of JSON objects, objects one after the other however they are laid out, or the only list of an object such as
/// `{"instances": […]}`. Keys become columns as in JSON Lines.
enum JSONReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        var survey = FileSurvey(file: file, threadCount: options.threads)
        let text = try file.asText(path: path, survey: &survey, said: options.encoding, known: schema?.encoding, quote: 0)
        let extent = try JSONExtent(objectsOf: text, path: path, threadCount: options.threads)
        return try JSONLinesReader.table(text, extent, .json, survey, path: path, options: options, schema: schema)
    }
}
