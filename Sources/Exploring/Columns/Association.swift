import CheckedNumbers
import Numerics

/// How strongly two columns go together, by whatever suits what they are.
public enum Association {
    /// Spearman's rank correlation, ties at their mean rank; as scipy's `spearmanr`.
    /// - Parameter first, second: of equal length, without missing values.
    /// - Returns: from -1 to 1; NaN where one is constant.
    public static func spearman(_ first: [Double], _ second: [Double]) -> Double {
        pearson(Statistics.ranks(first), Statistics.ranks(second))
    }

    /// Pearson's correlation. - Returns: NaN where one is constant or there are fewer than two.
    public static func pearson(_ first: [Double], _ second: [Double]) -> Double {
        guard first.count == second.count, isSpread(first), isSpread(second) else { return .nan }
        return Statistics.correlation(first, second)
    }

    /// Whether there are values and not all of them are the same.
    private static func isSpread(_ values: [Double]) -> Bool {
        values.contains { $0 != values[0] } && values.allSatisfy(\.isFinite)
    }

    /// Cramér's V of two columns of codes, without a correction; as scipy's `contingency.association(method="cramer")`.
    /// - Parameter rows, columns: codes of equal length, from 0.
    /// - Returns: from 0 to 1, small ones to about 1e-8; NaN where one of the two has a single value.
    public static func cramersV(_ rows: [Int], _ columns: [Int]) -> Double {
        guard let lastRow = rows.max(), let lastColumn = columns.max(), rows.count == columns.count else { return .nan }
        var ofRow = [Double](repeating: 0, count: lastRow + 1), ofColumn = [Double](repeating: 0, count: lastColumn + 1)
        var together: [Int: Double] = [:]
        for (row, column) in zip(rows, columns) {
            ofRow[row] += 1
            ofColumn[column] += 1
            together[row * (lastColumn + 1) + column, default: 0] += 1
        }
        let least = min(ofRow.count { $0 > 0 }, ofColumn.count { $0 > 0 })
        guard least > 1 else { return .nan }
        // Chi-square by the count, from the pairs that there are: texts may have a million different values.
        let share = together.reduce(0.0) { sum, pair in
            let (row, column) = pair.key.quotientAndRemainder(dividingBy: lastColumn + 1)
            return sum + pair.value * pair.value / (ofRow[row] * ofColumn[column])
        }
        return min(1, (max(0, share - 1) / Double(least - 1)).squareRoot())
    }

    /// The correlation ratio η: the share of the numbers' spread that lies between groups, and its root taken.
    /// - Parameter groups: for each number the group, from 0.
    /// - Returns: from 0 to 1; NaN where the numbers are constant or there is one group.
    /// - Source: Fisher 1925; η² is what a one-way analysis of variance explains.
    public static func correlationRatio(_ numbers: [Double], groups: [Int]) -> Double {
        guard let last = groups.max(), numbers.count == groups.count else { return .nan }
        var sums = [Double](repeating: 0, count: last + 1), counts = [Double](repeating: 0, count: last + 1)
        for (number, group) in zip(numbers, groups) {
            sums[group] += number
            counts[group] += 1
        }
        let count = Double(numbers.count), mean = numbers.reduce(0, +) / count
        let total = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard total > 0, counts.count(where: { $0 > 0 }) > 1 else { return .nan }
        let between = zip(sums, counts).reduce(0.0) { sum, group in
            group.1 > 0 ? sum + group.1 * (group.0 / group.1 - mean) * (group.0 / group.1 - mean) : sum
        }
        return min(1, (between / total).squareRoot())
    }
}
