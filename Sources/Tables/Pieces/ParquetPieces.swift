/// A Parquet file as its row groups.
struct ParquetPieces: Sendable {
    private let path: String
    private let file: FileBytes
    private let footer: ParquetFooter, leaves: [ParquetLeaf]
    private let options: ReadOptions
    /// The rows of the first group, by whose schema the others are read.
    let sample: Table
    /// The first row of each group, and behind them the number of rows.
    let firstRows: [Int]

    /// nil for another file, and for one of a single group.
    init?(path: String, options: ReadOptions) throws(TableError) {
        guard try DataFiles(path) == nil else { return nil }
        let file = try FileBytes(path: path)
        let format = if let said = options.format { said } else { try DataFormat(of: file, path: path, options: options) }
        guard file.storedCount == file.count, format == .parquet else { return nil }
        (self.path, self.file, self.options) = (path, file, options)
        (footer, leaves) = try ParquetReader.contents(of: file, path: path)
        guard footer.rowGroups.count > 1, footer.rowGroups.allSatisfy({ $0.rowCount > 0 }) else { return nil }
        firstRows = footer.rowGroups.reduce(into: [0]) { rows, group in rows.append((rows.last ?? 0) + group.rowCount) }
        sample = try ParquetReader.table(file, footer, leaves, group: 0, path: path, options: options, schema: nil)
    }

    var count: Int { footer.rowGroups.count }
    var byteCount: Int { file.storedCount }
    var rowCount: Int { footer.rowCount }

    func table(_ group: Int) throws(TableError) -> Table {
        group == 0
            ? sample
            : try ParquetReader.table(
                file, footer, leaves, group: group, path: path, options: options, schema: sample.schema)
    }
}
