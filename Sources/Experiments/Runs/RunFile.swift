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
        let isWritten = fputs(summary.json.text + "\n", file) >= 0
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
            guard let found = RunSummary(json: try JSONValue(parsing: text)),
                found.record.id == run
            else { return nil }
            return found
        } catch { return nil }
    }
}
