import Clocks
import Events
import Experiments
import Files
import Glibc
import Studio

/// When a studio last looked at a workspace: the time of a file in it.
enum LastSeen {
    private static func path(_ workspace: Workspace) -> String { workspace.path + "/seen" }

    /// Notes that it was looked at until now.
    static func note(in workspace: Workspace) {
        let file = open(path(workspace), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        futimens(file, nil)
        close(file)
    }

    /// What happened since; nil where nobody knows when that was.
    static func absence(_ store: RunStore, _ runs: [RunSummary]) throws -> Absence? {
        guard let since = FileStamp(path(store.workspace))?.modifiedAt else { return nil }
        let ended = runs.filter { run in
            run.record.origin == .trained && run.status.isFinal && run.reason != .interrupted
                && run.finishedAt.map { $0 > since } ?? false
        }.sorted { $0.finishedAt ?? 0 > $1.finishedAt ?? 0 }
        var alerted: [RunSummary] = []
        for run in runs where !run.status.isFinal && run.alertCount > 0 {
            if try store.events(of: run.record.id, kinds: [.alertRaised]).contains(where: { $0.wallTime > since }) {
                alerted.append(run)
            }
        }
        return Absence(since: since, ended: ended, alerted: alerted)
    }
}
