/// What each column adds to the outputs of a model, row by row.
public struct Explanation: Sendable, Hashable {
    /// How the values were found.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Exact for trees.
        case tree
        /// Exact for weighted sums.
        case linear
        /// By the layers of a network: differences to a background, led back unit by unit.
        case deep
        /// Every coalition of columns.
        case exact
        /// Some coalitions, by least squares.
        case kernel
    }

    /// What is explained.
    public enum Space: String, Sendable, Hashable, CaseIterable {
        /// The model's own sum: log-odds of a classifier, a regressor's prediction before its link.
        case margin
        case probability
    }

    public var method: Method
    public var space: Space
    /// Where absent columns take their values from, in words.
    public var background: String
    public var columns: [String]
    /// The classes that outputs are of; one nameless output of a regressor, or of two classes, of which the second is meant.
    public var outputs: [String]
    /// What is expected without knowing any column.
    ///
    /// - Shape: [outputs].
    public var expected: [Double]
    /// Places of the explained rows in their table, from 0.
    public var rows: [Int]
    /// - Shape: [rows, outputs, columns].
    public var values: [Double]
    /// Half the width of each value's interval of 95 %; nil where values are exact.
    public var errors: [Double]?
    /// What is explained of each row: with the expected value, the sum of its values but for rounding.
    ///
    /// - Shape: [rows, outputs].
    public var predicted: [Double]
    /// What pairs of columns add together, half on each side; nil where not asked for.
    ///
    /// - Shape: [rows, outputs, columns, columns].
    public var interactions: [Double]?

    /// The values of one row and output.
    public func values(row: Int, output: Int) -> ArraySlice<Double> {
        let start = (row * outputs.count + output) * columns.count
        return values[start..<start + columns.count]
    }

    /// How values of many rows become one number a column.
    public enum Aggregation: String, Sendable, Hashable, CaseIterable {
        case meanAbsolute = "mean_abs"
        case median
        case meanSquare = "mean_sq"
    }

    /// One number a column over the explained rows.
    ///
    /// - Parameter output: nil = the mean over outputs.
    /// - Shape: [columns].
    public func global(_ aggregation: Aggregation = .meanAbsolute, output: Int? = nil) -> [Double] {
        let chosen = output.map { [$0] } ?? Array(outputs.indices)
        return columns.indices.map { column in
            let perOutput = chosen.map { output in
                aggregation.of(rows.indices.map { values[($0 * outputs.count + output) * columns.count + column] })
            }
            return perOutput.reduce(0, +) / Double(max(1, chosen.count))
        }
    }

    /// Columns in descending order of what they do.
    public var order: [Int] {
        let sizes = global()
        return columns.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    }
}

extension Explanation.Aggregation {
    func of(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let count = Double(values.count)
        switch self {
        case .meanAbsolute: return values.reduce(0) { $0 + $1.magnitude } / count
        case .meanSquare: return values.reduce(0) { $0 + $1 * $1 } / count
        case .median:
            let sorted = values.sorted(), middle = values.count / 2
            return values.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        }
    }
}

extension Explanation {
    /// Two columns and how much they do together, on average over rows and outputs.
    public struct Pair: Sendable, Hashable {
        public var first: Int, second: Int
        public var size: Double
    }

    /// Pairs of columns that do anything together, those that do most first; empty where interactions were not asked for.
    public var pairs: [Pair] {
        guard let interactions else { return [] }
        let count = columns.count, blocks = rows.count * outputs.count
        var pairs: [Pair] = []
        for first in 0..<count {
            for second in (first + 1)..<max(count, first + 1) {
                let sum = (0..<blocks).reduce(0.0) { sum, block in
                    sum + 2 * interactions[(block * count + first) * count + second].magnitude
                }
                if sum > 0 { pairs.append(Pair(first: first, second: second, size: sum / Double(max(1, blocks)))) }
            }
        }
        return pairs.sorted { ($1.size, $0.first, $0.second) < ($0.size, $1.first, $1.second) }
    }
}

extension Explanation {
    /// The column that a column does most together with; nil where interactions were not asked for, or it does all alone.
    public func partner(of column: Int) -> Int? {
        guard let interactions else { return nil }
        let count = columns.count, blocks = rows.count * outputs.count
        var sizes = [Double](repeating: 0, count: count)
        for block in 0..<blocks {
            for other in 0..<count where other != column {
                sizes[other] += interactions[(block * count + column) * count + other].magnitude
            }
        }
        return sizes.indices.max { sizes[$0] < sizes[$1] }.flatMap { sizes[$0] > 0 ? $0 : nil }
    }
}
