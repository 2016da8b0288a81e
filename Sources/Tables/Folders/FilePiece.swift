/// One of the files that a table of several was read from, for whoever writes its rows out again.
struct FilePiece: Hashable, Sendable {
    let path: String
    let fingerprint: String
    let rowCount: Int
    /// What was decided when it was read.
    let reading: TableReading
    /// The table's names of its columns, in the file's own order.
    let names: [String]
    /// What its folders' names say, by column.
    let partitions: [String: String]
}
