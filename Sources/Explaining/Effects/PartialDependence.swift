import CheckedNumbers
import Numerics
import Tables
import Training

/// How a model's output goes with one column, over rows that keep their other values.
public struct PartialDependence: Sendable, Hashable {
    public var column: String
    /// Whether its values are words.
    public var isCategorical: Bool
    public var space: Explanation.Space
    /// The values that were tried: middles of equally wide buckets, each of few distinct numbers, or words, the most frequent first.
    public var values: [VariedValue]
    /// The part of the rows in each bucket, or with each value.
    public var distribution: [Double]
    /// As in `Explanation`.
    public var outputs: [String]
    /// - Shape: [outputs, values].
    public var means: [Double]
    /// Single rows' lines (individual conditional expectation), of some rows.
    ///
    /// - Shape: [rows, outputs, values].
    public var lines: [Double]
    /// Places of those rows.
    public var lineRows: [Int]
    /// Rows that the means are over.
    public var rowCount: Int
    /// Words that were left out since they are rare.
    public var leftOut: Int
}

extension ModelExplainer {
    /// Most words tried, rows with lines of their own, and rows that a mean is over.
    private static let mostWords = 30, mostLines = 50, mostRows = 10_000

    /// - Parameter resolution: buckets of a numeric column.
    /// - Throws: `badRequest` for a column that the model does not use or the table does not have; `badData`.
    public func partialDependence(
        _ table: Table, on name: String, resolution: Int = 15, space: Explanation.Space = .margin
    ) throws(ExplainingError) -> PartialDependence {
        guard let own = columns.first(where: { $0.name == name }), let column = table.column(named: name) else {
            throw ExplainingError(.badRequest, "the model uses no column '\(name)': it uses \(usedNames)")
        }
        let rows = Self.spread(min(table.rowCount, Self.mostRows), of: table.rowCount)
        guard !rows.isEmpty else { throw ExplainingError(.badRequest, "no rows to average over: give some") }
        let tried = Self.tried(column, resolution: max(2, resolution))
        guard !tried.values.isEmpty else {
            throw ExplainingError(.badRequest, "'\(name)' has no value in these rows: give others")
        }
        var numbers = try numbers(table, rows)
        let varied = try self.numbers(table.varying(row: rows[0], column: name, over: tried.values), nil)
        let outputCount = model.scoreCount, lineRows = Self.spread(min(rows.count, Self.mostLines), of: rows.count)
        var result = PartialDependence(
            column: name, isCategorical: column.numbers == nil, space: space, values: tried.values,
            distribution: tried.distribution, outputs: outputNames, means: [],
            lines: [Double](repeating: 0, count: lineRows.count * outputCount * tried.values.count),
            lineRows: lineRows.map { rows[$0] }, rowCount: rows.count, leftOut: tried.leftOut)
        result.means = [Double](repeating: 0, count: outputCount * tried.values.count)
        for index in tried.values.indices {
            for row in 0..<numbers.rowCount { for place in own.places { numbers[row, place] = varied[index, place] } }
            let predicted = try outputs(of: numbers, space)
            for output in 0..<outputCount {
                let sum = stride(from: output, to: predicted.count, by: outputCount).reduce(0.0) { $0 + predicted[$1] }
                result.means[output * tried.values.count + index] = sum / Double(rows.count)
                for (line, row) in lineRows.enumerated() {
                    result.lines[(line * outputCount + output) * tried.values.count + index] =
                        predicted[row * outputCount + output]
                }
            }
        }
        return result
    }

    var usedNames: String { columns.prefix(12).map(\.name).joined(separator: ", ") + (columns.count > 12 ? ", …" : "") }

    /// So many places, evenly spread.
    static func spread(_ count: Int, of total: Int) -> [Int] { (0..<count).map { $0 * total / count } }

    private static func tried(
        _ column: Column, resolution: Int
    ) -> (values: [VariedValue], distribution: [Double], leftOut: Int) {
        let count = Double(max(1, column.rowCount - column.missingCount))
        guard let numbers = column.numbers?.filter({ $0.isFinite }) else {
            var counts: [String: Int] = [:]
            for row in 0..<column.rowCount {
                if case .word(let word) = column.variedValue(at: row) { counts[word, default: 0] += 1 }
            }
            let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }, shown = order.prefix(mostWords)
            return (shown.map { .word($0.key) }, shown.map { Double($0.value) / count }, order.count - shown.count)
        }
        guard let least = numbers.min(), let most = numbers.max() else { return ([], [], 0) }
        let distinct = Set(numbers.prefix(100_000))
        if distinct.count <= resolution {
            let values = distinct.sorted()
            let shares = values.map { value in Double(numbers.count { $0 == value }) / count }
            return (values.map { .number($0) }, shares, 0)
        }
        let width = (most - least) / Double(resolution)
        var counts = [Double](repeating: 0, count: resolution)
        for number in numbers { counts[min(resolution - 1, Int(roundedDownWithin: (number - least) / width))] += 1 / count }
        return ((0..<resolution).map { .number(least + (Double($0) + 0.5) * width) }, counts, 0)
    }
}
