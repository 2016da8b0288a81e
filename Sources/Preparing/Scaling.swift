import Glibc
import Numerics
import Tables

/// How a column of numbers is brought to a scale.
package enum Scaling: Sendable, Hashable, Codable {
    /// Less a centre, divided by a width.
    case linear(center: Double, width: Double)
    /// The natural logarithm of one more.
    case logarithm
    /// Bent by Yeo and Johnson's power, then less a centre and divided by a width.
    case yeoJohnson(lambda: Double, center: Double, width: Double)

    /// - Throws: for numbers that have no logarithm.
    func apply(to column: Column) throws(ColumnFault) -> Column {
        switch self {
        case .linear(let center, let width): return try column.mapped(.numeric) { ($0 - center) / width }
        case .logarithm:
            let numbers = try column.numberValues()
            if let row = numbers.firstIndex(where: { $0 <= -1 }) {
                throw ColumnFault(
                    code: .infiniteValue,
                    message:
                        "record \(row + 1): '\(column.name)' holds \(Column.text(of: numbers[row])), and log(1 + x) takes numbers "
                        + "above -1: clip the column first, or scale it by yeo-johnson")
            }
            return try column.mapped(.numeric) { log1p($0) }
        case .yeoJohnson(let lambda, let center, let width):
            return try column.mapped(.numeric) { (YeoJohnson.bent($0, lambda) - center) / width }
        }
    }

    /// What cannot be true of one that was learned.
    var isSound: Bool {
        switch self {
        case .logarithm: true
        case .linear(let center, let width): center.isFinite && width.isNormal
        case .yeoJohnson(let lambda, let center, let width): lambda.isFinite && center.isFinite && width.isNormal
        }
    }

    /// What was learned, for people.
    var words: String {
        let text = { (number: Double) in number.formatted(digits: 6) }
        return switch self {
        case .logarithm: "log(1 + x)"
        case .linear(let center, let width): "(x − \(text(center))) / \(text(width))"
        case .yeoJohnson(let lambda, let center, let width):
            "(yeo-johnson(x, \(text(lambda))) − \(text(center))) / \(text(width))"
        }
    }

    /// Learns it on the values of the training rows; nil where there are none. A constant column keeps its width.
    ///
    /// - Parameter values: no NaN.
    static func learned(_ values: [Double], how: String) -> Scaling? {
        guard !values.isEmpty else { return nil }
        switch how {
        case "log": return .logarithm
        case "robust":
            let sorted = Statistics.sorted(values)
            let quartiles = [0.25, 0.5, 0.75].map { Statistics.quantile($0, ofSorted: sorted) }
            return .linear(center: quartiles[1], width: usable(quartiles[2] - quartiles[0], beside: quartiles[1]))
        case "min-max":
            let least = values.min() ?? 0, most = values.max() ?? 0
            return .linear(center: least, width: usable(most - least, beside: least))
        case "yeo-johnson":
            let lambda = YeoJohnson.lambda(values)
            let (mean, deviation) = moments(values.map { YeoJohnson.bent($0, lambda) })
            return .yeoJohnson(lambda: lambda, center: mean, width: usable(deviation, beside: mean))
        default:
            let (mean, deviation) = moments(values)
            return .linear(center: mean, width: usable(deviation, beside: mean))
        }
    }

    /// Mean, and deviation of a population.
    private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let count = Double(values.count), mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / count).squareRoot())
    }

    /// A width to divide by: 1 where all values are the same but for what rounding makes of them.
    private static func usable(_ width: Double, beside center: Double) -> Double {
        width.isNormal && width > abs(center) * 1e-15 ? width : 1
    }
}

/// Yeo and Johnson's power, which bends numbers towards a normal distribution.
///
/// - Source: Yeo and Johnson, "A new family of power transformations to improve normality or symmetry" (2000).
enum YeoJohnson {
    static func bent(_ x: Double, _ lambda: Double) -> Double {
        if x >= 0 { return abs(lambda) < 1e-12 ? log1p(x) : expm1(lambda * log1p(x)) / lambda }
        let rest = 2 - lambda
        return abs(rest) < 1e-12 ? -log1p(-x) : -expm1(rest * log1p(-x)) / rest
    }

    /// The power under which the values are likeliest to be of a normal distribution.
    static func lambda(_ values: [Double]) -> Double {
        let slopes = values.reduce(0) { $0 + ($1 < 0 ? -log1p(-$1) : log1p($1)) }
        func cost(_ lambda: Double) -> Double {
            let bent = values.map { self.bent($0, lambda) }, mean = bent.reduce(0, +) / Double(bent.count)
            let variance = bent.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(bent.count)
            guard variance.isNormal else { return .infinity }
            return Double(values.count) / 2 * log(variance) - (lambda - 1) * slopes
        }
        guard values.contains(where: { $0 != values[0] }) else { return 1 }
        var (low, high) = (-2.0, 4.0)
        // The likelihood has one peak; where it lies outside, the bracket goes there.
        while low > -64, cost(low) < cost(low + 0.5) { low = low * 2 - 1 }
        while high < 64, cost(high) < cost(high - 0.5) { high = high * 2 }
        return minimum(of: cost, low, high)
    }

    /// Golden sections until the bracket is as small as the cost can tell apart, then a parabola through three points.
    private static func minimum(of cost: (Double) -> Double, _ low: Double, _ high: Double) -> Double {
        let share = (5.0.squareRoot() - 1) / 2
        var (low, high) = (low, high)
        var left = high - share * (high - low), right = low + share * (high - low)
        var (costLeft, costRight) = (cost(left), cost(right))
        while high - low > 1e-3 {
            if costLeft < costRight {
                (high, right, costRight) = (right, left, costLeft)
                left = high - share * (high - low)
                costLeft = cost(left)
            } else {
                (low, left, costLeft) = (left, right, costRight)
                right = low + share * (high - low)
                costRight = cost(right)
            }
        }
        var center = (low + high) / 2
        for width in [1e-3, 1e-4] {
            let (before, here, after) = (cost(center - width), cost(center), cost(center + width))
            let bend = before - 2 * here + after
            if bend > 0, bend.isFinite { center += width / 2 * (before - after) / bend }
        }
        return center
    }
}

extension Double {
    /// So many significant digits, without zeros at the end.
    func formatted(digits: Int) -> String {
        guard isFinite, self != 0 else { return Column.text(of: self) }
        let scale = pow(10, Double(digits - 1) - log10(abs(self)).rounded(.down))
        let rounded = (self * scale).rounded() / scale
        return Column.text(of: rounded.isFinite ? rounded : self)
    }
}
