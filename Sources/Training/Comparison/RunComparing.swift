import Events
import Learners

/// Puts runs side by side.
package enum RunComparing {
    /// What the workspace knows of the runs. Verdicts rest on the seed siblings among `all`.
    /// - Parameters:
    ///   - runs: two or more; the first is what the others are compared with.
    ///   - kept: what the models that were kept reached, by run; of runs that are not there, the newest values are taken.
    package static func compare(
        _ runs: [RunSummary], all: [RunSummary], kept: [RunID: [MetricName: Double]] = [:]
    ) -> RunComparison {
        var measured = runs
        for index in runs.indices { if let values = kept[runs[index].record.id] { measured[index].lastMetrics = values } }
        return RunComparison(
            runs: runs.map(\.record.id), names: runs.map(\.record.name), obstacles: runs.map { obstacle($0, runs[0]) },
            sources: runs.map { kept[$0.record.id] == nil ? .newest(step: $0.step) : .keptModel(step: $0.bestStep) },
            metrics: metrics(measured, all: all), hyperparameters: settings(runs), environment: environment(runs))
    }

    /// Adds what the models make of rows that none was trained on; verdicts that seeds could not give come from these.
    package static func adding(_ heldOut: HeldOutComparison, to comparison: RunComparison) -> RunComparison {
        var result = comparison
        result.heldOut = heldOut
        for index in result.metrics.indices where result.metrics[index].name.split == "validation" {
            let metric = result.metrics[index]
            guard let measure = heldOut.measures.first(where: { $0.name == equivalent(metric.name, heldOut.classes.isEmpty) })
            else {
                continue
            }
            // Differences are to the first run that could be asked.
            guard heldOut.places.first == 0 else { continue }
            for run in metric.verdicts.indices where metric.verdicts[run]?.outcome == RunComparison.Verdict.Outcome.none {
                guard let place = heldOut.index(ofPlace: run), let interval = measure.intervals[place] else { continue }
                result.metrics[index].verdicts[run] = verdict(interval, measure.minimises, rowCount: heldOut.rowCount)
            }
        }
        return result
    }

    private static func verdict(_ interval: ClosedRange<Double>, _ minimises: Bool, rowCount: Int) -> RunComparison.Verdict {
        let words = "95 % of \(rowCount) held-out rows drawn again"
        if interval.contains(0) { return RunComparison.Verdict(.even, words + ": differences on both sides of 0") }
        return RunComparison.Verdict((interval.upperBound < 0) == minimises ? .better : .worse, words)
    }

    /// The row-wise measure that says the same as a metric.
    private static func equivalent(_ name: MetricName, _ isRegression: Bool) -> String {
        switch name.metric {
        case "loss", "mse": isRegression ? "rmse" : "log_loss"
        default: String(name.metric)
        }
    }

    // MARK: - Metrics

    private static func metrics(_ runs: [RunSummary], all: [RunSummary]) -> [RunComparison.Metric] {
        var names: Set<MetricName> = []
        for run in runs { names.formUnion(run.lastMetrics.keys.filter { !$0.isCandidate }) }
        let objective = runs[0].record.objective.metric
        let splits = ["validation": 0, "test": 1, "train": 2]
        func rank(_ name: MetricName) -> Int { name == objective ? -1 : splits[String(name.split)] ?? 3 }
        let ended = Dictionary(grouping: all.filter(\.status.isFinal)) { SeedGroup($0.record) }
        let alike = runs.map { run in
            (SeedGroup(run.record).flatMap { ended[$0] } ?? []).filter { $0.record.seed != run.record.seed } + [run]
        }
        return names.sorted { (rank($0), $0) < (rank($1), $1) }.map { name in
            let direction = runs[0].direction(of: name)
            let minimises = direction == .unknown ? nil : direction == .minimised
            let values = runs.map { $0.lastMetrics[name] }
            let groups = alike.map { $0.compactMap { $0.lastMetrics[name] }.filter(\.isFinite) }
            let verdicts = runs.indices.map { index -> RunComparison.Verdict? in
                guard index > 0, values[0] != nil, values[index] != nil else { return nil }
                guard let minimises else {
                    guard name == objective else { return nil }
                    return RunComparison.Verdict(.none, "\(direction.words): no verdict")
                }
                switch obstacle(runs[index], runs[0]) {
                case .target: return RunComparison.Verdict(.none, "they predict different columns: no verdict")
                case .data: return RunComparison.Verdict(.none, "they were judged by different data: no verdict")
                case .program:
                    return RunComparison.Verdict(.none, "what a script measures is its own matter: no verdict")
                case nil: break
                }
                if runs[index].isSeedSibling(of: runs[0]) {
                    return RunComparison.Verdict(.even, "the same settings with another seed: this is the noise")
                }
                return SeedSpread.verdict(groups[0], groups[index], minimises: minimises)
                    ?? RunComparison.Verdict(.none, "one run each: no verdict")
            }
            var metric = RunComparison.Metric(
                name: name, minimises: minimises, isObjective: name == objective, values: values, verdicts: verdicts,
                spreads: groups.map(SeedSpread.spread))
            if let minimises, answerOneQuestion(runs) { metric.best = best(values, minimises: minimises) }
            return metric
        }
    }

    /// Why a run's metrics say nothing beside another's; nil where they compare, or where nobody knows what one learned from.
    private static func obstacle(_ run: RunSummary, _ first: RunSummary) -> RunComparison.Obstacle? {
        if run.record.request.program != first.record.request.program { return .program }
        if run.record.request.target != first.record.request.target { return .target }
        let data = run.record.dataFingerprint, other = first.record.dataFingerprint
        return data == other || data.isEmpty || other.isEmpty ? nil : .data
    }

    /// Whether the runs predict the same column of the same data, so that their values compare.
    private static func answerOneQuestion(_ runs: [RunSummary]) -> Bool {
        Set(runs.map(\.record.request.program)).count == 1 && Set(runs.map(\.record.request.target)).count == 1
            && Set(runs.map(\.record.dataFingerprint)).count == 1
    }

    private static func best(_ values: [Double?], minimises: Bool) -> Set<Int> {
        let finite = values.enumerated().compactMap { place, value in value.flatMap { $0.isFinite ? (place, $0) : nil } }
        guard let best = minimises ? finite.map(\.1).min() : finite.map(\.1).max() else { return [] }
        let places = Set(finite.filter { $0.1 == best }.map(\.0))
        return places.count < finite.count ? places : []
    }

    // MARK: - What differs

    private static func settings(_ runs: [RunSummary]) -> [RunComparison.Row] {
        let all = runs.map { run in
            run.record.hyperparameters.merging(run.record.request.hyperparameters) { resolved, _ in resolved }
        }
        return Set(all.flatMap(\.keys)).sorted().map { name in
            let isByHand = runs.contains { $0.record.request.hyperparameters[name] != nil }
            return RunComparison.Row(
                name, all.map { $0[name] }, isTelling: isByHand || all.allSatisfy { $0[name] != nil })
        }
    }

    private static func environment(_ runs: [RunSummary]) -> [RunComparison.Row] {
        func row(_ name: String, _ value: (RunSummary) -> String?) -> RunComparison.Row {
            RunComparison.Row(name, runs.map(value))
        }
        let rows =
            [
                row("algorithm") { $0.record.algorithm }, row("dataset") { $0.record.request.datasetPath },
                row("data fingerprint") { $0.record.dataFingerprint }, row("target") { $0.record.request.target },
                row("validation") { $0.record.request.validationText },
            ] + JobOption.all.map { option in row(option.label) { option.text($0.record.request) } } + [
                row("seed") { String($0.record.seed) }, row("experiment") { $0.record.experiment },
                row("status") { $0.status.rawValue + ($0.reason.isEmpty ? "" : " (\($0.reason))") },
                row("steps") { String($0.step) }, row("best step") { $0.bestStep.map(String.init) },
                row("trained for") { run in
                    run.finishedAt.flatMap { run.duration(now: $0) }.map { "\(($0 * 10).rounded() / 10) s" }
                },
                row("descent") { $0.record.version }, row("git revision") { $0.record.gitRevision.map { String($0.prefix(12)) } },
            ]
        return rows.filter { $0.values.contains { $0 != nil && $0 != "" } }
    }
}
