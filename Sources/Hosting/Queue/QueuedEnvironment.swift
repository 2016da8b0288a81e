import Clocks
import Events
import Files
import Glibc
import JSON

/// What a script inherits that waits in the queue: the variables of whoever gave it to the host, whose own may be others. Only the user
/// may read them: there may be keys among them.
public enum QueuedEnvironment {
    private static func folder(_ workspace: String) -> String { workspace + "/queue" }
    private static func path(_ run: RunID, _ workspace: String) -> String { folder(workspace) + "/\(run.text).environment" }

    /// - Throws: `HostError` where the file cannot be written.
    public static func write(_ variables: [String: String], of run: RunID, in workspace: String) throws(HostError) {
        mkdir(folder(workspace), 0o700)
        let name = path(run, workspace)
        unlink(name)
        let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw HostError("\(name) cannot be written", errno) }
        defer { close(file) }
        if !WholeWrite.write(Array(JSONValue(variables).text.utf8), to: file) {
            let code = errno
            unlink(name)
            throw HostError("\(name) cannot be written", code)
        }
    }

    /// nil where nothing was written, or nothing that can be read.
    public static func read(_ run: RunID, in workspace: String) -> [String: String]? {
        guard let bytes = FileContents.bytes(path(run, workspace)) else { return nil }
        do { return try JSONValue(parsing: String(decoding: bytes, as: UTF8.self)).strings } catch { return nil }
    }

    /// How old a file must be before its run is known to be in no queue: it is written before the run is in one.
    /// - Units: seconds.
    public static let patience = 10.0

    /// Removes those of all runs but these.
    /// - Returns: whether some were left that may be of runs on their way into the queue.
    @discardableResult
    public static func keep(_ runs: Set<RunID>, in workspace: String) -> Bool {
        var areLeft = false
        for name in Folder.names(in: folder(workspace)) where name.hasSuffix(".environment") {
            let run = RunID(String(name.dropLast(".environment".count))), file = path(run, workspace)
            guard !runs.contains(run), let written = FileStamp(file)?.modifiedAt else { continue }
            if abs(WallClock.now() - written) > patience { unlink(file) } else { areLeft = true }
        }
        return areLeft
    }
}
