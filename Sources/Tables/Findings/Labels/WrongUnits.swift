import Glibc
import Numerics

/// Numbers to predict that are right once they are multiplied: thousands where others are ones, or a turned sign.
struct WrongUnits {
    /// By how much they are too large; -1 where the sign is turned.
    let factor: Double
    /// Places of the rows, and the share of strays that they are.
    let places: [Int]
    let share: Double

    private static let factors: [Double] = [10, 100, 1000, 0.1, 0.01, 0.001, -1]
    /// How far rows are off, in widths, before and after; how many there must be, and of all strays.
    private static let far = 6.0, near = 3.0, leastRows = 3, leastShare = 0.5
    /// How often as many as for half and twice the factor there must be.
    private static let leastAhead = 3

    /// - Parameter numbers: the targets as they stand in the table.
    init?(_ residuals: HeldOutResiduals, _ numbers: [Double]) {
        let middle = Statistics.median(numbers), sorted = Statistics.sorted(numbers)
        let unit = Statistics.quantile(0.75, ofSorted: sorted) - Statistics.quantile(0.25, ofSorted: sorted)
        let strays = numbers.indices.filter { abs(residuals.values[$0]) > Self.far * residuals.width($0) }
        guard strays.count >= Self.leastRows, unit > 0 else { return nil }
        let matching = { (factor: Double) in
            strays.filter { row in
                let told = residuals.predicted[row] * unit + middle, width = residuals.width(row) * unit
                // Near 0 every factor fits.
                return abs(told) > Self.far * width && abs(numbers[row] / factor - told) <= Self.near * width
            }
        }
        let found = Self.factors.map { ($0, matching($0)) }.max { $0.1.count < $1.1.count }
        guard let (factor, places) = found, places.count >= Self.leastRows else { return nil }
        share = Double(places.count) / Double(strays.count)
        let beside = max(matching(factor / 2).count, matching(factor * 2).count)
        guard share >= Self.leastShare, places.count >= Self.leastAhead * beside else { return nil }
        (self.factor, self.places) = (factor, places)
    }
}
