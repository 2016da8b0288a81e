/// One row of the runs table: the record, and what its events so far add up to. A fold over `StudioEvent`.
public struct RunSummary: Hashable, Sendable {
    public var record: RunRecord
    public var status: JobStatus
    public var phase: JobPhase?
    /// Why the status is what it is, in words for the user; empty when there is nothing to say.
    public var reason: String
    /// Seconds since 1970; nil until training began.
    public var startedAt: Double?
    public var finishedAt: Double?
    /// Optimiser steps done.
    public var step: Int
    /// Epochs done, with fraction.
    public var epoch: Double
    /// Steps the job will take if nothing stops it early; 0 = unknown.
    public var plannedSteps: Int
    /// Newest value of each metric that says how good the model is; replaced by the kept model's values when the job finishes.
    public var lastMetrics: [MetricName: Double]
    /// Best value so far of the objective metric, and where it was reached.
    public var bestObjective: Double?
    public var bestStep: Int?
    public var alertCount: Int
    /// Training rows per second, over the newest report; 0 = unknown.
    public var rowsPerSecond: Double
    /// In the workspace's bin: hidden from the table until it is restored.
    public var isDeleted: Bool
    /// Hidden from lists unless archived runs are asked for.
    public var isArchived: Bool
    public var tags: [String]
    public var note: String
    /// Smallest and largest value of each metric, those of steps and system among them.
    public var metricRanges: [MetricName: MetricRange]
    /// The objective's curve in a few values.
    public var sketch: CurveSketch

    public init(record: RunRecord) {
        self.record = record
        status = .pending
        phase = nil
        reason = ""
        startedAt = nil
        finishedAt = nil
        step = 0
        epoch = 0
        plannedSteps = 0
        lastMetrics = [:]
        bestObjective = nil
        bestStep = nil
        alertCount = 0
        rowsPerSecond = 0
        isDeleted = false
        isArchived = false
        tags = []
        note = ""
        metricRanges = [:]
        sketch = CurveSketch()
    }

    /// Newest value of the objective metric.
    public var lastObjective: Double? { lastMetrics[record.objective.metric] }

    /// The metrics that have a curve, and not only a value of the model that was kept.
    public var curveMetrics: [MetricName] {
        lastMetrics.filter { name, value in metricRanges[name] != nil || metricRanges.isEmpty || !value.isFinite }.map(\.key)
    }

    /// Folds one event of this run into the summary.
    public mutating func apply(_ event: StudioEvent) {
        switch event.kind {
        case .runRegistered(let record):
            // The best so far was by another measure; by the new one its curve's range knows it.
            if record.objective != self.record.objective {
                (bestObjective, bestStep, sketch) = (nil, nil, CurveSketch())
                judge(by: record.objective)
            }
            // The user may have given it another name since it was queued.
            let name = self.record.name
            self.record = record
            self.record.name = name
        case .jobStatusChanged(let change):
            status = change.status
            phase = change.phase
            reason = change.reason
            if change.phase == .training, startedAt == nil { startedAt = event.wallTime }
            if change.plannedSteps > 0 { plannedSteps = change.plannedSteps }
            finishedAt = change.status.isFinal ? end(at: event.wallTime) : nil
        case .metricsRecorded(let metrics), .systemSampled(let metrics):
            for (name, value) in metrics.values { apply(name, value, step: metrics.step, epoch: metrics.epoch) }
        case .progressReported(let progress):
            step = max(step, progress.step)
            rowsPerSecond = progress.rowsPerSecond
        case .alertRaised:
            alertCount += 1
        case .hyperparametersChanged(let changed):
            record.hyperparameters.merge(changed.values) { _, new in new }
        case .jobFinished(let result):
            status = result.status
            phase = nil
            reason = result.reason
            finishedAt = end(at: event.wallTime)
            bestStep = result.bestStep ?? bestStep
            lastMetrics.merge(result.metrics) { _, kept in kept }
            // A fork may keep a model that its parent reached before the fork's own curve begins.
            if let kept = result.metrics[record.objective.metric], record.objective.isBetter(kept, than: bestObjective ?? .nan) {
                bestObjective = kept
            }
        case .runDeleted:
            isDeleted = true
        case .runRestored:
            isDeleted = false
        case .runEdited(let edit): apply(edit)
        case .runReproduced, .checkpointSaved, .trainingDataSummarised, .dataWarned, .messageLogged, .datasetProfiled,
            .datasetFailed, .commandFailed, .recordingStalled, .recordingResumed:
            break
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
    public mutating func apply(_ edit: RunEdit) {
        if let name = edit.name { record.name = name }
        tags = edit.tags(after: tags)
        if let note = edit.note { self.note = note }
        if let isArchived = edit.isArchived { self.isArchived = isArchived }
    }

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
