/// Writes rows as JSON objects.
struct JSONText {
    /// One list of all instead of one object a line.
    let isList: Bool

    func write(
        _ rows: any SourceRows, _ table: Table, adding columns: [AddedColumn], to output: RowOutput
    ) throws(TableError) {
        var rows = rows
        let width = rows.names.count
        let names = (rows.names + AddedColumn.uniqueNames(columns, beside: rows.names)).map(Self.quoted)
        let isNumeric = rows.names.map { name in
            let kind = table.column(named: name)?.kind
            return kind == .integer || kind == .numeric
        }
        var written = 0
        if isList { try output.append("[") }
        while try rows.next() {
            if isList { try output.append(written == 0 ? "\n" : ",\n") }
            var line = "{"
            for column in names.indices {
                line += column == 0 ? "" : ", "
                line += names[column] + ": "
                guard column < width else {
                    line += Self.token(columns[column - width].value(written), isNumeric: false)
                    continue
                }
                let value = rows.value(column)
                if case .bytes = value {
                    throw TableError(
                        .unsupportedFormat,
                        "column '\(rows.names[column])' holds bytes that are no UTF-8, which JSON cannot hold: write CSV or Parquet",
                        path: table.path)
                }
                line += Self.token(value, isNumeric: isNumeric[column])
            }
            try output.append(isList ? line + "}" : line + "}\n")
            written += 1
        }
        if isList { try output.append("\n]\n") }
    }

    /// A value as JSON. What has no number in JSON is a text, but NaN, which is no value.
    ///
    /// - Parameter isNumeric: whether a text that is a number in JSON's spelling is meant as one.
    static func token(_ value: SourceValue, isNumeric: Bool) -> String {
        switch value {
        case .missing: "null"
        case .number(let text): isNumber(text) ? text : isNaN(text) ? "null" : quoted(text)
        case .truth(let truth): truth ? "true" : "false"
        case .text(let text): isNumeric && isNumber(text) ? text : quoted(text)
        case .bytes(let bytes): quoted(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// A text in quotes, with what JSON wants escaped, and nothing that ends a line anywhere.
    static func quoted(_ text: String) -> String {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 10: result += "\\n".utf8
            case 13: result += "\\r".utf8
            case 9: result += "\\t".utf8
            case 0..<32:
                let digits = String(byte, radix: 16)
                result += (digits.utf8.count == 1 ? "\\u000" : "\\u00").utf8
                result += digits.utf8
            default: result.append(byte)
            }
        }
        result.append(UInt8(ascii: "\""))
        return String(decoding: result, as: UTF8.self)
    }

    private static func isNaN(_ text: String) -> Bool { text.lowercased() == "nan" }

    /// Whether a text is a number by JSON's grammar.
    ///
    /// - Source: RFC 8259, section 6.
    static func isNumber(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        let digits: (inout ArraySlice<UInt8>) -> Int = { bytes in
            let count = bytes.prefix { (48...57).contains($0) }.count
            bytes = bytes.dropFirst(count)
            return count
        }
        if bytes.first == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
        let startsWithZero = bytes.first == 48
        let whole = digits(&bytes)
        guard whole > 0, !startsWithZero || whole == 1 else { return false }
        if bytes.first == UInt8(ascii: ".") {
            bytes = bytes.dropFirst()
            guard digits(&bytes) > 0 else { return false }
        }
        if let mark = bytes.first, mark | 32 == UInt8(ascii: "e") {
            bytes = bytes.dropFirst()
            if let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
            guard digits(&bytes) > 0 else { return false }
        }
        return bytes.isEmpty
    }
}
