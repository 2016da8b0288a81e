import Databases
import Events
import Glibc
import Synchronization
import Threads

/// Tells when another process changed the workspace, so that its runs appear live.
///
/// Looks at the modification time and size of SQLite's write-ahead log twenty times a second, which costs a few microseconds
/// and touches no lock; the callback then reads what changed.
// SAFETY: the thread handle is set once in init and joined once in close.
public final class WorkspaceWatcher: @unchecked Sendable {
    private let isClosed = Atomic<Bool>(false)
    private var thread: NamedThread?

    /// - Parameter onChange: called on the watcher's thread after the files changed, also after they were removed.
    /// - Throws: when no thread can be made.
    public init(_ workspace: Workspace, onChange: @escaping @Sendable () -> Void) throws(StoreError) {
        let path = workspace.databasePath
        do throws(ThreadError) {
            thread = try NamedThread(name: "watcher", stackBytes: 1 << 19) { [self] in
                var last = Self.stamp(path)
                while !isClosed.load(ordering: .acquiring) {
                    usleep(50_000)
                    let now = Self.stamp(path)
                    if now != last { onChange() }
                    last = now
                }
            }
        } catch { throw StoreError(error) }
    }

    public func close() {
        isClosed.store(true, ordering: .releasing)
        thread?.join()
        thread = nil
    }

    private static func stamp(_ path: String) -> [Int] {
        [path, path + "-wal"].flatMap { file -> [Int] in
            var status = stat()
            guard stat(file, &status) == 0 else { return [0] }
            return [
                Int(status.st_size), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec),
                Int(truncatingIfNeeded: status.st_ino),
            ]
        }
    }
}
