import Glibc

/// How likely chance alone is to bring what is seen.
enum Chance {
    /// Of two samples from one distribution, how likely their distribution functions are at least so far apart.
    ///
    /// - Parameters:
    ///   - distance: the greatest difference of the shares of values up to a point.
    ///   - first, second: values of the samples.
    /// - Source: the limit distribution of Kolmogorov and Smirnov with the correction of Stephens (1970). Of values that are there often,
    ///   chance is less likely than it says.
    static func ofDistance(_ distance: Double, _ first: Double, _ second: Double) -> Double {
        guard first > 0, second > 0, distance > 0 else { return 1 }
        let root = (first * second / (first + second)).squareRoot()
        let scaled = (root + 0.12 + 0.11 / root) * distance
        if scaled < 0.2 { return 1 }
        var sum = 0.0, sign = 1.0
        for term in 1...100 {
            let part = sign * exp(-2 * Double(term * term) * scaled * scaled)
            sum += part
            if abs(part) < 1e-16 * abs(sum) { break }
            sign = -sign
        }
        return min(1, max(0, 2 * sum))
    }

    /// How likely a normal deviate is to be at least so large where its standard deviation is known from a few others alone.
    ///
    /// - Parameter freedom: how many others; even.
    /// - Source: Student's distribution (Abramowitz and Stegun 26.7.4).
    static func ofDeviate(_ deviate: Double, freedom: Int) -> Double {
        let square = deviate * deviate / (Double(freedom) + deviate * deviate), rest = 1 - square
        var term = 1.0, sum = 1.0
        for place in stride(from: 2, to: freedom, by: 2) {
            term *= rest * Double(place - 1) / Double(place)
            sum += term
        }
        let within = square.squareRoot() * sum
        return deviate < 0 ? (1 + within) / 2 : max(0, (1 - within) / 2)
    }

    /// How likely a sum of squares of normal deviates is to be at least so large.
    ///
    /// - Source: the regularised incomplete gamma function, by series and continued fraction (Abramowitz and Stegun 6.5.29 and 6.5.31).
    static func ofChiSquare(_ sum: Double, freedom: Double) -> Double {
        guard sum > 0, freedom > 0 else { return 1 }
        let shape = freedom / 2, x = sum / 2
        let scale = exp(shape * log(x) - x - lgamma(shape))
        if x < shape + 1 {
            var term = 1 / shape, total = term, next = shape
            for _ in 0..<10_000 {
                next += 1
                term *= x / next
                total += term
                if term < total * 1e-16 { break }
            }
            return max(0, 1 - total * scale)
        }
        // Lentz's method.
        let tiny = 1e-300
        var b = x + 1 - shape, c = 1 / tiny, d = 1 / b, fraction = d
        for step in 1..<10_000 {
            let a = -Double(step) * (Double(step) - shape)
            b += 2
            d = 1 / (abs(a * d + b) < tiny ? tiny : a * d + b)
            c = b + a / c
            if abs(c) < tiny { c = tiny }
            fraction *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return min(1, scale * fraction)
    }

    /// How likely a second sample has at least so many of what a first has some of, both drawn from the same.
    ///
    /// - Parameters:
    ///   - first: how many of `firstCount` have it.
    ///   - second: how many of `secondCount` have it.
    /// - Source: Fisher's exact test, one-sided.
    static func ofMore(_ second: Int, of secondCount: Int, than first: Int, of firstCount: Int) -> Double {
        let all = first + second
        guard second > 0, all <= firstCount + secondCount else { return 1 }
        func choices(_ n: Int, _ k: Int) -> Double { lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1)) }
        let total = choices(firstCount + secondCount, all)
        var sum = 0.0
        for count in second...max(second, min(all, secondCount)) where all - count <= firstCount {
            let part = exp(choices(secondCount, count) + choices(firstCount, all - count) - total)
            sum += part
            if part < sum * 1e-15 { break }
        }
        return min(1, sum)
    }

    /// How likely means as different as these are.
    ///
    /// - Parameter deviations: the standard deviation of each sample.
    /// - Source: Welch's statistic, with normal tails.
    static func ofMeans(_ means: (Double, Double), _ deviations: (Double, Double), _ counts: (Double, Double)) -> Double {
        guard counts.0 > 1, counts.1 > 1 else { return 1 }
        let variance = deviations.0 * deviations.0 / counts.0 + deviations.1 * deviations.1 / counts.1
        guard variance > 0 else { return means.0 == means.1 ? 1 : 0 }
        return erfc(abs(means.0 - means.1) / (2 * variance).squareRoot())
    }
}
