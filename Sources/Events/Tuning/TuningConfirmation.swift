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

/// A configuration that looks best trains again on a fresh seed.
public struct TuningConfirming: Hashable, Sendable {
    public var tuning: String
    public var name: String
    /// The trial whose configuration it is.
    public var trial: Int
    public var seed: UInt64
    /// The run that trains it. `run` on the wire would be the event's own.
    public var trialRun: RunID

    public init(tuning: String, name: String, trial: Int, seed: UInt64, trialRun: RunID) {
        (self.tuning, self.name, self.trial, self.seed, self.trialRun) = (tuning, name, trial, seed, trialRun)
    }

    var json: JSONValue {
        .object([
            "tuning": .string(tuning), "name": .string(name), "trial": .integer(trial), "seed": .string(String(seed)),
            "trialRun": .string(trialRun.text),
        ])
    }

    init?(json: JSONValue) {
        guard let tuning = json["tuning"]?.string, let name = json["name"]?.string, let trial = json["trial"]?.integer,
            let seed = json["seed"]?.string.flatMap({ UInt64($0) }), let run = json["trialRun"]?.string
        else { return nil }
        self.init(tuning: tuning, name: name, trial: trial, seed: seed, trialRun: RunID(run))
    }
}

extension TuningRecord {
    /// Whether nothing new is tried any more, and what looks best trains again.
    public func isConfirming(_ confirmations: [TuningConfirmation]) -> Bool {
        status == .inProgress && confirmations.contains { $0.outcome == nil }
    }

    /// The best trial that ended: of those that were trained again on fresh seeds the one that is best in the mean, where the best by
    /// value is among them.
    /// - Returns: the trial, and what it is worth over fresh seeds; nil where that was not looked at.
    public func winner(
        _ trials: [TuningTrial], _ confirmations: [TuningConfirmation]
    ) -> (trial: TuningTrial, confirmed: ConfirmedValue?)? {
        var top: TuningTrial?
        for trial in trials where trial.outcome == .completed {
            guard let value = trial.value, !value.isNaN else { continue }
            // Of equals the first.
            let best = top?.value ?? .nan
            if objective.isBetter(value, than: best) || value == best && trial.number < top?.number ?? .max { top = trial }
        }
        guard let top else { return nil }
        let values = Dictionary(grouping: confirmations.filter { $0.outcome == .completed }, by: \.trial)
            .compactMapValues { ConfirmedValue($0.compactMap(\.value)) }
        guard var mean = values[top.number]?.mean else { return (top, nil) }
        var winner = top
        for trial in trials.filter({ values[$0.number] != nil && $0.outcome == .completed }).sorted(by: { $0.number < $1.number })
        {
            guard let other = values[trial.number]?.mean, objective.isBetter(other, than: mean) else { continue }
            (winner, mean) = (trial, other)
        }
        return (winner, values[winner.number])
    }
}
