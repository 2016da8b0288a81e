import Events
import Tuning

/// What came of a tuning job, from what is kept of it.
enum TuningOutcome {
    /// The best trial that ended, by `TuningRecord.winner`.
    static func best(
        _ record: TuningRecord, _ trials: [TuningTrial], _ confirmations: [TuningConfirmation] = []
    ) -> TuningResult.Best? {
        guard let winner = record.winner(trials, confirmations) else { return nil }
        var found = best(winner.trial, record)
        found.confirmed = winner.confirmed
        return found
    }

    /// With several objectives the trials than which none is better in all of them, the best by the first one first.
    static func front(_ record: TuningRecord, _ trials: [TuningTrial]) -> [TuningResult.Best] {
        let objectives = [record.objective] + record.request.otherObjectives
        guard objectives.count > 1 else { return [] }
        let rows = trials.filter { $0.outcome == .completed }.sorted { $0.number < $1.number }.compactMap { trial in
            let values = ([trial.value] + trial.others).compactMap { $0 }
            return values.count == objectives.count
                ? (trial: trial, turned: zip(values, objectives).map { $1.direction == .maximised ? -$0 : $0 }) : nil
        }
        return ParetoFront.places(of: rows.map(\.turned)).map { rows[$0] }
            .sorted { ($0.turned[0], $0.trial.number) < ($1.turned[0], $1.trial.number) }.map { best($0.trial, record) }
    }

    private static func best(_ trial: TuningTrial, _ record: TuningRecord) -> TuningResult.Best {
        var best = TuningResult.Best(
            run: trial.run, name: TuningCommands.trialName(record.name, trial.number), objective: record.objective.metric,
            value: trial.value ?? .nan, hyperparameters: trial.values)
        best.deviation = trial.deviation
        for (objective, value) in zip(record.request.otherObjectives, trial.others) { best.others[objective.metric] = value }
        return best
    }
}

extension TuningTrial {
    /// Why a trial that trained to its end has no value.
    static func notMeasured(_ objective: Objective) -> String { "\(objective.metric) was not measured" }

    /// Takes from a run's last metrics what else a tuning job wants to know of it.
    mutating func note(_ metrics: [MetricName: Double], of record: TuningRecord) {
        deviation = metrics[MetricName(record.objective.metric.text + "@sd")].flatMap { $0.isFinite ? $0 : nil }
        others = record.request.otherObjectives.map { objective in
            metrics[objective.metric].flatMap { $0.isFinite ? $0 : nil }
        }
    }
}

extension MetricsRecorded {
    private static let foldPrefix = "validation:loss@"

    /// Whether it is the loss of one of several folds.
    static func isOfFold(_ metric: MetricName) -> Bool { metric.text.hasPrefix(foldPrefix) }

    /// The losses of folds, in their order; empty where there are none.
    var foldLosses: [Double] {
        var losses: [Double] = []
        while let loss = values[MetricName(Self.foldPrefix + String(losses.count + 1))] { losses.append(loss) }
        return losses
    }
}
