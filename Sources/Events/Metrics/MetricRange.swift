/// The smallest and the largest finite value of a metric so far, and the steps they were reached at.
public struct MetricRange: Hashable, Sendable {
    public var low: Double
    public var high: Double
    /// nil in runs recorded before steps were kept.
    public var lowStep: Int?
    public var highStep: Int?

    public init(low: Double, lowStep: Int?, high: Double, highStep: Int?) {
        self.low = low
        self.lowStep = lowStep
        self.high = high
        self.highStep = highStep
    }

    init(_ value: Double, step: Int) { self.init(low: value, lowStep: step, high: value, highStep: step) }

    /// Takes in one more finite value.
    mutating func include(_ value: Double, step: Int) {
        if value < low { (low, lowStep) = (value, step) }
        if value > high { (high, highStep) = (value, step) }
    }

    /// Takes in the values of a later stretch.
    mutating func include(_ later: MetricRange) {
        if later.low < low { (low, lowStep) = (later.low, later.lowStep) }
        if later.high > high { (high, highStep) = (later.high, later.highStep) }
    }
}
