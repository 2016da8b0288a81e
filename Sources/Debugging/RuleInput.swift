import Events

/// What rules are shown of a run.
public enum RuleInput: Sendable {
    /// What trains, with the settings that it has and their defaults; first of all, where that is known.
    case algorithm(AlgorithmDescription)
    /// What it trains on; before the first step.
    case trainingData(TrainingDataSummary)
    /// Values of metrics that were recorded one after the other, with nothing else in between.
    case samples(SampleStretch)
    /// What tensors were like at a step, after the samples of that step.
    case tensors(TensorsOfStep)
    /// What a stretch of its time went into, after the samples of its last step.
    case profiled(ProfileSlice)
    /// What was seen from inside of how a script trains.
    case observed(TrainingObservation)
    /// What time it is, about once a second while it trains, whether or not it gets on; in seconds since 1970.
    case clock(Double)
    /// Settings were changed while it trains; the run's record has them already.
    case settingsChanged(HyperparameterChange)
    /// What an earlier run's tensors were like that the rule names; before the first step.
    case earlier(EarlierRun)
    /// How good the model is that was kept; right before the end.
    case evaluated(ModelEvaluation, step: Int)
    /// It ended; `JobEvent.finished` follows.
    case ended(JobStatus, reason: EndReason, step: Int)
}
