/// A file that a table, or a part of one, was read from, to be read once more for its rows' own words.
struct SourceFile {
    let path: String
    let fingerprint: String
    let reading: TableReading
    /// The table's names of the file's columns.
    let names: [String]

    init(_ table: Table) {
        (path, fingerprint, reading) = (table.path, table.fingerprint, table.reading)
        names = table.columns.map(\.name)
    }

    /// One of several files.
    init(_ piece: FilePiece) {
        (path, fingerprint, reading, names) = (piece.path, piece.fingerprint, piece.reading, piece.names)
    }

    /// The file, and its text as it was when the table was read: UTF-8, lines that end in newlines.
    func text() throws(TableError) -> (stored: FileBytes, text: FileBytes) {
        let stored = try reopened()
        var survey = FileSurvey(file: stored, threadCount: 1)
        let text = try stored.asText(
            path: path, survey: &survey, said: reading.encoding, known: nil, quote: reading.records?.dialect.quote ?? 0)
        return (stored, text)
    }

    /// The file, checked to be the one that was read.
    func reopened() throws(TableError) -> FileBytes {
        let file = try FileBytes(path: path)
        guard FileSurvey(file: file, threadCount: 1).fingerprint == fingerprint else { throw .changed(path) }
        return file
    }
}
