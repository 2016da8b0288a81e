/// What a metric's curve adds up to. The best is the smallest or the largest, whichever is better for that metric.
public enum MetricStatistic: String, Hashable, Sendable, CaseIterable {
    case last, best, min, max
    /// The step the best value was reached at.
    case step
}
