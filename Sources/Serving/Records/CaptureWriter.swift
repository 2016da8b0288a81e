import Clocks
import Files
import Glibc
import Synchronization
import Threads

/// Writes requests and answers down as SageMaker does: a line of JSON each, in `ENDPOINT/VARIANT/yyyy/mm/dd/hh/` by the hour of the
/// request in UTC. It is never waited for: what it has no room for, or the disk not, is counted and forgotten.
/// - Source: SageMaker developer guide, "Capture data".
// SAFETY: what the thread uses is used by it alone.
public final class CaptureWriter: @unchecked Sendable {
    private let folder: String
    private let queue = BoundedQueue<Capture>(capacity: 4096)
    private let waitingBytes = Atomic<Int>(0)
    private let writtenCount = Atomic<Int>(0)
    private let droppedCount = Atomic<Int>(0)
    private var thread: NamedThread?
    /// Of each hour and variant the file that is being written.
    private var files: [Place: Int32] = [:]
    private var line = CaptureLine()

    private static let mostWaitingBytes = 64 << 20
    /// Below this the disk is left to others.
    private static let leastFree = 512 << 20
    private static let mostFiles = 32

    /// - Parameter folder: made when something is first written.
    public init(folder: String) throws(ThreadError) {
        self.folder = folder
        thread = try NamedThread(name: "capture", stackBytes: 1 << 20) { [self] in
            while let first = queue.take() {
                // Many lines in one write, and the thread woken once for them.
                usleep(20_000)
                write([first] + queue.takeAll())
            }
            for file in files.values { Glibc.close(file) }
        }
    }

    public var written: Int { writtenCount.load(ordering: .relaxed) }
    public var dropped: Int { droppedCount.load(ordering: .relaxed) }

    func add(_ capture: Capture) {
        let size = capture.size
        guard waitingBytes.add(size, ordering: .relaxed).newValue <= Self.mostWaitingBytes, queue.add(capture) else {
            waitingBytes.subtract(size, ordering: .relaxed)
            droppedCount.add(1, ordering: .relaxed)
            return
        }
    }

    /// Writes what waits, and ends.
    public func close() {
        queue.close()
        thread?.join()
        thread = nil
    }

    // MARK: - Its thread

    private func write(_ captures: [Capture]) {
        var status = statvfs()
        let hasRoom =
            statvfs(FilePath.folder(folder), &status) == 0
            && Int(clamping: status.f_bavail) * Int(clamping: status.f_frsize) > Self.leastFree
        var texts: [Place: (bytes: [UInt8], count: Int)] = [:]
        for capture in captures {
            waitingBytes.subtract(capture.size, ordering: .relaxed)
            guard hasRoom else {
                droppedCount.add(1, ordering: .relaxed)
                continue
            }
            let place = Place(capture)
            line.append(capture, to: &texts[place, default: ([], 0)].bytes)
            texts[place]?.count += 1
        }
        for (place, text) in texts {
            let isWritten = file(place).map { WholeWrite.write(text.bytes, to: $0) } ?? false
            if isWritten {
                writtenCount.add(text.count, ordering: .relaxed)
            } else {
                droppedCount.add(text.count, ordering: .relaxed)
            }
        }
    }

    private func file(_ place: Place) -> Int32? {
        if let known = files[place] { return known }
        if files.count >= Self.mostFiles {
            for file in files.values { Glibc.close(file) }
            files = [:]
        }
        let folder = self.folder + "/" + place.path
        do throws(FileError) { try Folder.make(folder) } catch { return nil }
        let path = "\(folder)/\(Self.fileName(WallClock.now())).jsonl"
        let made = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard made >= 0 else { return nil }
        files[place] = made
        return made
    }

    // MARK: - Form

    /// Whose requests of which hour are in one file.
    private struct Place: Hashable {
        var endpoint: String
        var variant: String
        /// Since 1970.
        var hour: Double

        init(_ capture: Capture) {
            (endpoint, variant) = (capture.endpoint, capture.variant)
            hour = (capture.time / 3600).rounded(.down)
        }

        var path: String {
            let parts = WallClock.text(hour * 3600).prefix(13).split { $0 == "-" || $0 == "T" }
            return "\(endpoint)/\(variant)/\(parts.joined(separator: "/"))"
        }
    }

    /// Minute, second, millisecond and what tells it from others.
    private static func fileName(_ time: Double) -> String {
        let text = WallClock.text(time)
        return
            "\(text.dropFirst(14).prefix(2))-\(text.dropFirst(17).prefix(2))-\(text.dropFirst(20).prefix(3))-\(Identifier.random())"
    }
}
