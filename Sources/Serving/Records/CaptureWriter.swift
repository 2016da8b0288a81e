import Clocks
import Files
import Glibc
import Synchronization
import Threads

/// Writes requests and answers down as SageMaker does: a line of JSON each, in `ENDPOINT/VARIANT/yyyy/mm/dd/hh/` by the hour of the
/// request in UTC. The disk is never waited for: what there is no room for, in memory or on it, is counted and forgotten.
///
/// Whoever answers puts the line together, which takes less than handing request and answer to another thread; that one writes many
/// lines at once.
// SAFETY: `files` is used by the thread alone, all else that changes is behind a lock.
public final class CaptureWriter: @unchecked Sendable {
    /// Lines that wait to be written.
    private struct Waiting {
        /// One of each place: there are few, and most requests are of the one before them.
        var texts: [Text] = []
        var byteCount = 0
        var line = CaptureLine()
        var isClosed = false

        mutating func text(of place: Place) -> Int {
            if let known = texts.lastIndex(where: { $0.place == place }) { return known }
            texts.append(Text(place: place))
            return texts.count - 1
        }
    }

    private struct Text {
        let place: Place
        var bytes: [UInt8] = []
        var count = 0
    }

    private let folder: String
    private let waiting = Mutex(Waiting())
    private let news = ThreadSignal()
    private let writtenCount = Atomic<Int>(0)
    private let droppedCount = Atomic<Int>(0)
    private var thread: NamedThread?
    /// Of each hour and variant the file that is being written.
    private var files: [Place: (file: Int32, begunAt: Double)] = [:]
    /// Endpoints whose files are sent elsewhere when nothing is written to them any more.
    private let sent = Mutex<Set<String>>([])
    private let fileSeconds: Double

    /// How long something is written to a file of an endpoint whose files are sent elsewhere.
    public static let fileSeconds = 60.0

    /// How long lines are gathered before they are written.
    public static let gatheringMicroseconds: UInt32 = 20_000
    private static let mostWaitingBytes = 64 << 20
    /// Requests and answers of up to so many bytes are put together where lines wait.
    private static let shortBytes = 16 << 10
    /// Below this the disk is left to others.
    private static let leastFree = 512 << 20
    private static let mostFiles = 32

    /// - Parameter folder: made when something is first written.
    public init(folder: String, fileSeconds: Double = CaptureWriter.fileSeconds) throws(ThreadError) {
        (self.folder, self.fileSeconds) = (folder, fileSeconds)
        thread = try NamedThread(name: "capture", stackBytes: 1 << 20) { [self] in
            var isOver = false
            while !isOver {
                news.wait()
                // Many lines in one write, and the thread woken once for them.
                usleep(Self.gatheringMicroseconds)
                let texts: [Text]
                (texts, isOver) = waiting.withLock { waiting in
                    defer { (waiting.texts, waiting.byteCount) = ([], 0) }
                    return (waiting.texts, waiting.isClosed)
                }
                write(texts)
            }
            for file in files.values { Glibc.close(file.file) }
        }
    }

    public var written: Int { writtenCount.load(ordering: .relaxed) }
    public var dropped: Int { droppedCount.load(ordering: .relaxed) }

    /// Has the files of some endpoints, by their names, be short ones, which can be sent elsewhere soon.
    public func shorten(filesOf endpoints: Set<String>) { sent.withLock { $0 = endpoints } }

    func add(_ capture: Capture) {
        let place = Place(capture), isShort = capture.size <= Self.shortBytes
        var own: [UInt8] = []
        if !isShort {
            var line = CaptureLine()
            line.append(capture, to: &own)
        }
        let (isFirst, isTaken) = waiting.withLock { waiting in
            let isFirst = waiting.texts.isEmpty
            guard !waiting.isClosed, waiting.byteCount + max(own.count, capture.size) <= Self.mostWaitingBytes else {
                return (false, false)
            }
            let text = waiting.text(of: place), before = waiting.texts[text].bytes.count
            if isShort {
                waiting.line.append(capture, to: &waiting.texts[text].bytes)
            } else {
                waiting.texts[text].bytes += own
            }
            waiting.texts[text].count += 1
            waiting.byteCount += waiting.texts[text].bytes.count - before
            return (isFirst, true)
        }
        if !isTaken { droppedCount.add(1, ordering: .relaxed) }
        if isFirst { news.set() }
    }

    /// Writes what waits, and ends.
    public func close() {
        waiting.withLock { $0.isClosed = true }
        news.set()
        thread?.join()
        thread = nil
    }

    // MARK: - Its thread

    private func write(_ texts: [Text]) {
        guard !texts.isEmpty else { return }
        var status = statvfs()
        let hasRoom =
            statvfs(FilePath.folder(folder), &status) == 0
            && Int(clamping: status.f_bavail) * Int(clamping: status.f_frsize) > Self.leastFree
        for text in texts {
            if hasRoom, let file = file(text.place), WholeWrite.write(text.bytes, to: file) {
                writtenCount.add(text.count, ordering: .relaxed)
            } else {
                droppedCount.add(text.count, ordering: .relaxed)
            }
        }
    }

    private func file(_ place: Place) -> Int32? {
        let now = WallClock.now()
        if let known = files[place] {
            guard sent.withLock({ $0.contains(place.endpoint) }), abs(now - known.begunAt) > fileSeconds else {
                return known.file
            }
            Glibc.close(known.file)
            files[place] = nil
        }
        if files.count >= Self.mostFiles {
            for file in files.values { Glibc.close(file.file) }
            files = [:]
        }
        let folder = self.folder + "/" + place.path
        do throws(FileError) { try Folder.make(folder) } catch { return nil }
        let path = "\(folder)/\(Self.fileName(now)).jsonl"
        let made = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard made >= 0 else { return nil }
        files[place] = (made, now)
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
