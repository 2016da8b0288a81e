import Events
import Experiments
import Training

/// Compares runs with those they were started for.
extension Engine {
    /// - Parameter store: the calling thread's own.
    func checkAgainstOriginal(_ run: RunID, in store: RunStore) throws {
        flush()
        guard let record = try store.run(run)?.record else { return }
        if record.reproduces != nil { try checkReproduction(run, in: store) }
        // What mends bias is measured where its groups are known.
        if let alert = record.remedies, alert.rule != AlertReference.bias { try checkRemedy(run, alert, in: store) }
    }

    private func checkRemedy(_ run: RunID, _ alert: AlertReference, in store: RunStore) throws {
        guard let sick = try store.run(alert.run), let mended = try store.run(run) else { return }
        bus.post(.debugger(.remedyMeasured(try RemedyOutcome(of: alert, sick, mended, store))), run: run)
        flush()
    }
}

extension RemedyOutcome {
    /// How large a difference must be, of the value before, where nothing tells it from noise.
    private static let telling = 0.1

    /// - Parameters:
    ///   - sick: the run that the alert was raised in.
    ///   - mended: the run with the remedy, which has ended.
    init(of alert: AlertReference, _ sick: RunSummary, _ mended: RunSummary, _ store: RunStore) throws {
        let comparison = ComparisonWork.complete(
            try ComparisonWork.recorded([sick, mended], store), [sick, mended], store.workspace)
        let objective = sick.record.objective
        let found = comparison.metrics.first(where: \.isObjective)
        let values = found?.values ?? [sick.bestObjective, mended.bestObjective]
        let before = values[0].flatMap { $0.isFinite ? $0 : nil } ?? sick.bestObjective.flatMap { $0.isFinite ? $0 : nil }
        let after = values[1].flatMap { $0.isFinite ? $0 : nil }
        let changed = mended.record.request.hyperparameters.filter { sick.record.request.hyperparameters[$0.key] != $0.value }
        let (helped, reason) = Self.judge(before, after, found?.verdicts[1], objective)
        self.init(
            alert: alert, set: changed, metric: objective.metric, before: before, after: after, helped: helped, reason: reason)
    }

    private static func judge(
        _ before: Double?, _ after: Double?, _ verdict: RunComparison.Verdict?, _ objective: Objective
    ) -> (Bool, String) {
        guard let after else { return (false, "the new run reached no finite value") }
        guard let before else { return (true, "the run that was found faulty reached no finite value") }
        switch verdict?.outcome {
        case .better?: return (true, verdict?.reason ?? "")
        case .worse?, .even?: return (false, verdict?.reason ?? "")
        case RunComparison.Verdict.Outcome.none?, nil:
            let gain = (objective.minimises ? before - after : after - before) / max(abs(before), .leastNormalMagnitude)
            return (
                gain > telling,
                "one run each, and nothing that tells noise: a tenth is asked for"
            )
        }
    }
}
