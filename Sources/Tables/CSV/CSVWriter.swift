import Glibc
import OutputFiles

/// Writes records of a table's file, as they stand in it, with or without columns added.
public struct CSVWriter {
    /// A column to add: its name and one value a written row.
    public struct AddedColumn: Sendable, Hashable {
        /// The name in the header; made unique if the table has it already.
        public var name: String
        /// One value for each written row.
        public var values: [String]

        /// A column to add.
        public init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// Writes the given rows of the table's file in the file's order, and the added columns behind them: those of delimited text
    /// byte for byte, those of other formats as CSV with a header.
    ///
    /// - Parameter path: a file, replaced as a whole when all is written, or what else `OutputFile` takes.
    ///
    /// The header is kept. A file without one stays without one, unless columns are added: then the output gets a header of
    /// `column_1` … and the added names, so that the new columns can be told apart.
    ///
    /// - Throws: `writeFailed`, `fileNotFound`; `unreadable` when the file has changed since the table was read.
    public static func write(
        _ table: Table, rows: [Int]? = nil, adding columns: [AddedColumn] = [], to path: String
    ) throws(TableError) {
        try OutputFile.writing(path) { output throws(TableError) in
            if table.format == .csv {
                try writeRecords(table, rows, columns, to: output)
            } else {
                try writeValues(table, rows, columns, to: output)
            }
        }
    }

    /// Writes a table made in memory, with a header.
    ///
    /// - Throws: `writeFailed`.
    public static func write(columnsOf table: Table, to path: String) throws(TableError) {
        try OutputFile.writing(path) { output throws(TableError) in try writeValues(table, nil, [], to: output) }
    }

    /// A field as it stands in a file: in quotes where it has to be.
    public static func quoted(_ text: String, delimiter: Character = ",") -> String {
        let needsQuotes =
            text.utf8.contains { $0 == 34 || $0 == 10 || $0 == 13 || $0 == delimiter.asciiValue } || text.utf8.first == 32
            || text.utf8.last == 32 || text.utf8.first == 9 || text.utf8.last == 9
        guard needsQuotes else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result.unicodeScalars.append("\"") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    private static func writeValues(
        _ table: Table, _ rows: [Int]?, _ added: [AddedColumn], to output: OutputFile
    ) throws(TableError) {
        let separator = String(table.delimiter)
        let quote = { (text: String) in quoted(text, delimiter: table.delimiter) }
        let names = table.columns.map(\.name) + addedNames(table, added)
        try output.append(names.map(quote).joined(separator: separator) + "\n")
        // A record of one empty field would be a blank line.
        let missing = names.count == 1 ? "\"\"" : ""
        for (position, row) in (rows?.sorted() ?? Array(0..<table.rowCount)).enumerated() {
            var fields = table.columns.map { $0.text(at: row).map(quote) ?? missing }
            fields += added.map { quote($0.values[position]) }
            try output.append(fields.joined(separator: separator) + "\n")
        }
    }

    private static func writeRecords(
        _ table: Table, _ rows: [Int]?, _ columns: [AddedColumn], to output: OutputFile
    ) throws(TableError) {
        let file = try FileBytes(path: table.path)
        guard FileSurvey(file: file, threadCount: 1).fingerprint == table.fingerprint else {
            throw TableError(.unreadable, "has changed since it was read: read it again", path: table.path)
        }
        let wanted = rows.map(Set.init)
        let names = addedNames(table, columns)
        let separator = String(table.delimiter)
        var records = RecordCursor(file: file, table: table)
        if table.hasHeader, let header = records.next() {
            try output.append(header)
            for name in names { try output.append(separator + quoted(name, delimiter: table.delimiter)) }
            try output.append(records.lineEnding)
        } else if !columns.isEmpty {
            let all = table.columns.map(\.name) + names
            try output.append(all.map { quoted($0, delimiter: table.delimiter) }.joined(separator: separator) + "\n")
        }
        var row = 0, written = 0
        while let record = records.next() {
            defer { row += 1 }
            if let wanted, !wanted.contains(row) { continue }
            try output.append(record)
            for column in columns {
                try output.append(separator + quoted(column.values[written], delimiter: table.delimiter))
            }
            try output.append(records.lineEnding)
            written += 1
        }
    }

    private static func addedNames(_ table: Table, _ columns: [AddedColumn]) -> [String] {
        var taken = Set(table.columns.map(\.name))
        return columns.map { column in
            var name = column.name, number = 2
            while taken.contains(name) {
                name = "\(column.name)_\(number)"
                number += 1
            }
            taken.insert(name)
            return name
        }
    }
}

extension TableError {
    /// A table that could not be written.
    init(_ error: OutputError) {
        self.init(error.isClosedPipe ? .closedPipe : .writeFailed, error.message, path: error.path)
    }
}

extension OutputFile {
    fileprivate func append(_ text: String) throws(TableError) {
        do throws(OutputError) { try write(text) } catch { throw TableError(error) }
    }

    fileprivate func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
        do throws(OutputError) { try write(bytes) } catch { throw TableError(error) }
    }

    /// Writes a file by way of `body`; nothing is left of it when that throws.
    fileprivate static func writing(
        _ path: String, _ body: (OutputFile) throws(TableError) -> Void
    ) throws(TableError) {
        let file: OutputFile
        do throws(OutputError) { file = try OutputFile(path) } catch { throw TableError(error) }
        try body(file)
        do throws(OutputError) { try file.finish() } catch { throw TableError(error) }
    }
}
