// The summary is a fold over what happened to the run: lifecycle events, edits and samples.
extension RunSummary {
    /// Folds one event of this run into the summary.
    public mutating func apply(_ event: StudioEvent) {
        switch event.kind {
        case .run(let fact): apply(fact)
        case .job(let fact): apply(fact, at: event.wallTime)
        case .sample(.metricsRecorded(let metrics)), .sample(.systemSampled(let metrics)):
            for (name, value) in metrics.values { apply(name, value, step: metrics.step, epoch: metrics.epoch) }
        case .debugger(.alertRaised): alertCount += 1
        case .debugger(.ruleEvaluated(let evaluation)):
            // A rule has one alert that stands at most.
            if evaluation.state == .cleared, alertCount > 0 {
                (alertCount, clearedAlertCount) = (alertCount - 1, clearedAlertCount + 1)
            }
        case .debugger(.rulesChanged(let change)): record.request.rules = change.rules
        case .debugger(.remedyMeasured), .dataset, .entity, .tensors, .profile, .tuning, .automl, .endpoint, .workspace, .notice,
            .action:
            break
        }
    }

    /// Counts the alerts that a run's events tell.
    public mutating func count(_ alerts: [RaisedAlert]) {
        alertCount = alerts.count { $0.cleared == nil }
        clearedAlertCount = alerts.count - alertCount
    }

    private mutating func apply(_ fact: RunEvent) {
        switch fact {
        case .registered(let record):
            // The best so far was by another measure; by the new one its curve's range knows it.
            if record.objective != self.record.objective {
                (bestObjective, bestStep, sketch) = (nil, nil, CurveSketch())
                judge(by: record.objective)
            }
            // The user may have given it another name since it was queued, and other rules since it trains.
            let (name, rules) = (self.record.name, self.record.request.rules)
            self.record = record
            (self.record.name, self.record.request.rules) = (name, rules)
        case .deleted: isDeleted = true
        case .restored: isDeleted = false
        case .edited(let edit): apply(edit)
        case .reproduced: break
        }
    }

    private mutating func apply(_ fact: JobEvent, at time: Double) {
        switch fact {
        case .statusChanged(let change):
            status = change.status
            phase = change.phase
            reason = change.reason
            if change.phase == .training, startedAt == nil { startedAt = time }
            if change.plannedSteps > 0 { plannedSteps = change.plannedSteps }
            finishedAt = change.status.isFinal ? end(at: time) : nil
        case .progressReported(let progress):
            step = max(step, progress.step)
            rowsPerSecond = progress.rowsPerSecond
        case .hyperparametersChanged(let changed):
            record.hyperparameters.merge(changed.values) { _, new in new }
        case .finished(let result):
            status = result.status
            phase = nil
            reason = result.reason
            finishedAt = end(at: time)
            bestStep = result.bestStep ?? bestStep
            lastMetrics.merge(result.metrics) { _, kept in kept }
            // A fork may keep a model that its parent reached before the fork's own curve begins.
            if let kept = result.metrics[record.objective.metric], record.objective.isBetter(kept, than: bestObjective ?? .nan) {
                bestObjective = kept
            }
        case .checkpointSaved, .trainingDataSummarised, .dataRead, .dataWarned: break
        }
    }

    private mutating func judge(by objective: Objective) {
        guard let range = metricRanges[objective.metric] else { return }
        switch objective.direction {
        case .minimised: (bestObjective, bestStep) = (range.low, range.lowStep)
        case .maximised: (bestObjective, bestStep) = (range.high, range.highStep)
        case .unknown: break
        }
    }

    /// When it ended by the clock; not before it began, as it would be where the clock was set back meanwhile.
    private func end(at time: Double) -> Double { max(time, startedAt ?? time) }

    /// Takes over what the user changed.
    public mutating func apply(_ edit: RunEdit) { labels.apply(edit) }

    /// Folds metric samples into the summary: one look-up for each metric, not for each sample.
    public mutating func apply(_ samples: RunSamples) {
        var stretches = [Stretch?](repeating: nil, count: samples.metrics.count)
        let objective = samples.metrics.firstIndex(of: record.objective.metric).map { Int32($0) }
        for sample in samples.samples {
            step = max(step, sample.step)
            epoch = max(epoch, sample.epoch)
            let index = Int(sample.metric)
            if stretches[index]?.include(sample) == nil { stretches[index] = Stretch(sample) }
            if sample.metric == objective { applyObjective(sample.value, step: sample.step) }
        }
        for (name, stretch) in zip(samples.metrics, stretches) {
            guard let stretch else { continue }
            if name.isOfModels { lastMetrics[name] = stretch.last }
            if let range = stretch.range { include(range, name) }
        }
    }

    /// What a stretch of one curve adds up to.
    private struct Stretch {
        var last: Double
        var range: MetricRange?

        init(_ sample: MetricSample) {
            last = sample.value
            range = sample.value.isFinite ? MetricRange(sample.value, step: sample.step) : nil
        }

        mutating func include(_ sample: MetricSample) {
            last = sample.value
            guard sample.value.isFinite else { return }
            if range?.include(sample.value, step: sample.step) == nil { range = MetricRange(sample.value, step: sample.step) }
        }
    }

    private mutating func include(_ range: MetricRange, _ name: MetricName) {
        if metricRanges[name]?.include(range) == nil { metricRanges[name] = range }
    }

    private mutating func applyObjective(_ value: Double, step: Int) {
        sketch.append(value)
        if record.objective.isBetter(value, than: bestObjective ?? .nan) {
            bestObjective = value
            bestStep = step
        }
    }

    /// Folds one metric value into the summary.
    public mutating func apply(_ name: MetricName, _ value: Double, step: Int, epoch: Double) {
        if name.isOfModels { lastMetrics[name] = value }
        self.step = max(self.step, step)
        self.epoch = max(self.epoch, epoch)
        if value.isFinite { include(MetricRange(value, step: step), name) }
        if name == record.objective.metric { applyObjective(value, step: step) }
    }
}
