import JSON

/// Values of metrics at one step.
public struct MetricsRecorded: Sendable, Hashable {
    public var step: Int
    /// Epochs done at this step, with fraction.
    public var epoch: Double
    public var values: [MetricName: Double]

    public init(step: Int, epoch: Double, values: [MetricName: Double]) {
        self.step = step
        self.epoch = epoch
        self.values = values
    }
}

extension MetricsRecorded {
    var json: JSONValue {
        .object([.init("step", .integer(step)), .init("epoch", .epoch(epoch)), .init("metrics", JSONValue(values))])
    }

    init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let epoch = json["epoch"]?.double, let values = json["metrics"]?.metrics else {
            return nil
        }
        self.init(step: step, epoch: epoch, values: values)
    }
}
