import Glibc

/// Where values stand between the smallest and the largest of them: by magnitudes, where there are several.
public struct ValueScale: Hashable, Sendable {
    private let range: ClosedRange<Double>
    /// Whether each factor counts the same.
    public let isLogarithmic: Bool

    public init(_ range: ClosedRange<Double>) {
        self.range = range
        isLogarithmic = range.lowerBound > 0 && range.upperBound / range.lowerBound >= 30
    }

    /// - Range: [0, 1] for values of the range.
    public func share(of value: Double) -> Double {
        let (low, high) = (range.lowerBound, range.upperBound)
        guard isLogarithmic else { return (value - low) / (high - low) }
        return log(max(value, low) / low) / log(high / low)
    }

    /// The value at a place in [0, 1].
    public func value(at share: Double) -> Double {
        let (low, high) = (range.lowerBound, range.upperBound)
        return isLogarithmic ? low * pow(high / low, share) : low + share * (high - low)
    }
}
