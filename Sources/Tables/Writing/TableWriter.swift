import Files
import OutputFiles

/// Writes rows of a table's file as they stand in it, with or without columns added.
public enum TableWriter {
    /// Writes the given rows of the table's file in the file's order, and the added columns behind them.
    ///
    /// The format is the file's own unless the ending of `path` names another: `.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.json` (one
    /// list), `.parquet`, all of them also packed (`.gz`, `.zst`). Records of delimited text and of JSON Lines are kept byte for
    /// byte and values of Parquet bit for bit; in another format a value is the text that stands in the file, or the exact text
    /// of the stored value. Standard output gets text: CSV for Parquet.
    ///
    /// A header is kept. Delimited text without one stays without one, unless columns are added: then the output gets a header of
    /// `column_1` … and the added names, so that the new columns can be told apart.
    ///
    /// - Parameter path: a file, replaced as a whole when all is written, or what else `OutputFile` takes.
    /// - Throws: `writeFailed`, `fileNotFound`; `unreadable` when the file has changed since the table was read;
    ///   `unsupportedFormat` for bytes that are no text, in JSON.
    public static func write(
        _ table: Table, rows: [Int]? = nil, adding columns: [AddedColumn] = [], to path: String, in batch: OutputBatch? = nil
    ) throws(TableError) {
        let format = try RowFormat(table, path: path, isStandardOutput: path == OutputFile.standardOutput)
        let choice = RowChoice(rows, of: table.rowCount)
        for column in columns {
            precondition(
                column.count == choice.count, "column \(column.name): \(column.count) values for \(choice.count) rows")
        }
        let sources = table.reading.files.isEmpty ? [table.path] : table.reading.files.map(\.path)
        let stamps = sources.map { FileStamp($0) }
        /// Writes the output, unless a file that is read for it changes meanwhile.
        func writing(_ body: (RowOutput) throws(TableError) -> Void) throws(TableError) {
            try RowOutput.writing(path, packing: format.packing, in: batch) { output throws(TableError) in
                try body(output)
                if let changed = zip(sources, stamps).first(where: { FileStamp($0) != $1 }) { throw .changed(changed.0) }
            }
        }
        if !table.reading.files.isEmpty {
            let rows = FolderRows(table, choice)
            if rows.canCopy(as: format.layout, adding: columns) {
                return try writing { output throws(TableError) in try rows.copy(adding: columns, to: output) }
            }
            return try writing { output throws(TableError) in
                try write(format, columns, table, rows, to: output)
            }
        }
        let source = SourceFile(table)
        switch (table.format, format.layout) {
        case (.csv, .delimited(table.delimiter)):
            let rows = try CSVRows(source, choice)
            try writing { output throws(TableError) in try rows.copy(adding: columns, to: output) }
        case (.jsonLines, .jsonLines), (.jsonLines, .jsonList), (.json, .jsonLines), (.json, .jsonList):
            let rows = try JSONLinesCopy(source, names: source.names, choice, adding: columns)
            try writing { output throws(TableError) in try rows.write(to: output, asList: format.layout == .jsonList) }
        case (.parquet, .parquet):
            let rows = try ParquetCopy(try source.reopened(), choice, adding: columns)
            try writing { output throws(TableError) in try rows.write(to: output) }
        case (.idx, _), (.libsvm, _), (.recordIO, _):
            try writing { output throws(TableError) in
                try write(format, columns, table, TableRows(table, choice), to: output)
            }
        default:
            try writing { output throws(TableError) in
                try write(format, columns, table, try source.rows(choice), to: output)
            }
        }
    }

    /// Writes a table made in memory, with a header where the format has one: what the ending of `path` says, or CSV.
    ///
    /// - Throws: `writeFailed`.
    public static func write(columnsOf table: Table, to path: String) throws(TableError) {
        let made = Table(columns: table.columns)
        let format = try RowFormat(made, path: path, isStandardOutput: path == OutputFile.standardOutput)
        try RowOutput.writing(path, packing: format.packing) { output throws(TableError) in
            try write(format, [], made, TableRows(made, RowChoice(nil, of: made.rowCount)), to: output)
        }
    }

    /// What the name of a file with this table's rows ends with, so that it is written in the table's own format.
    public static func ending(for table: Table) -> String {
        guard RowFormat.own(table) != nil else { return ".csv" }
        let ending = DataFormat.nameParts(FilePath.name(table.firstPath)).ending
        // The parts of a data set often have no endings; a file made of them gets one.
        return ending.isEmpty && (table.format == .parquet || !table.reading.files.isEmpty) ? table.format.usualEnding : ending
    }

    /// Writes values in a format that is not their file's.
    private static func write(
        _ format: RowFormat, _ columns: [AddedColumn], _ table: Table, _ rows: any SourceRows, to output: RowOutput
    ) throws(TableError) {
        switch format.layout {
        case .delimited(let mark): try DelimitedText(delimiter: mark).write(rows, adding: columns, to: output)
        case .jsonLines, .jsonList:
            try JSONText(isList: format.layout == .jsonList).write(rows, table, adding: columns, to: output)
        case .parquet:
            // Rows are values: they are gone through once to see what the columns can be, and once to write them.
            try TypedParquet(rows, table, adding: columns).write(rows, to: output)
        }
    }
}

extension TableError {
    /// A file is no longer what was read.
    static func changed(_ path: String) -> TableError {
        TableError(.unreadable, "has changed since it was read: read it again", path: path)
    }
}
