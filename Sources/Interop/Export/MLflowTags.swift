import Events
import Experiments

/// What MLflow's tags say of a run that was trained here.
package enum MLflowTags {
    package static func of(_ run: RunSummary) -> [String: String] {
        let record = run.record
        var tags = [
            "mlflow.runName": record.name, "mlflow.source.name": "descent", "mlflow.source.type": "LOCAL",
            "descent.run": record.id.text, "descent.algorithm": record.algorithm, "descent.seed": String(record.seed),
            "descent.dataset": record.request.datasetPath, "descent.objective": record.objective.metric.text,
            "descent.status": run.status.rawValue,
        ]
        if !record.dataFingerprint.isEmpty { tags["descent.fingerprint"] = record.dataFingerprint }
        if let target = record.request.target { tags["descent.target"] = target }
        if let revision = record.gitRevision { tags["mlflow.source.git.commit"] = revision }
        if !run.reason.isEmpty { tags["descent.reason"] = run.reason.text }
        if !run.note.isEmpty { tags["mlflow.note.content"] = run.note }
        for tag in run.tags { tags[tag] = "true" }
        return tags
    }
}
