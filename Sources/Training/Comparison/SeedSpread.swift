import CheckedNumbers
import Events
import Glibc

/// Whether two runs' values of a metric differ by more than runs differ that are alike but for their seed.
package enum SeedSpread {
    /// - Parameters:
    ///   - first: the metric of the first run and of its seed siblings; `second` likewise.
    /// - Returns: nil when neither has siblings.
    /// - Source: Welch's t-test, two-sided at 5 %; a single run against a group by the group's prediction interval.
    static func verdict(_ first: [Double], _ second: [Double], minimises: Bool) -> RunComparison.Verdict? {
        guard first.count > 1 || second.count > 1, !first.isEmpty, !second.isEmpty else { return nil }
        let difference = mean(second) - mean(first)
        let error: Double, freedom: Double
        if first.count > 1, second.count > 1 {
            let a = variance(first) / Double(first.count), b = variance(second) / Double(second.count)
            error = (a + b).squareRoot()
            freedom = (a + b) * (a + b) / (a * a / Double(first.count - 1) + b * b / Double(second.count - 1))
        } else {
            let group = first.count > 1 ? first : second
            error = (variance(group) * (1 + 1 / Double(group.count))).squareRoot()
            freedom = Double(group.count - 1)
        }
        guard error > 0 else { return nil }
        let groups = [first, second].map(\.count).filter { $0 > 1 }.map(String.init)
        let ratio = abs(difference) / error, limit = critical(freedom)
        let words =
            "t \(rounded(ratio)) \(ratio > limit ? ">" : "≤") \(rounded(limit)), spread over \(groups.joined(separator: " and ")) seeds"
        guard ratio > limit else { return RunComparison.Verdict(.even, words) }
        return RunComparison.Verdict((difference < 0) == minimises ? .better : .worse, words)
    }

    /// nil for fewer than two values.
    static func spread(_ values: [Double]) -> RunComparison.Spread? {
        guard values.count > 1 else { return nil }
        return RunComparison.Spread(count: values.count, mean: mean(values), deviation: variance(values).squareRoot())
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private static func variance(_ values: [Double]) -> Double {
        let centre = mean(values)
        return values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1)
    }

    private static func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    /// The 97.5 % point of Student's t distribution; degrees in between take the smaller, which is the stricter one.
    package static func critical(_ freedom: Double) -> Double {
        let points = [
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
            2.110,
            2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
        ]
        guard freedom.isFinite, freedom >= 1 else { return points[0] }
        return freedom > 120 ? 1.980 : points[min(points.count, max(1, Int(roundedDownWithin: freedom))) - 1]
    }
}
