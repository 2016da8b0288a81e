/// One point of a metric's curve.
public struct MetricPoint: Hashable, Sendable {
    public var step: Int
    /// Epochs done at this step, with fraction.
    public var epoch: Double
    /// Seconds since 1970.
    public var wallTime: Double
    public var value: Double

    public init(step: Int, epoch: Double, wallTime: Double, value: Double) {
        self.step = step
        self.epoch = epoch
        self.wallTime = wallTime
        self.value = value
    }

    /// Whether it is that very point, to the bit: NaN is NaN.
    public func isSame(as other: MetricPoint?) -> Bool {
        guard let other else { return false }
        return step == other.step && value.bitPattern == other.value.bitPattern && epoch == other.epoch
            && wallTime == other.wallTime
    }
}
