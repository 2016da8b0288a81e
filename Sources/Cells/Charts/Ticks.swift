import CheckedNumbers
import Glibc

/// A labelled place on an axis.
public struct ChartTick: Hashable, Sendable {
    /// The value the label says, exactly.
    public var value: Double
    /// Row of a y tick or column of an x tick, in cells of the buffer.
    public var cell: Int
    public var label: String
}

/// Choosing round numbers.
enum Ticks {
    /// The smallest step of 1, 2 or 5 times a power of ten that is at least `least`.
    static func niceStep(atLeast least: Double) -> Double {
        guard least > 1e-300, least < 1e300 else { return max(least, 1e-300) }
        let power = log10Floor(least)
        for factor in [1.0, 2, 5, 10] {
            let step = scaled(factor, power)
            if step >= least * (1 - 1e-9) { return step }
        }
        return scaled(10, power)
    }

    /// factor × 10^power, rounded once where it can be.
    static func scaled(_ factor: Double, _ power: Double) -> Double {
        power < 0 ? factor / pow(10, -power) : factor * pow(10, power)
    }

    /// The multiples of `step` in a range; empty if there would be more than `limit` or the step is too fine for the numbers.
    static func multiples(of step: Double, in range: ClosedRange<Double>, limit: Int = 200) -> [Double] {
        let first = (range.lowerBound / step - 1e-9).rounded(.up), last = (range.upperBound / step + 1e-9).rounded(.down)
        guard first.isFinite, last.isFinite, last >= first, last - first <= Double(limit), abs(last) < 9e15, abs(first) < 9e15
        else { return [] }
        // Dividing by the inverse keeps 0.3 from becoming 0.30000000000000004.
        let inverse = (1 / step).rounded()
        let divides = step < 1 && abs(1 / step - inverse) < 1e-6 * inverse
        return stride(from: first, through: last, by: 1).map { divides ? $0 / inverse : $0 * step }
    }

    /// The steps used on axes of time.
    /// - Units: seconds.
    static func timeStep(atLeast least: Double) -> Double {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
        ]
        if least < 1 { return niceStep(atLeast: least) }
        return steps.first { $0 >= least * (1 - 1e-9) } ?? niceStep(atLeast: least / 86_400) * 86_400
    }

    /// Values for a logarithmic axis: round numbers in the order in which they deserve a label, the most deserving first.
    static func logarithmic(_ range: ClosedRange<Double>) -> [[Double]] {
        let low = range.lowerBound, high = range.upperBound
        let decades = high - low
        if decades < 0.5 { return [] }
        // No double is beyond these.
        let first = Int(roundedDownWithin: max(low, -400)), last = max(first, Int(roundedUpWithin: min(high, 400)))
        let inside = { (value: Double) in
            value > 0 && log10(value) >= low - 1e-9 && log10(value) <= high + 1e-9
        }
        if decades >= 2 {
            var tiers: [[Double]] = []
            for every in [1, 2, 3, 5, 10, 20, 50, 100] {
                let powers = (first...last).filter { $0 % every == 0 }.map { scaled(1, Double($0)) }.filter(inside)
                tiers.append(powers)
            }
            return tiers
        }
        let decadesOnly = (first...last).map { scaled(1, Double($0)) }.filter(inside)
        let fine = (first...last).flatMap { power in [1.0, 2, 5].map { scaled($0, Double(power)) } }.filter(inside)
        return [fine, decadesOnly]
    }
}
