import Databases
import Events
import Glibc
import Synchronization
import Threads

/// Tells when another process changed the workspace, so that its runs appear live.
///
/// The kernel says when a file in the workspace's folder changes, so that a workspace in which nothing happens costs nothing; whether it
/// was the database is seen from the time and size of its file and its log. Once a second they are looked at anyway: on a network's
/// file system the kernel does not hear of what other machines do.
// SAFETY: the thread handle is set once in init and joined once in close; the descriptors are written before the thread begins.
public final class WorkspaceWatcher: @unchecked Sendable {
    private let isClosed = Atomic<Bool>(false)
    private var thread: NamedThread?
    private let notifier: Int32
    /// A pipe whose end is closed to end the thread.
    private let closing: Int32, closer: Int32

    /// - Units: milliseconds.
    private static let longestWait: Int32 = 1_000
    /// Where the kernel tells nothing.
    private static let blindWait: Int32 = 50

    /// - Parameter onChange: called on the watcher's thread after the files changed, also after they were removed; at most twenty times a
    ///   second.
    /// - Throws: when no thread can be made.
    public init(_ workspace: Workspace, onChange: @escaping @Sendable () -> Void) throws(StoreError) {
        let path = workspace.databasePath
        let folder = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        let mask = UInt32(IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF)
        if folder >= 0, inotify_add_watch(folder, workspace.path, mask) < 0 {
            Glibc.close(folder)
            notifier = -1
        } else {
            notifier = folder
        }
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (closing, closer) = (ends[0], ends[1])
        do throws(ThreadError) {
            thread = try NamedThread(name: "watcher", stackBytes: 1 << 19) { [self] in
                var last = Self.stamp(path)
                while !isClosed.load(ordering: .acquiring) {
                    wait()
                    let now = Self.stamp(path)
                    if now != last {
                        onChange()
                        // Company gathers: a busy writer changes the log many times a second.
                        wait(for: closing, Self.blindWait)
                    }
                    last = now
                }
            }
        } catch { throw StoreError(error) }
    }

    public func close() {
        isClosed.store(true, ordering: .releasing)
        guard let thread else { return }
        if closer >= 0 { Glibc.close(closer) }
        thread.join()
        self.thread = nil
        for descriptor in [notifier, closing] where descriptor >= 0 { Glibc.close(descriptor) }
    }

    private func wait() {
        guard notifier >= 0 else { return wait(for: closing, Self.blindWait) }
        wait(for: notifier, Self.longestWait)
        var events = [UInt8](repeating: 0, count: 16_384)
        while read(notifier, &events, events.count) > 0 {}
    }

    /// Until a descriptor has something, or the watcher is closed.
    private func wait(for descriptor: Int32, _ milliseconds: Int32) {
        var both = [pollfd(fd: closing, events: Int16(POLLIN), revents: 0)]
        if descriptor != closing { both.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        if closing < 0, both.count == 1 {
            usleep(UInt32(milliseconds) * 1000)
        } else {
            poll(&both, nfds_t(both.count), milliseconds)
        }
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
