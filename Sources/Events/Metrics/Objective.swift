import MetricDirections

/// Which metric a run is judged by, and in which direction.
public struct Objective: Hashable, Sendable {
    public var metric: MetricName
    public var direction: MetricDirection

    public init(metric: MetricName, direction: MetricDirection) {
        self.metric = metric
        self.direction = direction
    }

    public init(metric: MetricName, minimises: Bool) {
        self.init(metric: metric, direction: minimises ? .minimised : .maximised)
    }

    /// Whether less is better. Where nobody knows, neither this nor its opposite holds: ask `direction` before judging.
    public var minimises: Bool { direction == .minimised }

    /// Whether `candidate` is strictly better than `incumbent`; what is not finite is never better, and anything finite beats NaN. Nothing is
    /// better where the direction is not known.
    public func isBetter(_ candidate: Double, than incumbent: Double) -> Bool {
        if !candidate.isFinite || direction == .unknown { return false }
        if incumbent.isNaN { return true }
        return minimises ? candidate < incumbent : candidate > incumbent
    }
}
