import Events
import Tuning

extension TuningSetup {
    /// A search that knows what a tuning job tried and what came of it.
    /// - Throws: `CommandError` where the search cannot be made from its request any more.
    static func search(_ record: TuningRecord, _ trials: [TuningTrial]) throws(CommandError) -> TrialSearch {
        var search = try TuningSetup(record.request, record.objective).search
        for trial in trials { search.take(trial) }
        return search
    }
}

extension TrialSearch {
    /// Takes in what is known of a trial.
    mutating func take(_ trial: TuningTrial) {
        guard trial.point.count == space.dimension, !trial.isUnmeasured else { return leaveOut(trial.number) }
        add(
            Trial(
                number: trial.number, point: trial.point, values: space.values(at: trial.point), reason: trial.why,
                memory: trial.memory))
        hear(of: trial)
    }

    /// Is told what came of a trial that it knows; nothing while it runs.
    mutating func hear(of trial: TuningTrial) {
        if trial.isUnmeasured {
            leaveOut(trial.number)
        } else if trial.outcome == .completed, !trial.others.isEmpty {
            tell(trial.number, values: ([trial.value] + trial.others).map { $0 ?? .nan })
        } else if let outcome = trial.searchOutcome {
            tell(trial.number, outcome)
        }
    }
}

extension TuningTrial {
    /// What its search is told of it; nil while it runs.
    var searchOutcome: TrialOutcome? {
        switch outcome {
        case .completed: value.map(TrialOutcome.finished) ?? .failed
        case .stopped: .stopped(value)
        case .failed: .failed
        case nil: nil
        }
    }
}
