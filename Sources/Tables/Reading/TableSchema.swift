/// What was decided about reading, kept with what was learned from the data: applied to other files, it is not guessed again.
public struct TableSchema: Sendable, Hashable, Codable {
    /// One rule a column, in the file's order.
    public var columns: [ColumnRule]
    /// The encoding of text that does not say its own.
    public var encoding: String?
    /// Words for a missing value that a user gave.
    public var missing: ReadOptions.Missing?
    /// What lines begin with that are no records.
    public var comment: String?

    /// A schema of columns.
    public init(columns: [ColumnRule] = [], encoding: String? = nil, missing: ReadOptions.Missing? = nil) {
        self.columns = columns
        self.encoding = encoding
        self.missing = missing
    }

    /// What is said of some columns.
    public func keeping(_ names: Set<String>) -> TableSchema {
        var kept = self
        kept.columns.removeAll { !names.contains($0.name) }
        return kept
    }

    /// Whether it can be what a file was read by: one rule a name, two words for truth values.
    public var isSound: Bool {
        Set(columns.map(\.name)).count == columns.count && columns.allSatisfy { ($0.words?.count ?? 2) == 2 }
    }

    /// Rules by place in the record, where the file had no names for its columns; nil where it had.
    var rulesByPlace: [Int: ColumnRule]? {
        var rules: [Int: ColumnRule] = [:]
        for rule in columns {
            guard rule.name.hasPrefix("column_"), let number = Int(rule.name.dropFirst(7)), number > 0 else { return nil }
            rules[number - 1] = rule
        }
        return rules.isEmpty ? nil : rules
    }

    /// The rules of all columns, for whoever asks for many.
    var rulesByName: [String: ColumnRule] { Dictionary(columns.map { ($0.name, $0) }) { first, _ in first } }

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
    /// Whether values that are none by the rule are kept as the texts they are, since they are to be counted; not kept.
    var admitsOthers = false

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
