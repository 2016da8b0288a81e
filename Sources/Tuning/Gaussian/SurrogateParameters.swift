import Glibc

/// What the likeness of two configurations depends on. Everything is kept as a logarithm, so that it is searched without
/// bounds in the way.
struct SurrogateParameters: Sendable {
    /// Of each dimension the inverse square of its length, then the variance of the function, then that of the noise, then of
    /// each dimension the two exponents of its warping.
    var logs: [Double]
    let dimension: Int

    init(dimension: Int) {
        self.dimension = dimension
        logs = [Double](repeating: 0, count: 3 * dimension + 2)
        logs[dimension + 1] = log(1e-3)
    }

    /// Those that were kept; nil for ones of another space.
    init?(_ memory: [Double], dimension: Int) {
        guard memory.count == 3 * dimension + 2, memory.allSatisfy(\.isFinite) else { return nil }
        (logs, self.dimension) = (memory, dimension)
    }

    /// Whether the noise is more than what keeps the arithmetic sound.
    var isNoisy: Bool { noise > 1e-3 * variance }

    /// Whether distances are not the same everywhere.
    var isWarped: Bool { logs[(dimension + 2)...].contains { $0 != 0 } }

    var weights: [Double] { (0..<dimension).map { exp(logs[$0]) } }
    var variance: Double { exp(logs[dimension]) }
    var noise: Double { exp(logs[dimension + 1]) }
    func firstExponent(_ index: Int) -> Double { exp(logs[dimension + 2 + index]) }
    func secondExponent(_ index: Int) -> Double { exp(logs[2 * dimension + 2 + index]) }

    /// The bounds of what is searched.
    static func bounds(dimension: Int, isWarped: [Bool], leastNoise: Double) -> (lower: [Double], upper: [Double]) {
        let warp = isWarped.map { $0 ? log(4.0) : 0 }
        return (
            [Double](repeating: log(1e-4), count: dimension) + [log(1e-2), log(leastNoise)] + (warp + warp).map { -$0 },
            [Double](repeating: log(1e4), count: dimension) + [log(1e2), log(1.0)] + warp + warp
        )
    }

    /// The logarithm of how likely such parameters are before anything is seen, up to a constant, with its slopes.
    ///
    /// - Source: for lengths, variance and noise the priors of Optuna's GP sampler; for the warping a normal one on the
    ///   logarithm, as in Snoek et al., "Input Warping for Bayesian Optimization of Non-stationary Functions" (2014).
    func logPrior(addingTo gradient: inout [Double]) -> Double {
        var sum = 0.0
        for index in 0..<dimension {
            let weight = exp(logs[index])
            sum -= 0.1 / weight + 0.1 * weight
            gradient[index] += 0.1 / weight - 0.1 * weight
            for place in [dimension + 2 + index, 2 * dimension + 2 + index] {
                sum -= logs[place] * logs[place] / (2 * Self.warpingVariance)
                gradient[place] -= logs[place] / Self.warpingVariance
            }
        }
        // Gamma distributions, of shape 2 and rate 1, and of shape 1.1 and rate 30.
        sum += logs[dimension] - variance
        gradient[dimension] += 1 - variance
        sum += 0.1 * logs[dimension + 1] - 30 * noise
        gradient[dimension + 1] += 0.1 - 30 * noise
        return sum
    }

    private static let warpingVariance = 0.25
}
