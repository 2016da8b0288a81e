import CheckedNumbers
import Events
import Experiments
import Interop

/// A run that was trained here, in MLflow's words.
enum OwnRun {
    static func tracked(_ summary: RunSummary, experiment: Int) -> TrackedRun {
        let record = summary.record
        var run = TrackedRun(
            experiment: experiment, name: record.name, user: "", status: status(summary.status),
            startTime: TrackingService.milliseconds(summary.startedAt ?? record.createdAt))
        run.endTime = summary.finishedAt.map(TrackingService.milliseconds)
        run.parameters = record.hyperparameters
        run.tags = MLflowTags.of(summary)
        let time = run.endTime ?? run.startTime
        for (metric, value) in summary.lastMetrics {
            run.latest[metric.text] = .init(value: value, time: time, step: summary.step)
            run.metricNames[metric.text] = metric
        }
        return run
    }

    static func status(_ status: JobStatus) -> String {
        switch status {
        case .completed: "FINISHED"
        case .failed: "FAILED"
        case .stopped: "KILLED"
        case .pending: "SCHEDULED"
        case .inProgress, .paused, .stopping: "RUNNING"
        }
    }
}
