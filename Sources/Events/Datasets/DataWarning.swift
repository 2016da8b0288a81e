import JSON

/// Something about a data file or one of its columns that the user should know.
public struct DataWarning: Sendable, Hashable {
    /// Stable word for tests and filters, such as `constantColumn`, `allMissing`, `orderedByTarget`, `scaleSpread`, `leakage`.
    public var code: String
    public var column: String?
    /// What was found; what to do.
    public var message: String
    /// Rows to look at, the most doubtful first, counted from 1 as they stand in the file; nil where it is not about single rows.
    public var rows: [Int]?

    /// Whether nothing is wrong: it says what was decided.
    public var isNotice: Bool { code == "featureChoice" || code == "targetTask" }

    public init(code: String, column: String?, message: String, rows: [Int]? = nil) {
        self.code = code
        self.column = column
        self.message = message
        self.rows = rows
    }
}

extension DataWarning {
    var json: JSONValue {
        .object([
            "code": .string(code), "column": column.map { .string($0) }, "message": .string(message),
            "rows": rows.map { .array($0.map { .integer($0) }) }, "answer": answer.map { .string($0.words) },
        ])
    }

    init?(json: JSONValue) {
        guard let code = json["code"]?.string, let message = json["message"]?.string else { return nil }
        self.init(
            code: code, column: json["column"]?.string, message: message,
            rows: json["rows"]?.array?.compactMap(\.integer))
    }
}
