import Events

/// How columns of CSV and JSON Lines logs are understood where their names do not say it.
public struct LogColumnNames: Sendable, Hashable {
    public var step: String?
    public var epoch: String?
    public var time: String?
    /// Metric names by the log's own: `dev_ppl` → `validation:perplexity`. Holds for every format.
    public var metrics: [String: MetricName]
    /// What stands before a number's fraction; nil = as the numbers of each log show.
    public var decimal: DecimalMark?

    public init(
        step: String? = nil, epoch: String? = nil, time: String? = nil, metrics: [String: MetricName] = [:],
        decimal: DecimalMark? = nil
    ) {
        self.step = step
        self.epoch = epoch
        self.time = time
        self.metrics = metrics
        self.decimal = decimal
    }
}
