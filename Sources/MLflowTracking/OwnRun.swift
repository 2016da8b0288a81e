import CheckedNumbers
import Events
import Experiments

/// A run that was trained here, in MLflow's words.
enum OwnRun {
    static func tracked(_ summary: RunSummary, experiment: Int) -> TrackedRun {
        let record = summary.record
        var run = TrackedRun(
            experiment: experiment, name: record.name, user: "", status: status(summary.status),
            startTime: TrackingService.milliseconds(summary.startedAt ?? record.createdAt))
        run.endTime = summary.finishedAt.map(TrackingService.milliseconds)
        run.parameters = record.hyperparameters
        run.tags = tags(summary)
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

    private static func tags(_ summary: RunSummary) -> [String: String] {
        let record = summary.record
        var tags = [
            "mlflow.runName": record.name, "mlflow.source.name": "descent", "mlflow.source.type": "LOCAL",
            "descent.run": record.id.text, "descent.algorithm": record.algorithm, "descent.seed": String(record.seed),
            "descent.dataset": record.request.datasetPath, "descent.objective": record.objective.metric.text,
            "descent.status": summary.status.rawValue,
        ]
        if !record.dataFingerprint.isEmpty { tags["descent.fingerprint"] = record.dataFingerprint }
        if let target = record.request.target { tags["descent.target"] = target }
        if let revision = record.gitRevision { tags["mlflow.source.git.commit"] = revision }
        if !summary.note.isEmpty { tags["mlflow.note.content"] = summary.note }
        for tag in summary.tags { tags[tag] = "true" }
        return tags
    }
}
