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

/// A curve in at most `capacity` values, for a chart of one line: every value while there are few, then one of every two, of
/// every four, …
public struct CurveSketch: Hashable, Sendable {
    public static let capacity = 32

    public private(set) var values: [Double]
    /// How many values of the curve one value here stands for.
    public private(set) var stride: Int
    /// Values that came since the last one was kept.
    public private(set) var skipped: Int

    public init(values: [Double] = [], stride: Int = 1, skipped: Int = 0) {
        self.values = Array(values.suffix(Self.capacity))
        self.stride = max(1, stride)
        self.skipped = max(0, skipped)
    }

    /// Takes in the curve's next value.
    public mutating func append(_ value: Double) {
        skipped += 1
        guard skipped >= stride else { return }
        skipped = 0
        if values.count == Self.capacity {
            values = Swift.stride(from: 1, to: Self.capacity, by: 2).map { values[$0] }
            stride *= 2
        }
        values.append(value)
    }
}
