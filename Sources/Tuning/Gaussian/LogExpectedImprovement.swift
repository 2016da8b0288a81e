import Glibc

/// The logarithm of how much less than the best so far is to be expected, which has a slope also where improvement is next to
/// impossible.
///
/// - Source: Ament et al., "Unexpected Improvements to Expected Improvement for Bayesian Optimization" (2023).
enum LogExpectedImprovement {
    /// log(2π) / 2.
    private static let halfLogTwoPi = 0.918938533204672741780329736406

    /// log E[max(best - y, 0)] for y normally distributed, with its slopes by mean and deviation.
    static func value(mean: Double, deviation: Double, best: Double) -> (value: Double, byMean: Double, byDeviation: Double) {
        let gap = (best - mean) / deviation
        let logGain = logGain(gap)
        let logDensity = -gap * gap / 2 - halfLogTwoPi
        return (
            log(deviation) + logGain, -exp(logShare(gap) - logGain) / deviation, exp(logDensity - logGain) / deviation
        )
    }

    /// log(φ(z) + z Φ(z)).
    static func logGain(_ z: Double) -> Double {
        if z > -1 { return log(exp(-z * z / 2 - halfLogTwoPi) + z * 0.5 * erfc(-z * 0.5.squareRoot())) }
        let distance = -z, density = -z * z / 2 - halfLogTwoPi
        if distance < 12 {
            // Mills' ratio (1 - Φ) / φ.
            let ratio = 0.5 * erfc(distance * 0.5.squareRoot()) / exp(density)
            return density + log1p(-distance * ratio)
        }
        let square = 1 / (distance * distance)
        return density + log(square * (1 - square * (3 - square * (15 - square * (105 - square * 945)))))
    }

    /// Φ(z).
    static func share(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

    /// log Φ(z).
    static func logShare(_ z: Double) -> Double {
        if z > -12 { return log(0.5 * erfc(-z * 0.5.squareRoot())) }
        let square = 1 / (z * z)
        return -z * z / 2 - halfLogTwoPi - log(-z) + log1p(-square * (1 - square * (3 - square * (15 - square * 105))))
    }
}
