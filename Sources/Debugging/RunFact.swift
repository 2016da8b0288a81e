import Events

/// What of a run's events concerns its rules: the one list of what the debugger listens to beside samples.
enum RunFact {
    case registered(RunRecord)
    case dataSummarised(TrainingDataSummary)
    case settingsChanged(HyperparameterChange)
    case tensorsSummarised(TensorsOfStep)
    case profileRecorded(ProfileSlice)
    case rulesChanged(RulesChange)
    case trainingObserved(TrainingObservation)
    case ended(JobStatusChange)

    /// nil for an event that no rule is told of.
    init?(_ event: StudioEvent) {
        switch event.kind {
        case .run(.registered(let record)): self = .registered(record)
        case .job(.trainingDataSummarised(let summary)): self = .dataSummarised(summary)
        case .job(.hyperparametersChanged(let change)): self = .settingsChanged(change)
        case .debugger(.rulesChanged(let change)): self = .rulesChanged(change)
        case .tensors(.summarised(let tensors)): self = .tensorsSummarised(tensors)
        case .profile(.recorded(let slice)): self = .profileRecorded(slice)
        case .tensors(.observed(let observation)): self = .trainingObserved(observation)
        case .job(.statusChanged(let change)) where change.status.isFinal: self = .ended(change)
        default: return nil
        }
    }
}
