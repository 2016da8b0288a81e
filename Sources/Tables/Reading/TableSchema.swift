/// What was decided about reading, kept with what was learned from the data: applied to other files, it is not guessed again.
public struct TableSchema: Sendable, Hashable, Codable {
    /// One rule a column, in the file's order.
    public var columns: [ColumnRule]
    /// The encoding of text that does not say its own.
    public var encoding: String?
    /// Words for a missing value that a user gave.
    public var missing: ReadOptions.Missing?

    /// A schema of columns.
    public init(columns: [ColumnRule] = [], encoding: String? = nil, missing: ReadOptions.Missing? = nil) {
        self.columns = columns
        self.encoding = encoding
        self.missing = missing
    }

    /// Whether the file had no names for its columns.
    var isNameless: Bool { columns.enumerated().allSatisfy { $1.name == "column_\($0 + 1)" } }

    /// The rule of a column.
    public func rule(for name: String) -> ColumnRule? { columns.first { $0.name == name } }
}

/// How one column's texts become values.
public struct ColumnRule: Sendable, Hashable, Codable {
    public var name: String
    public var kind: ColumnKind
    /// How its numbers are written; nil = as programs write them.
    public var numbers: NumberSpelling?
    /// How its dates are written.
    public var dates: DateRule?
    /// Words that stood for a missing value in this column, beside the usual ones.
    public var missing: [String]
    /// The false word and the true one of truth values.
    public var words: [String]?
    /// Whether the values leave more than one way to read them; not kept.
    var isGuess = false

    private enum CodingKeys: String, CodingKey { case name, kind, numbers, dates, missing, words }

    /// Whether it says nothing of how dates or truth values are written, as what was learned from files that hold them as such.
    var isBare: Bool { kind == .date && dates == nil || kind == .boolean && words == nil }

    /// A rule for a column.
    public init(
        name: String, kind: ColumnKind, numbers: NumberSpelling? = nil, dates: DateRule? = nil, missing: [String] = [],
        words: [String]? = nil
    ) {
        self.name = name
        self.kind = kind
        self.numbers = numbers
        self.dates = dates
        self.missing = missing
        self.words = words
    }
}
