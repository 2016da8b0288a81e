/// One row of the runs table: the record, and what its events so far add up to. A fold over `StudioEvent`.
public struct RunSummary: Hashable, Sendable {
    public var record: RunRecord
    public var status: JobStatus
    public var phase: JobPhase?
    /// Why the status is what it is.
    public var reason: EndReason
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
    /// Alerts that stand.
    public var alertCount: Int
    /// Alerts whose cause is gone.
    public var clearedAlertCount = 0
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
        reason = .unsaid
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
}
