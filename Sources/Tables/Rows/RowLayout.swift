/// The columns that are wanted of rows that come without a file, and how the values of each are read: by what was learned, with nothing
/// guessed again.
public struct RowLayout: Sendable {
    /// The columns, in the order by which values are put into them.
    public let names: [String]
    let options: ReadOptions
    /// What was learned of the columns that are not plain numbers.
    let schema: TableSchema?
    /// The rules of columns whose values are plain numbers; nil for the others.
    let numberRules: [ColumnRule?]
    /// Whether all columns' values are plain numbers.
    let isPlain: Bool

    /// - Parameters:
    ///   - schema: what was decided when the data was read that these rows are like.
    ///   - options: what was said by hand of how that data is written.
    public init(columns names: [String], schema: TableSchema?, options: ReadOptions = ReadOptions()) {
        precondition(Set(names).count == names.count, "a column twice among \(names)")
        var options = options
        options.missing = options.missing ?? schema?.missing
        let rules = schema?.rulesByName ?? [:]
        numberRules = names.map { name in
            guard let rule = rules[name], options.kinds[name] == nil, options.missing == nil, options.decimal == nil,
                rule.kind == .numeric || rule.kind == .integer, rule.missing.isEmpty, (rule.numbers ?? .plain) == .plain
            else { return nil }
            return rule
        }
        let plain = Set(numberRules.compactMap { $0?.name })
        isPlain = !numberRules.contains { $0 == nil }
        self.schema = schema?.keeping(Set(names).subtracting(plain))
        (self.names, self.options) = (names, options)
    }

    /// What separates the values of delimited text, where somebody said so; else a comma.
    public var delimiter: UInt8 { options.delimiter?.asciiValue ?? UInt8(ascii: ",") }
}
