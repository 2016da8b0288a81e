import Glibc

/// Turns values of an objective into ones that look normally distributed, with mean 0 and variance 1, so that a few enormous
/// ones do not hide what lies between the others.
///
/// - Source: Yeo and Johnson, "A new family of power transformations to improve normality or symmetry" (2000), the power
///   found by maximum likelihood.
struct OutputWarp {
    let power: Double
    private let centre: Double, scale: Double, warpedMean: Double, warpedScale: Double

    /// - Parameter isBent: whether a power is sought; else values are only standardised.
    init(_ values: [Double], isBent: Bool = true) {
        let (centre, scale) = Self.standard(values)
        let standardised = values.map { ($0 - centre) / scale }
        let power = isBent && values.count >= 5 ? Self.likeliest(standardised) : 1
        let (mean, deviation) = Self.standard(standardised.map { Self.bent($0, power) })
        (self.centre, self.scale, self.power, warpedMean, warpedScale) = (centre, scale, power, mean, deviation)
    }

    func callAsFunction(_ value: Double) -> Double { (Self.bent((value - centre) / scale, power) - warpedMean) / warpedScale }

    /// The value that looks so; where no value does, the last one before that.
    func inverse(_ warped: Double) -> Double { Self.unbent(warped * warpedScale + warpedMean, power) * scale + centre }

    private static func standard(_ values: [Double]) -> (mean: Double, deviation: Double) {
        guard !values.isEmpty else { return (0, 1) }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return (mean, variance > 0 ? variance.squareRoot() : 1)
    }

    static func bent(_ value: Double, _ power: Double) -> Double {
        if value >= 0 { return power.magnitude < 1e-9 ? log1p(value) : expm1(power * log1p(value)) / power }
        let other = 2 - power
        return other.magnitude < 1e-9 ? -log1p(-value) : -expm1(other * log1p(-value)) / other
    }

    static func unbent(_ value: Double, _ power: Double) -> Double {
        // Of powers below 0 and above 2 the bent values have an end.
        let least = 1e-6
        if value >= 0 { return power.magnitude < 1e-9 ? expm1(value) : pow(max(power * value + 1, least), 1 / power) - 1 }
        let other = 2 - power
        return other.magnitude < 1e-9 ? -expm1(-value) : 1 - pow(max(1 - other * value, least), 1 / other)
    }

    /// By golden section in [-3, 5], with a pull to 1 as weak as one observation.
    private static func likeliest(_ values: [Double]) -> Double {
        func cost(_ power: Double) -> Double {
            let (_, deviation) = standard(values.map { bent($0, power) })
            let jacobian = values.reduce(0) { $0 + ($1 >= 0 ? log1p($1) : -log1p(-$1)) }
            return Double(values.count) * log(deviation) - (power - 1) * jacobian + 0.5 * (power - 1) * (power - 1)
        }
        let ratio = 0.6180339887498949
        var low = -3.0, high = 5.0
        for _ in 0..<30 {
            let left = high - ratio * (high - low), right = low + ratio * (high - low)
            if cost(left) < cost(right) { high = right } else { low = left }
        }
        return (low + high) / 2
    }
}
