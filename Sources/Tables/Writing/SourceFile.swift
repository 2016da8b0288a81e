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

    /// The file, checked to be the one that was read.
    func reopened() throws(TableError) -> FileBytes {
        let file = try FileBytes(path: path)
        guard FileSurvey(file: file, threadCount: 1).fingerprint == fingerprint else { throw .changed(path) }
        return file
    }
}
