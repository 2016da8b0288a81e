/// What a data file holds, as the Datasets pane and `descent data profile` show it.
public struct DatasetProfile: Sendable, Hashable {
    public var path: String
    public var byteCount: Int
    /// 64-bit hash of the file's bytes, as 16 hexadecimal digits.
    public var fingerprint: String
    public var rowCount: Int
    /// `csv`, `json-lines`, `parquet` or `idx`.
    public var format: String
    public var delimiter: String
    public var hasHeader: Bool
    public var columns: [ColumnProfile]
    public var warnings: [DataWarning]
    /// What may be wrong, and what only says what becomes of a column.
    public var problems: [DataWarning] { warnings.filter { !$0.isNotice } }
    public var notices: [DataWarning] { warnings.filter(\.isNotice) }
    /// How a model of it is best judged: reasons, and the options that do it.
    public var advice: [Advice] = []
    /// How it was read; nil in what an earlier version described.
    public var reading: DataReading?
    /// What the user said about reading it, by read option; nil when nobody was asked, so that what was said before still holds.
    public var options: [String: String]?
    /// The file's when it was read; nil when it changed meanwhile, or nobody looked. Not on the wire: it is of use where the file is.
    public var stamp: DataFileStamp?
    /// The path as it was asked for, where that is another spelling. Not on the wire: it is of use to who asked.
    public var askedPath: String?

    public init(
        path: String, byteCount: Int, fingerprint: String, rowCount: Int, delimiter: String, hasHeader: Bool,
        columns: [ColumnProfile], warnings: [DataWarning], format: String = "csv"
    ) {
        self.path = path
        self.byteCount = byteCount
        self.fingerprint = fingerprint
        self.rowCount = rowCount
        self.format = format
        self.delimiter = delimiter
        self.hasHeader = hasHeader
        self.columns = columns
        self.warnings = warnings
    }

    /// A piece of advice.
    public struct Advice: Sendable, Hashable {
        /// `validation` or `metric`.
        public var topic: String
        /// In one sentence.
        public var reason: String
        /// Names of `JobOption`s, or `objective`, and their values.
        public var options: [String: String]

        public init(topic: String, reason: String, options: [String: String]) {
            (self.topic, self.reason, self.options) = (topic, reason, options)
        }

        /// The options as the command line takes them.
        public var words: String {
            options.sorted { $0.key < $1.key }.map { "--\($0.key) \($0.value.contains(" ") ? "'\($0.value)'" : $0.value)" }
                .joined(separator: " ")
        }
    }

    /// What separates the fields, in a word; nil in a format that has no such thing.
    public var separator: String? { format != "csv" ? nil : delimiter == "\t" ? "tab" : delimiter }

    /// File name without folders.
    public var name: String { String(path.split(separator: "/").last ?? path[...]) }
}
