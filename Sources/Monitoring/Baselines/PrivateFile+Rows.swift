import Files
import Tables

extension PrivateFile {
    /// Writes rows as CSV with a header, texts as they are; an empty cell is a missing value.
    public static func write(_ table: Table, to path: String) throws(FileError) {
        var text = table.columns.map { cell($0.name) }.joined(separator: ",") + "\n"
        for row in 0..<table.rowCount {
            let cells = table.columns.map { column in column.text(at: row).map(cell) ?? "" }
            // An only cell that is missing would be no line.
            text += (cells.count == 1 && cells[0].isEmpty ? "\"\"" : cells.joined(separator: ",")) + "\n"
        }
        try write(bytes: Array(text.utf8), to: path)
    }

    private static func cell(_ text: String) -> String {
        let isPlain = !text.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
        guard !isPlain || text.first == " " || text.last == " " else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
