extension ReadOption {
    /// Values that are most likely meant, to go through and to complete; others may be as valid. Of `type` they are the kinds.
    public var choices: [String] {
        switch self {
        case .format: DataFormat.allCases.map(\.rawValue)
        case .delimiter: [",", ";", "tab", "|", "blanks"]
        case .decimal: [".", ","]
        case .thousands: [",", ".", "'", "_", "space", "none"]
        case .quote: ["\"", "'", "none"]
        case .comment: ["#", "%", "none"]
        case .encoding: ["utf-8", "cp1252", "latin1", "iso-8859-15", "cp1250", "utf-16", "shift-jis", "gb18030", "euc-kr"]
        case .header: ["yes", "no"]
        case .type: ColumnKind.allCases.map(\.rawValue)
        case .dateFormat: ["dmy", "mdy", "ymd"]
        case .strict: ["yes", "no"]
        case .skippedLines, .missing, .rows, .sheet, .table: []
        }
    }

    /// Whether it is said once for each of several columns.
    public var isRepeatable: Bool { self == .type }
}
