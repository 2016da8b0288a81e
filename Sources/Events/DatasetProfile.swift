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
    /// The file's when it was read; nil when it changed meanwhile, or nobody looked. Not on the wire: it is of use where the file is.
    public var stamp: DataFileStamp?

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

    /// What separates the fields, in a word; nil in a format that has no such thing.
    public var separator: String? { format != "csv" ? nil : delimiter == "\t" ? "tab" : delimiter }

    /// File name without folders.
    public var name: String { String(path.split(separator: "/").last ?? path[...]) }
}

/// One column of a data file: its type and its statistics.
public struct ColumnProfile: Sendable, Hashable {
    public var name: String
    /// `numeric`, `integer`, `boolean`, `categorical`, `text` or `date`.
    public var kind: String
    /// Values that are present.
    public var count: Int
    public var missing: Int
    public var distinct: Int
    /// Numeric and integer columns only; of the values that are present.
    public var statistics: Statistics?
    /// Most frequent values first, at most ten.
    public var mostFrequent: [Frequency]

    public init(
        name: String, kind: String, count: Int, missing: Int, distinct: Int, statistics: Statistics?, mostFrequent: [Frequency]
    ) {
        self.name = name
        self.kind = kind
        self.count = count
        self.missing = missing
        self.distinct = distinct
        self.statistics = statistics
        self.mostFrequent = mostFrequent
    }

    public struct Statistics: Sendable, Hashable {
        public var mean, standardDeviation, minimum, lowerQuartile, median, upperQuartile, maximum: Double
        /// Rows in each of the equally wide bins from minimum to maximum.
        public var histogram: [Int]

        public init(
            mean: Double, standardDeviation: Double, minimum: Double, lowerQuartile: Double, median: Double,
            upperQuartile: Double, maximum: Double, histogram: [Int]
        ) {
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.minimum = minimum
            self.lowerQuartile = lowerQuartile
            self.median = median
            self.upperQuartile = upperQuartile
            self.maximum = maximum
            self.histogram = histogram
        }
    }

    public struct Frequency: Sendable, Hashable {
        public var value: String
        public var count: Int

        public init(value: String, count: Int) {
            self.value = value
            self.count = count
        }
    }
}
