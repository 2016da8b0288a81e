/// How rows are written.
struct RowFormat: Equatable {
    enum Layout: Equatable {
        case delimited(Character)
        /// One object a line.
        case jsonLines
        /// One list of objects.
        case jsonList
        case parquet
    }

    var layout: Layout
    var packing: Packing?

    /// What is written to `path`: what its ending says, and the table's own format where that says nothing or what the table's own
    /// file says too. Standard output gets text.
    ///
    /// - Throws: `unsupportedFormat` for the ending of a format that is only read.
    init(_ table: Table, path: String, isStandardOutput: Bool) throws(TableError) {
        // What is only read is written as CSV.
        let own = Self.own(table) ?? .delimited(",")
        if isStandardOutput {
            layout = own == .parquet ? .delimited(",") : own
            return
        }
        packing = path.hasSuffix(".gz") ? .gzip : path.hasSuffix(".zst") ? .zstd : nil
        let ending = Self.ending(path)
        guard !Self.onlyRead.contains(ending) else {
            throw TableError(
                .unsupportedFormat,
                "\(ending) files are only read: give a name that ends with .csv, .tsv, .jsonl, .json or .parquet",
                path: path)
        }
        guard ending != Self.ending(table.firstPath) || Self.own(table) == nil else {
            layout = own
            return
        }
        layout =
            switch ending {
            case ".csv": if case .delimited(let mark) = own, mark != "\t" { own } else { .delimited(",") }
            case ".tsv", ".tab": .delimited("\t")
            case ".txt", ".dat", ".data": if case .delimited = own { own } else { .delimited(",") }
            case ".jsonl", ".ndjson": .jsonLines
            case ".json": .jsonList
            case ".parquet", ".pq": .parquet
            default: own
            }
    }

    /// How rows of a table are written in its file's own format; nil when that format is only read.
    static func own(_ table: Table) -> Layout? {
        switch table.format {
        case .csv: .delimited(table.delimiter)
        case .jsonLines: .jsonLines
        case .json: .jsonList
        case .parquet: .parquet
        default: nil
        }
    }

    /// Endings of formats that are read and not written.
    private static let onlyRead: Set = [
        ".xlsx", ".xls", ".xlsb", ".ods", ".arrow", ".arrows", ".feather", ".sqlite", ".sqlite3", ".db", ".svm", ".libsvm",
        ".pbr",
        ".recordio", ".idx",
    ]

    static func ending(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return DataFormat.nameParts(file).ending.lowercased()
    }
}

extension Table {
    /// The file it came from, the first of several.
    var firstPath: String { reading.files.first?.path ?? path }
}
