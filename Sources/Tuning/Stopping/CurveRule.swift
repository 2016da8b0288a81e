import Glibc

/// Ends a trial of which the curve, followed to its last epoch, hardly becomes as good as the best trial was.
///
/// The curve is taken for a power of the epoch that comes down to a floor. Of each exponent the floor and the slope are a regression;
/// exponents count by how well they explain what was seen, and how far all of them may err is part of the answer.
///
/// - Source: a power law, one of the curves of Domhan, Springenberg and Hutter, "Speeding up Automatic Hyperparameter Optimization of
///   Deep Neural Networks by Extrapolation of Learning Curves" (2015), with their rule: a trial goes on while the chance that it
///   becomes better than the best is over 5 %.
public struct CurveRule: Sendable {
    /// The last epoch.
    public let finalEpoch: Int
    /// Epochs in which no curve says anything.
    public var graceEpochs: Int
    private static let leastChance = 0.05
    private static let exponents = [0.15, 0.3, 0.5, 0.75, 1, 1.5, 2, 3]
    /// The least noise, as a share of the span of what was seen: no curve is as smooth as that.
    private static let leastNoise = 0.02

    /// Of each trial, what was seen at each epoch; smaller is better.
    private var courses: [Int: [Double]] = [:]

    public init(finalEpoch: Int) {
        (self.finalEpoch, graceEpochs) = (finalEpoch, max(5, finalEpoch / 5))
    }

    /// Takes the value of a trial's next epoch in; smaller is better.
    /// - Parameter best: what the best trial ended with; nil = none has ended.
    /// - Returns: why the trial is to end; nil = it goes on.
    public mutating func report(_ trial: Int, value: Double, best: Double?) -> String? {
        courses[trial, default: []].append(value)
        guard let best, let course = courses[trial], course.count >= graceEpochs, course.count < finalEpoch,
            let end = Self.followed(course, to: finalEpoch)
        else { return nil }
        // Of what was reached already the best is kept.
        guard course.min() ?? .infinity > best, end.chance(below: best) < Self.leastChance else { return nil }
        return "at epoch \(course.count) less than 5 % likely to become as good as the best trial by epoch \(finalEpoch)"
    }

    /// What a curve may come to: a mixture of normal distributions.
    struct Outlook {
        var parts: [(weight: Double, mean: Double, deviation: Double)]

        func chance(below value: Double) -> Double {
            parts.reduce(0) { $0 + $1.weight * 0.5 * erfc(($1.mean - value) / $1.deviation * 0.5.squareRoot()) }
        }

        var mean: Double { parts.reduce(0) { $0 + $1.weight * $1.mean } }
    }

    /// nil where a course has values that are not finite, or too few.
    static func followed(_ course: [Double], to epoch: Int) -> Outlook? {
        let count = Double(course.count)
        guard course.count >= 5, course.allSatisfy(\.isFinite), let low = course.min(), let high = course.max() else {
            return nil
        }
        let floor = max(leastNoise * (high - low), 1e-12 * max(1, high.magnitude))
        var parts: [(weight: Double, mean: Double, deviation: Double)] = []
        for exponent in exponents {
            let places = course.indices.map { pow(Double($0 + 1), -exponent) }, last = pow(Double(epoch), -exponent)
            let meanPlace = places.reduce(0, +) / count, meanValue = course.reduce(0, +) / count
            var square = 0.0, product = 0.0
            for (place, value) in zip(places, course) {
                square += (place - meanPlace) * (place - meanPlace)
                product += (place - meanPlace) * (value - meanValue)
            }
            let slope = product / square
            let errors = zip(places, course).reduce(0) { sum, pair in
                let error = pair.1 - meanValue - slope * (pair.0 - meanPlace)
                return sum + error * error
            }
            let freedom = count - 2, noise = max(errors / freedom, floor * floor)
            let reach = 1 + 1 / count + (last - meanPlace) * (last - meanPlace) / square
            // A normal distribution as wide as Student's of so few points.
            let wide = freedom > 2 ? freedom / (freedom - 2) : 3
            parts.append(
                (
                    exp(-0.5 * freedom * log(noise / (floor * floor))) / square.squareRoot(),
                    meanValue + slope * (last - meanPlace), (noise * reach * wide).squareRoot()
                ))
        }
        let sum = parts.reduce(0) { $0 + $1.weight }
        guard sum > 0 else { return nil }
        return Outlook(parts: parts.map { ($0.weight / sum, $0.mean, $0.deviation) })
    }
}
