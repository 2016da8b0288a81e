/// Reads what SageMaker's built-in algorithms train on: records of features and a label, as protobuf in RecordIO. Features are
/// the columns `f0`, `f1`, …, and the label is the last one. Values that sparse records do not write are zero.
enum RecordIOReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        do throws(TableError) {
            let rowCount = try count(file, limit: options.rowLimit)
            var rows = RecordRows(rowCount: rowCount.read, path: path)
            var frames = RecordFrames(file.bytes)
            while frames.count < rowCount.read {
                let record = try frames.next()
                do throws(TableError) { try rows.add(record) } catch {
                    var error = error
                    error.message = "record \(frames.count): \(error.message)"
                    throw error
                }
            }
            var typed = rows.typedColumns(TypedColumns(options: options, schema: schema))
            try typed.finish()
            var reading = TableReading(format: .recordIO)
            reading.isCut = rowCount.isCut
            return Table(
                columns: typed.columns, path: path, reading: reading, schema: typed.schema, byteCount: file.storedCount,
                fingerprint: FileSurvey(file: file, threadCount: options.threads).fingerprint, warnings: typed.warnings)
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    /// How many records to read, and whether there are more.
    private static func count(_ file: FileBytes, limit: Int?) throws(TableError) -> (read: Int, isCut: Bool) {
        var frames = RecordFrames(file.bytes)
        while !frames.isAtEnd {
            if let limit, frames.count == limit { return (limit, true) }
            _ = try frames.next()
        }
        return (frames.count, false)
    }
}
