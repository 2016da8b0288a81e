import CheckedNumbers
import Glibc

/// Tells when something changed in some folders, and lets another thread end the wait.
// SAFETY: the descriptors are set once in init; `folders` belongs to the thread that waits.
final class FolderEvents: @unchecked Sendable {
    private let notifier: Int32
    private let wakeRead: Int32
    private let wakeWrite: Int32
    private var folders: [Int32: String] = [:]
    private var known: Set<String> = []
    /// Whether every folder is watched; if not (no more watches, a network drive), looking now and then is all there is.
    private(set) var isComplete = true

    init() {
        notifier = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (wakeRead, wakeWrite) = (ends[0], ends[1])
        isComplete = notifier >= 0
    }

    deinit { for file in [notifier, wakeRead, wakeWrite] where file >= 0 { close(file) } }

    /// Watches more folders; those that are watched already cost nothing.
    func watch(_ paths: [String]) {
        guard notifier >= 0 else { return }
        let mask = UInt32(IN_CREATE | IN_MODIFY | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE | IN_DELETE_SELF)
        for path in paths where !known.contains(path) {
            let watch = inotify_add_watch(notifier, path, mask)
            if watch >= 0 {
                folders[watch] = path
                known.insert(path)
            } else if errno != ENOENT {
                isComplete = false
            }
        }
    }

    /// What changed since the last wait.
    struct Changes {
        /// Folders with files that were written to, and those files.
        var folders: Set<String> = []
        var files: Set<String> = []
        /// Whether there are files or folders that were not there before.
        var hasNew = false
        var isEnded = false
    }

    /// Waits until something changes, the time is over, or `end` is called.
    func wait(seconds: Double) -> Changes {
        var polled = [
            pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0), pollfd(fd: notifier, events: Int16(POLLIN), revents: 0),
        ]
        poll(&polled, notifier >= 0 ? 2 : 1, Int32(nearestWithin: max(0, seconds) * 1000))
        var changes = Changes()
        changes.isEnded = polled[0].revents != 0
        guard polled[1].revents != 0 else { return changes }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(notifier, &buffer, buffer.count)
            guard count > 0 else { break }
            buffer[..<count].withUnsafeBytes { take($0, into: &changes) }
        }
        return changes
    }

    /// Ends the wait; may be called from any thread.
    func end() {
        var byte: UInt8 = 1
        write(wakeWrite, &byte, 1)
    }

    /// `inotify_event`: descriptor, mask, cookie, length of the name, name.
    private func take(_ bytes: UnsafeRawBufferPointer, into changes: inout Changes) {
        var start = 0
        while start + 16 <= bytes.count {
            let watch = bytes.loadUnaligned(fromByteOffset: start, as: Int32.self)
            let mask = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
            let length = Int(bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
            let name = bytes[(start + 16)..<min(bytes.count, start + 16 + length)].prefix { $0 != 0 }
            start += 16 + length
            if mask & UInt32(IN_Q_OVERFLOW) != 0 { changes.hasNew = true }
            if mask & UInt32(IN_IGNORED) != 0 {
                if let path = folders.removeValue(forKey: watch) { known.remove(path) }
                continue
            }
            if mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 { changes.hasNew = true }
            guard let folder = folders[watch] else { continue }
            changes.folders.insert(folder)
            if !name.isEmpty { changes.files.insert(folder + "/" + String(decoding: name, as: UTF8.self)) }
        }
    }
}
