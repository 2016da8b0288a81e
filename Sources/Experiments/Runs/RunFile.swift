import Events
import Files
import Glibc
import JSON

/// What the workspace knows of a run but for its curves, beside the run's model and checkpoints: the way back to the run when the
/// database is lost.
enum RunFile {
    /// Its name in a run's artifact folder.
    static let name = "run.json"

    /// Writes a run's file, where the run has a folder. It is a copy: that it cannot be written is no reason to fail.
    static func write(_ summary: RunSummary, to workspace: Workspace) {
        let path = workspace.artifactFolder(of: summary.record.id.text) + "/" + name
        let temporary = "\(path).\(getpid()).partial"
        guard let file = fopen(temporary, "we") else { return }
        let isWritten = fputs(json(summary).text + "\n", file) >= 0
        guard fclose(file) == 0, isWritten, rename(temporary, path) == 0 else {
            unlink(temporary)
            return
        }
    }

    /// Reads a run's file; nil if there is none, or it is not whole.
    static func read(_ run: RunID, in workspace: Workspace) -> RunSummary? {
        let path = workspace.artifactFolder(of: run.text) + "/" + name
        guard let text = FileContents.text(path, atMost: 1 << 24) else { return nil }
        do {
            guard let found = summary(try JSONValue(parsing: text)),
                found.record.id == run
            else { return nil }
            return found
        } catch { return nil }
    }

    private static func json(_ summary: RunSummary) -> JSONValue {
        .object([
            "run": .string(summary.record.id.text), "record": summary.record.json, "status": .string(summary.status.rawValue),
            "reason": .string(summary.reason.text), "startedAt": summary.startedAt.map { .number($0) },
            "finishedAt": summary.finishedAt.map { .number($0) }, "step": .integer(summary.step),
            "epoch": .number(summary.epoch), "plannedSteps": .integer(summary.plannedSteps),
            "lastMetrics": JSONValue(summary.lastMetrics), "bestObjective": summary.bestObjective.map { .number($0) },
            "bestStep": summary.bestStep.map { .integer($0) }, "metricRanges": JSONValue(summary.metricRanges),
            "sketch": summary.sketch.json, "tags": .array(summary.tags.map { .string($0) }), "note": .string(summary.note),
            "archived": .boolean(summary.isArchived), "deleted": .boolean(summary.isDeleted),
        ])
    }

    private static func summary(_ json: JSONValue) -> RunSummary? {
        guard let id = json["run"], case .object(let members)? = json["record"],
            let record = RunRecord(json: .object(members + [.init("run", id)]))
        else { return nil }
        var summary = RunSummary(record: record)
        summary.status = json["status"]?.string.flatMap(JobStatus.init) ?? .stopped
        summary.reason = EndReason(json["reason"]?.string ?? "")
        summary.startedAt = json["startedAt"]?.double
        summary.finishedAt = json["finishedAt"]?.double
        summary.step = json["step"]?.integer ?? 0
        summary.epoch = json["epoch"]?.double ?? 0
        summary.plannedSteps = json["plannedSteps"]?.integer ?? 0
        summary.lastMetrics = json["lastMetrics"]?.metrics ?? [:]
        summary.bestObjective = json["bestObjective"]?.double
        summary.bestStep = json["bestStep"]?.integer
        summary.metricRanges = json["metricRanges"]?.metricRanges ?? [:]
        summary.sketch = json["sketch"].flatMap(CurveSketch.init(json:)) ?? CurveSketch()
        summary.tags = json["tags"]?.array?.compactMap(\.string) ?? []
        summary.note = json["note"]?.string ?? ""
        summary.isArchived = json["archived"]?.boolean ?? false
        summary.isDeleted = json["deleted"]?.boolean ?? false
        return summary
    }
}
