import Events

/// A piece of what changed in a workspace, as one that mirrors it hears of it.
public enum WorkspaceNews: Hashable, Sendable {
    /// A run as it is now.
    case run(RunSummary)
    /// What happened to a run.
    /// - Parameter isWhole: whether it takes the place of all that was told before; else it follows that.
    case events(RunID, isWhole: Bool, [StudioEvent])
    /// Points of a curve from a position on, counted from 0; what was told of it from there on is replaced.
    case points(RunID, MetricName, from: Int, [MetricPoint])
    /// What a curve looks like of which much is still to come; its points take the outline's place from the left.
    case outline(RunID, MetricName, CurveOutline)
    /// What a run's tensors were like at some steps.
    /// - Parameter isWhole: whether it takes the place of all that was told before; else it is told beside that.
    case tensors(RunID, isWhole: Bool, [TensorsOfStep])
    /// The host's queue.
    case queue([QueuedJob], hasHost: Bool)
    /// A tuning job as it is now, with those of its trials that stand otherwise than before, and all of its confirmations.
    case tuning(TuningRecord, [TuningTrial], [TuningConfirmation])
    /// Ids of tuning jobs that there are: others are gone.
    case tunings([String])
    /// What is in a data file.
    /// - Parameter at: when it was seen last, in seconds since 1970.
    case dataset(DatasetProfile, at: Double)
    /// Ids of runs that there are: all of them were told when `isLast`, and others are gone.
    case ids([RunID], isLast: Bool)
    /// Runs that were removed for good.
    case gone([RunID])
    /// All that was changed up to this number has been told.
    case upTo(Int)
}
