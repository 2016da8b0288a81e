/// One metric value at one step: what a training thread hands over, in a fixed number of bytes.
public struct MetricSample: Sendable, Hashable {
    /// The `metricsRecorded` event it belongs to: samples of one run with the same number are one event.
    public var sequence: UInt64
    /// Index into the metric names of its channel or of its `RunSamples`.
    public var metric: Int32
    public var step: Int
    /// Epochs done at this step, with fraction.
    public var epoch: Double
    /// Seconds since 1970.
    public var wallTime: Double
    public var value: Double

    public init(sequence: UInt64, metric: Int32, step: Int, epoch: Double, wallTime: Double, value: Double) {
        self.sequence = sequence
        self.metric = metric
        self.step = step
        self.epoch = epoch
        self.wallTime = wallTime
        self.value = value
    }
}
