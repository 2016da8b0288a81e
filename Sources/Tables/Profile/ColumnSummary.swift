import CheckedNumbers
import Numerics

/// One column's values in figures. All of them are exact: nothing is sampled.
public struct ColumnSummary: Sendable, Hashable {
    /// The column's name and kind.
    public var name: String, kind: ColumnKind
    /// How the file writes the values, where that is not as programs write them; see `ColumnRule.written`.
    public var written: String?
    /// Rows with a value, rows without one, and distinct values.
    public var count: Int, missing: Int, distinct: Int
    /// For `numeric`, `integer` and `date` columns with values (dates in seconds since 1970).
    public var statistics: NumberSummary?
    /// At most ten, most frequent first; of equally frequent ones the first in order.
    public var mostFrequent: [ValueCount]

    /// A value and the number of rows that hold it.
    public struct ValueCount: Sendable, Hashable {
        /// The value as text.
        public var value: String
        /// Rows that hold it.
        public var count: Int
    }

    /// Figures of a column of numbers.
    public struct NumberSummary: Sendable, Hashable {
        /// Mean and standard deviation of a sample (divisor n - 1).
        public var mean: Double, standardDeviation: Double
        /// Quantiles as numpy computes them.
        public var minimum: Double, lowerQuartile: Double, median: Double, upperQuartile: Double, maximum: Double
        /// Rows in each of the equally wide bins from the minimum on; one bin when all values are equal.
        public var histogram: [Int]
        /// How wide a bin is; of whole numbers a whole number, so that none of them holds more numbers than the others.
        public var binWidth: Double

        public init(
            mean: Double, standardDeviation: Double, minimum: Double, lowerQuartile: Double, median: Double,
            upperQuartile: Double, maximum: Double, histogram: [Int], binWidth: Double
        ) {
            (self.mean, self.standardDeviation) = (mean, standardDeviation)
            (self.minimum, self.lowerQuartile, self.median) = (minimum, lowerQuartile, median)
            (self.upperQuartile, self.maximum) = (upperQuartile, maximum)
            (self.histogram, self.binWidth) = (histogram, binWidth)
        }
    }

    static let binCount = 24

    /// Summarises a column.
    public init(_ column: Column) {
        (name, kind) = (column.name, column.kind)
        missing = column.missingCount
        count = column.rowCount - missing
        switch column.storage {
        case .numbers(let numbers):
            let present = missing == 0 ? numbers : numbers.filter { !$0.isNaN }
            let sorted = Statistics.sorted(present)
            (distinct, mostFrequent) = ColumnSummary.frequencies(sorted, column)
            statistics = ColumnSummary.summarise(present, sorted, isWhole: kind == .integer)
        case .codes(let codes, let dictionary):
            var counts = [Int](repeating: 0, count: dictionary.count)
            for code in codes where code >= 0 { counts[Int(code)] += 1 }
            let order = counts.indices.filter { counts[$0] > 0 }
            distinct = order.count
            mostFrequent = ColumnSummary.top(order.map { (counts[$0], $0) }).map {
                ValueCount(value: dictionary[$0.1], count: $0.0)
            }
        }
    }

    /// The ten largest counts; ties by position.
    private static func top(_ counts: [(Int, Int)]) -> [(Int, Int)] {
        var best: [(Int, Int)] = []
        for entry in counts {
            if best.count == 10, let last = best.last, entry.0 <= last.0 { continue }
            let position = best.firstIndex { $0.0 < entry.0 } ?? best.count
            best.insert(entry, at: position)
            if best.count > 10 { best.removeLast() }
        }
        return best
    }

    private static func frequencies(_ sorted: [Double], _ column: Column) -> (Int, [ValueCount]) {
        var runs: [(Int, Int)] = []
        var distinct = 0, start = 0, least = 0
        for index in sorted.indices where index + 1 == sorted.count || sorted[index + 1] != sorted[index] {
            distinct += 1
            let length = index + 1 - start
            if runs.count < 64 || length > least {
                runs.append((length, start))
                if runs.count >= 128 {
                    runs = top(runs)
                    least = runs.count == 10 ? runs[9].0 : 0
                }
            }
            start = index + 1
        }
        return (distinct, top(runs).map { ValueCount(value: column.text(of: sorted[$0.1]), count: $0.0) })
    }

    private static func summarise(_ values: [Double], _ sorted: [Double], isWhole: Bool) -> NumberSummary? {
        guard let minimum = sorted.first, let maximum = sorted.last else { return nil }
        let count = Double(values.count)
        // Two passes: exact enough far from zero. An infinite value makes the mean infinite or NaN, as it should.
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        var histogram = [values.count], bins = binCount
        var width = (maximum - minimum) / Double(binCount)
        // Beyond 2^53 the next whole number is not the next double.
        if isWhole, width > 0, maximum - minimum < 9e15 {
            width = ((maximum - minimum + 1) / Double(binCount)).rounded(.up)
            bins = Int(roundedDownWithin: (maximum - minimum) / width) + 1
        }
        if width > 0, width.isFinite {
            histogram = [Int](repeating: 0, count: bins)
            for value in values { histogram[min(bins - 1, Int(roundedDownWithin: (value - minimum) / width))] += 1 }
        }
        return NumberSummary(
            mean: minimum == maximum ? minimum : mean,
            standardDeviation: values.count < 2 || minimum == maximum ? 0 : (squares / (count - 1)).squareRoot(),
            minimum: minimum, lowerQuartile: Statistics.quantile(0.25, ofSorted: sorted),
            median: Statistics.quantile(0.5, ofSorted: sorted), upperQuartile: Statistics.quantile(0.75, ofSorted: sorted),
            maximum: maximum, histogram: histogram, binWidth: width.isFinite ? width : 0)
    }
}
