/// The first rows of a data file as it would be read.
public struct DataPreview: Sendable, Hashable {
    /// One column.
    public struct Column: Sendable, Hashable {
        public var name: String
        public var kind: String
        /// How the file writes the values, where that is not as programs write them.
        public var written: String?
        /// The first rows' values; nil = missing.
        public var values: [String?]

        public init(name: String, kind: String, written: String? = nil, values: [String?] = []) {
            self.name = name
            self.kind = kind
            self.written = written
            self.values = values
        }
    }

    /// What was decided, from the rows that were looked at.
    public var reading: DataReading
    public var columns: [Column]
    public var warnings: [DataWarning]
    /// Whether the file has no more rows than those that were looked at.
    public var isWhole: Bool

    public init(reading: DataReading, columns: [Column], warnings: [DataWarning] = [], isWhole: Bool = true) {
        self.reading = reading
        self.columns = columns
        self.warnings = warnings
        self.isWhole = isWhole
    }

    /// What came of looking at a file.
    public enum Outcome: Sendable, Hashable {
        case preview(DataPreview)
        /// An option that makes no sense, and what is valid.
        case badOption(String)
        /// Why the file cannot be read with these options.
        case unreadable(String)
    }
}
