import Glibc

/// How points of a search space lie to each other: numbers by their distance after warping, words by whether they are the same.
struct SurrogateSpace: Sendable {
    let isWord: [Bool]
    var dimension: Int { isWord.count }

    init(_ space: SearchSpace) {
        isWord = space.searched.map { if case .categorical = $0.values { true } else { false } }
    }

    init(isWord: [Bool]) { self.isWord = isWord }

    /// A place after Kumaraswamy's distribution function, 1 - (1 - xᵃ)ᵇ, with its slopes by x, log a and log b.
    static func warp(_ place: Double, _ a: Double, _ b: Double) -> (
        value: Double, byPlace: Double, byLogA: Double, byLogB: Double
    ) {
        // The slopes are without end at the ends.
        let x = min(max(place, 1e-9), 1 - 1e-9), logX = log(x)
        let power = exp(a * logX), rest = 1 - power, logRest = log1p(-power)
        let tail = exp(b * logRest), common = b * tail / rest
        return (1 - tail, common * a * power / x, common * power * logX * a, -tail * logRest * b)
    }

    /// All points warped, one after another.
    func warped(_ points: [[Double]], _ parameters: SurrogateParameters) -> [Double] {
        points.flatMap { warped($0, parameters) }
    }

    func warped(_ point: [Double], _ parameters: SurrogateParameters) -> [Double] {
        point.indices.map { index in
            isWord[index]
                ? point[index]
                : Self.warp(point[index], parameters.firstExponent(index), parameters.secondExponent(index)).value
        }
    }

    /// The square of the distance in one dimension, before its weight.
    @inline(__always)
    func square(_ x: Double, _ y: Double, _ index: Int) -> Double {
        let gap = x - y
        return isWord[index] ? (gap == 0 ? 0 : 1) : gap * gap
    }
}

/// The covariance of a function that is smooth twice over.
///
/// - Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), equation 4.17.
enum Matern {
    /// For a squared distance, with the slope by it; both for a variance of 1.
    @inline(__always)
    static func value(_ square: Double) -> (value: Double, slope: Double) {
        let distance = (5 * square).squareRoot(), decay = exp(-distance)
        return ((1 + distance + distance * distance / 3) * decay, -5.0 / 6 * (1 + distance) * decay)
    }
}
