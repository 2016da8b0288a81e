import CheckedNumbers
import Numerics
import Searching
import Tables

/// How often a column has which values, and the condition by which the rows behind each are found.
public struct ColumnCounts: Sendable {
    /// A value, a bin or the missing ones.
    public struct Entry: Hashable, Sendable {
        public var label: String
        public var count: Int
        /// As a search of rows has it.
        public var condition: String
    }

    public let column: RowColumn
    /// Rows that were counted, and those without a value.
    public let rowCount: Int, missing: Int
    /// Different values; exact.
    public let distinct: Int
    /// The most frequent values first, at most `mostValues`; of equally frequent ones the smallest.
    public let values: [Entry]
    /// Of numbers and dates, in order; empty where all are equal or some infinite.
    public let bins: [Entry]
    /// Of numbers and dates.
    public let moments: Moments?

    public static let mostValues = 1000

    /// Figures of numbers, missing ones left out.
    public struct Moments: Hashable, Sendable {
        public var mean: Double
        /// Of a sample, divisor n - 1.
        public var standardDeviation: Double
        /// The adjusted Fisher-Pearson coefficient, as pandas' `skew`; NaN for fewer than three values or equal ones.
        public var skewness: Double
        /// Quantiles as numpy computes them.
        public var minimum: Double, lowerQuartile: Double, median: Double, upperQuartile: Double, maximum: Double
        public var zeros: Int, negatives: Int, infinities: Int
        /// Values further from the quartiles than one and a half times their distance.
        public var outliers: Int
        /// The condition that finds them.
        public var outlierCondition: String
    }

    public var present: Int { rowCount - missing }

    /// The condition that finds rows without a value.
    public var missingCondition: String { "not has:" + SearchWord.name(column.name) }
}

/// Counts a column's values piece by piece. Memory: 8 bytes a row, and each different text once.
public struct ColumnCounter: Sendable {
    private let column: RowColumn
    private var rowCount = 0
    private var numbers: [Double] = []
    private var texts: [String: Int] = [:]

    public init(_ column: RowColumn) { self.column = column }

    public mutating func add(_ values: Column, rows: some Sequence<Int>) {
        switch values.storage {
        case .numbers(let all):
            for row in rows {
                rowCount += 1
                if !all[row].isNaN { numbers.append(all[row]) }
            }
        case .codes(let codes, let dictionary):
            var counts = [Int](repeating: 0, count: dictionary.count)
            for row in rows {
                rowCount += 1
                if codes[row] >= 0 { counts[Int(codes[row])] += 1 }
            }
            for (text, count) in zip(dictionary, counts) where count > 0 { texts[text, default: 0] += count }
        }
    }

    public func counts() -> ColumnCounts {
        let texts = texts.map { (label: $0.key, key: $0.key, count: $0.value) }
        let textCount = texts.reduce(0) { $0 + $1.count }
        let sorted = Statistics.sorted(numbers)
        let runs = Self.runs(sorted)
        let shown = Column(name: column.name, kind: column.kind, storage: .numbers([]))
        // Most frequent first; all of them may be different, and then there is no need to sort a million.
        let frequent = texts.sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(ColumnCounts.mostValues)
        let numeric = runs.sorted { ($1.count, $0.value) < ($0.count, $1.value) }.prefix(ColumnCounts.mostValues)
        let values =
            frequent.map {
                ColumnCounts.Entry(label: $0.label, count: $0.count, condition: RowCondition.equal(column, $0.label))
            }
            + numeric.map {
                ColumnCounts.Entry(
                    label: shown.text(of: $0.value, as: column.kind), count: $0.count,
                    condition: RowCondition.equal(column, $0.value))
            }
        return ColumnCounts(
            column: column, rowCount: rowCount, missing: rowCount - numbers.count - textCount,
            distinct: texts.count + runs.count, values: values, bins: bins(sorted),
            moments: moments(sorted))
    }

    private static func runs(_ sorted: [Double]) -> [(value: Double, count: Int)] {
        var runs: [(value: Double, count: Int)] = []
        for value in sorted {
            if let last = runs.indices.last, runs[last].value == value { runs[last].count += 1 } else { runs.append((value, 1)) }
        }
        return runs
    }

    private func bins(_ sorted: [Double]) -> [ColumnCounts.Entry] {
        guard let low = sorted.first, let high = sorted.last, let bins = NiceBins(low, high, kind: column.kind) else { return [] }
        var counts = [Int](repeating: 0, count: bins.count)
        for value in sorted { counts[bins.bin(of: value)] += 1 }
        let shown = Column(name: column.name, kind: column.kind, storage: .numbers([]))
        return counts.indices.map { bin in
            let (from, to) = (bins.edge(bin), bins.edge(bin + 1))
            return ColumnCounts.Entry(
                label: "\(shown.text(of: from, as: column.kind)) – \(shown.text(of: to, as: column.kind))", count: counts[bin],
                condition: RowCondition.within(column, from, to))
        }
    }

    private func moments(_ sorted: [Double]) -> ColumnCounts.Moments? {
        guard let low = sorted.first, let high = sorted.last else { return nil }
        let count = Double(sorted.count), mean = sorted.reduce(0, +) / count
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let cubes = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) }
        let deviation = sorted.count < 2 || low == high ? 0 : (squares / (count - 1)).squareRoot()
        let variance = squares / count
        let skewness =
            sorted.count > 2 && low < high
            ? (count * (count - 1)).squareRoot() / (count - 2) * (cubes / count) / (variance * variance.squareRoot()) : .nan
        let (first, third) = (Statistics.quantile(0.25, ofSorted: sorted), Statistics.quantile(0.75, ofSorted: sorted))
        let (under, over) = (first - 1.5 * (third - first), third + 1.5 * (third - first))
        return ColumnCounts.Moments(
            mean: low == high ? low : mean, standardDeviation: deviation, skewness: skewness, minimum: low,
            lowerQuartile: first, median: Statistics.quantile(0.5, ofSorted: sorted), upperQuartile: third, maximum: high,
            zeros: sorted.count { $0 == 0 }, negatives: sorted.count { $0 < 0 }, infinities: sorted.count { $0.isInfinite },
            outliers: sorted.count { $0 < under || $0 > over }, outlierCondition: RowCondition.outside(column, under, over))
    }
}

/// Conditions as a search of rows reads them.
enum RowCondition {
    static func equal(_ column: RowColumn, _ text: String) -> String {
        "\(SearchWord.name(column.name)) = \(SearchWord.text(text))"
    }

    static func equal(_ column: RowColumn, _ number: Double) -> String {
        // A moment that is told to the second is a second long.
        "\(SearchWord.name(column.name)) = \(operand(number, column.kind))"
    }

    static func within(_ column: RowColumn, _ from: Double, _ to: Double) -> String {
        let name = SearchWord.name(column.name)
        return "\(name) >= \(operand(from, column.kind)) and \(name) < \(operand(to, column.kind))"
    }

    static func outside(_ column: RowColumn, _ low: Double, _ high: Double) -> String {
        let name = SearchWord.name(column.name)
        return "(\(name) < \(operand(low, column.kind)) or \(name) > \(operand(high, column.kind)))"
    }

    private static func operand(_ number: Double, _ kind: ColumnKind) -> String {
        guard kind == .date else { return Column.text(of: number) }
        // A date alone would stand for the whole day.
        let text = CalendarTime.isoText(seconds: number.rounded(.down))
        return text.hasSuffix("Z") ? String(text.dropLast()) : text.contains("T") ? text : text + "T00:00:00"
    }
}

extension Column {
    /// A number of a column as it is shown.
    func text(of number: Double, as kind: ColumnKind) -> String {
        kind == .date ? CalendarTime.isoText(seconds: number) : Column.text(of: number)
    }
}
