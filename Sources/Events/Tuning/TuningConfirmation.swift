import JSON

/// A run of a tuning job's best configuration on a seed of its own.
public struct TuningConfirmation: Hashable, Sendable {
    /// The trial whose configuration it has.
    public var trial: Int
    public var seed: UInt64
    public var run: RunID
    /// nil while it runs, or waits to be taken up again.
    public var outcome: TuningTrial.Outcome?
    public var value: Double?

    public init(trial: Int, seed: UInt64, run: RunID) { (self.trial, self.seed, self.run) = (trial, seed, run) }
}

/// What a configuration is worth over fresh seeds.
public struct ConfirmedValue: Hashable, Sendable {
    /// Of each seed.
    public var values: [Double]

    /// nil without values.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        self.values = values
    }

    public var mean: Double { values.reduce(0, +) / Double(values.count) }

    /// The sample standard deviation; nil for a single value.
    public var deviation: Double? {
        guard values.count > 1 else { return nil }
        let mean = mean
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    var json: JSONValue {
        .object([
            "mean": .number(mean), "deviation": deviation.map { .number($0) }, "seeds": .integer(values.count),
            "values": .array(values.map { .number($0) }),
        ])
    }

    init?(json: JSONValue) { self.init(json["values"]?.array?.compactMap(\.double) ?? []) }
}
