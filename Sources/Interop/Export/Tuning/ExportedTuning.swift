import Events

/// A tuning job as other programs are given it.
public struct ExportedTuning: Sendable {
    /// What a parameter is drawn from.
    public enum Distribution: Hashable, Sendable {
        case continuous(low: Double, high: Double, isLogarithmic: Bool)
        case integer(low: Int, high: Int, isLogarithmic: Bool)
        case categorical([String])
    }

    public var record: TuningRecord
    public var trials: [TuningTrial]
    /// What is searched, in the order in which it was given.
    public var parameters: [(name: String, distribution: Distribution)]

    /// The first one and further ones.
    var objectives: [Objective] { [record.objective] + record.request.otherObjectives }

    public init(record: TuningRecord, trials: [TuningTrial], parameters: [(name: String, distribution: Distribution)]) {
        (self.record, self.trials, self.parameters) = (record, trials, parameters)
    }
}
