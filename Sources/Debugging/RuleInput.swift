import Events

/// What rules are shown of a run.
public enum RuleInput: Sendable {
    /// What it trains on; before the first step.
    case trainingData(TrainingDataSummary)
    /// Values of metrics that were recorded one after the other, with nothing else in between.
    case samples(SampleStretch)
    /// Settings were changed while it trains; the run's record has them already.
    case settingsChanged(HyperparameterChange)
    /// It ended; `jobFinished` follows.
    case ended(JobStatus, reason: String, step: Int)
}

/// What a rule has found, and where.
public struct RuleFinding: Sendable, Hashable {
    public var alert: Alert
    /// Place in the stretch of the sample that was the last piece of evidence, by which findings of several rules are put in
    /// order; 0 where the evidence is no sample.
    public var place: Int

    public init(_ alert: Alert, at place: Int = 0) {
        self.alert = alert
        self.place = place
    }
}
