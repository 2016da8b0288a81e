/// One column of a data file: its type and its statistics.
public struct ColumnProfile: Sendable, Hashable {
    public var name: String
    /// `numeric`, `integer`, `boolean`, `categorical`, `text` or `date`.
    public var kind: String
    /// How the file writes the values, where that is not as programs write them, such as `1.234,5`, `%` or `dmy`.
    public var written: String?
    /// Its kind, with how it is written, such as `date dmy`.
    public var kindAsWritten: String { DataReading.kind(kind, written: written) }
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
        /// Rows in each of the equally wide bins from the minimum on.
        public var histogram: [Int]
        /// How wide a bin is; 0 where there is only one.
        public var binWidth: Double

        public init(
            mean: Double, standardDeviation: Double, minimum: Double, lowerQuartile: Double, median: Double,
            upperQuartile: Double, maximum: Double, histogram: [Int], binWidth: Double? = nil
        ) {
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.minimum = minimum
            self.lowerQuartile = lowerQuartile
            self.median = median
            self.upperQuartile = upperQuartile
            self.maximum = maximum
            self.histogram = histogram
            // An earlier version divided what lies between minimum and maximum.
            self.binWidth = binWidth ?? (histogram.count > 1 ? (maximum - minimum) / Double(histogram.count) : 0)
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
