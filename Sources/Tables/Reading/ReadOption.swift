/// One of the ways to say how a file is to be read: on the command line `--NAME VALUE`, in the studio's dialog `NAME = VALUE`.
public enum ReadOption: String, Sendable, Hashable, CaseIterable {
    case format = "input-format"
    case delimiter, decimal, thousands, quote, comment, encoding, header
    case skippedLines = "skip-rows"
    case missing, type
    case dateFormat = "date-format"
    case rows, sheet, table, strict

    /// What its value is, in capitals; nil = it has none.
    public var placeholder: String? {
        switch self {
        case .format: "F"
        case .delimiter, .decimal, .thousands, .quote, .comment: "C"
        case .encoding: "E"
        case .header: "yes|no|ROW"
        case .skippedLines, .rows: "N"
        case .missing: "WORDS"
        case .type: "COL=KIND"
        case .dateFormat: "ORDER"
        case .sheet, .table: "NAME"
        case .strict: nil
        }
    }

    /// What it does, in one line.
    public var help: String {
        switch self {
        case .format: "what the file is: \(DataFormat.allCases.map(\.rawValue).joined(separator: ", "))"
        case .delimiter: "what separates fields: a character, tab, or blanks (runs of spaces and tabs)"
        case .decimal: "the decimal mark: . or ,"
        case .thousands: "what groups the digits of large numbers: , . ' _ space, or none"
        case .quote: "what stands around a field that holds the delimiter: a character, or none"
        case .comment: "lines that begin with this character are left out; none = there are no such lines"
        case .encoding:
            "how characters are written: utf-8, utf-16, latin1, cp1252, shift-jis, gb18030, … (as iconv -l lists them)"
        case .header: "whether the first line names the columns, or the line that does, from 1"
        case .skippedLines: "lines at the top that are not data"
        case .missing: "words for a missing value besides the usual ones, with commas between; with = in front, instead of them"
        case .type: "what a column is: \(ColumnKind.allCases.map(\.rawValue).joined(separator: ", "))"
        case .dateFormat: "the order of dates: dmy, mdy or ymd; or a pattern such as %d.%m.%Y %H:%M"
        case .rows: "read only the first N records"
        case .sheet: "the sheet of a workbook"
        case .table: "the table of a database"
        case .strict: "refuse a value that does not fit its column, with its place, instead of taking it as missing"
        }
    }
}
