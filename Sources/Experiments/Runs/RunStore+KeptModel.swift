import Databases
import Events
import Glibc

extension RunStore {
    /// What the model that a run kept reached on each split; nil when it kept none: it was killed, failed, still trains, or was
    /// only watched.
    public func keptMetrics(of run: RunSummary) throws(StoreError) -> [MetricName: Double]? {
        try keptResult(of: run)?.metrics
    }

    /// How the job ended that left the model a run has; nil as for `keptMetrics`.
    public func keptResult(of run: RunSummary) throws(StoreError) -> JobResult? {
        let model = workspace.artifactFolder(of: run.record.id.text) + "/model.json"
        guard run.status.isFinal, access(model, F_OK) == 0 else { return nil }
        let results = try events(of: run.record.id, kinds: [.jobFinished]).compactMap { event -> JobResult? in
            if case .job(.finished(let result)) = event.kind, !result.metrics.isEmpty { result } else { nil }
        }
        return results.last
    }
}
