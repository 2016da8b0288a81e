import Events

/// How much of a curve one who mirrors it has.
public struct CurveEnd: Hashable, Sendable {
    /// Points from the beginning, and the last of them.
    public var count: Int
    public var last: MetricPoint?
    /// Whether there is an outline of what comes behind them.
    public var isOutlined: Bool

    public init(count: Int = 0, last: MetricPoint? = nil, isOutlined: Bool = false) {
        (self.count, self.last, self.isOutlined) = (last == nil ? 0 : count, last, isOutlined)
    }
}
