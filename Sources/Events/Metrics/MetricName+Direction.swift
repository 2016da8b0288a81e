import MetricDirections

extension MetricName {
    /// Whether less or more of it is better, by the words its name is made of; unknown for what a run costs.
    public var direction: MetricDirection { MetricDirection(ofMetric: isSystem ? "" : String(family)) }
}
