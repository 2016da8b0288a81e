/// Writes rows as delimited text with a header.
package struct DelimitedText {
    let delimiter: Character

    /// A field as it stands in a file: in quotes where it has to be.
    package static func quoted(_ text: String, delimiter: Character = ",") -> String {
        let edges: [UInt8?] = [32, 9]
        let needsQuotes =
            text.utf8.contains { $0 == 34 || $0 == 10 || $0 == 13 || $0 == delimiter.asciiValue }
            || edges.contains(text.utf8.first) || edges.contains(text.utf8.last)
        guard needsQuotes else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result.unicodeScalars.append("\"") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    func write(_ rows: any SourceRows, adding columns: [AddedColumn], to output: RowOutput) throws(TableError) {
        var rows = rows
        let separator = String(delimiter)
        let names = rows.names + AddedColumn.uniqueNames(columns, beside: rows.names)
        try output.append(names.map { Self.quoted($0, delimiter: delimiter) }.joined(separator: separator) + "\n")
        let width = rows.names.count
        var written = 0
        while try rows.next() {
            for column in 0..<names.count {
                if column > 0 { try output.append(separator) }
                let value = column < width ? rows.value(column) : columns[column - width].value(written)
                try append(value, isAlone: names.count == 1, to: output)
            }
            try output.append("\n")
            written += 1
        }
    }

    private func append(_ value: SourceValue, isAlone: Bool, to output: RowOutput) throws(TableError) {
        if case .bytes(let bytes) = value { return try output.append(quoted(bytes)) }
        let text = value.field ?? ""
        // A record of one empty field would be a blank line.
        try output.append(text.isEmpty && isAlone ? "\"\"" : Self.quoted(text, delimiter: delimiter))
    }

    /// Bytes that are no UTF-8, kept as they are.
    private func quoted(_ bytes: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        return [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
    }
}
