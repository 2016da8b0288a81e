import Experiments
import Interop

/// Watching logs beside an engine.
enum WatchedLogs {
    static func start(_ request: WatchRequest, _ engine: Engine) throws -> LogWatch {
        try LogWatch(
            request, store: try RunStore(engine.workspace), bus: engine.bus, version: Engine.version,
            settle: { engine.flush() })
    }

    /// - Throws: a data fault when there is no such file or folder.
    static func check(_ path: String) throws(CommandError) {
        guard Engine.exists(path) else {
            // Arguments that are not UTF-8 come with this in place of what cannot be read.
            let isStrange = path.unicodeScalars.contains("\u{FFFD}")
            throw .data(
                isStrange
                    ? "\(path): its name is not UTF-8: rename it, or watch the folder it is in"
                    : "\(path): no such file or folder: check the path")
        }
    }
}
