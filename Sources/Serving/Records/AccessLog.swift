import Clocks
import Files
import Glibc
import JSON
import Synchronization
import Threads

/// Writes a line of JSON for each request. It is never waited for: what it has no room for is counted and forgotten.
///
/// Whoever answers puts the line together, which takes less than handing its parts to another thread; that one writes many at once.
// SAFETY: what the thread uses is used by it alone.
public final class AccessLog: @unchecked Sendable {
    /// Lines that wait to be written.
    private struct Waiting {
        var text: [UInt8] = []
        var count = 0
        var isClosed = false
    }

    private let path: String
    private let mostBytes: Int
    private let waiting = Mutex(Waiting())
    private let news = ThreadSignal()
    private let droppedCount = Atomic<Int>(0)
    private var thread: NamedThread?
    private var file: Int32 = -1
    private var size = 0

    private static let gatheringMicroseconds: UInt32 = 20_000
    private static let mostWaitingBytes = 8 << 20

    /// - Parameters:
    ///   - path: where it is large, it is renamed to `PATH.1` and begun anew.
    ///   - mostBytes: what is large.
    public init(path: String, mostBytes: Int = 64 << 20) throws(ThreadError) {
        (self.path, self.mostBytes) = (path, mostBytes)
        thread = try NamedThread(name: "access log", stackBytes: 1 << 20) { [self] in
            var isOver = false
            while !isOver {
                news.wait()
                usleep(Self.gatheringMicroseconds)
                let lines = waiting.withLock { waiting in
                    defer { (waiting.text, waiting.count) = ([], 0) }
                    return waiting
                }
                if lines.count > 0 { write(lines.text, lines.count) }
                isOver = lines.isClosed
            }
            if file >= 0 { Glibc.close(file) }
        }
    }

    public var dropped: Int { droppedCount.load(ordering: .relaxed) }

    public func add(_ record: AccessRecord) {
        let time = WallClock.now()
        let (isFirst, isTaken) = waiting.withLock { waiting in
            guard !waiting.isClosed, waiting.text.count < Self.mostWaitingBytes else { return (false, false) }
            Self.append(record, time, to: &waiting.text)
            waiting.count += 1
            return (waiting.count == 1, true)
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

    private func write(_ text: [UInt8], _ count: Int) {
        open()
        guard file >= 0, WholeWrite.write(text, to: file) else {
            droppedCount.add(count, ordering: .relaxed)
            return
        }
        size += text.count
    }

    private func open() {
        if file >= 0, size > mostBytes {
            Glibc.close(file)
            file = -1
            rename(path, path + ".1")
        }
        guard file < 0 else { return }
        file = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        var status = stat()
        size = file >= 0 && fstat(file, &status) == 0 ? Int(status.st_size) : 0
    }

    /// A path may say anything, and is not kept whole.
    private static let longestPath = 256

    /// Appends a line of JSON with its end. Bytes are put together here and no JSON values: there is a line for each request.
    static func append(_ record: AccessRecord, _ time: Double, to out: inout [UInt8]) {
        let subject = record.subject
        func add(_ name: StaticString, _ text: String) {
            name.withUTF8Buffer { out.append(contentsOf: $0) }
            JSONValue.write(quoted: text, into: &out)
        }
        func add(_ name: StaticString, known text: String) { if !text.isEmpty { add(name, text) } }
        func add(_ name: StaticString, _ number: Int) {
            name.withUTF8Buffer { out.append(contentsOf: $0) }
            out.append(contentsOf: "\(number)".utf8)
        }
        add("{\"time\":", WallClock.text(time))
        add(",\"request\":", known: subject.requestID)
        add(",\"method\":", record.method)
        add(",\"path\":", record.path.utf8.count <= longestPath ? record.path : String(record.path.prefix(longestPath)))
        add(",\"status\":", record.status)
        add(",\"endpoint\":", known: subject.endpoint)
        add(",\"variant\":", known: subject.variant)
        add(",\"caller\":", known: subject.caller)
        add(",\"bytesIn\":", record.requestBytes)
        add(",\"bytesOut\":", record.answerBytes)
        add(",\"microseconds\":", Int(clamping: record.nanoseconds / 1000))
        if !record.isWhole { out.append(contentsOf: ",\"whole\":false".utf8) }
        out.append(contentsOf: "}\n".utf8)
    }
}
