import Clocks
import Files
import Glibc
import JSON
import Synchronization
import Threads

/// Writes a line of JSON for each request. It is never waited for: what it has no room for is counted and forgotten.
// SAFETY: what the thread uses is used by it alone.
public final class AccessLog: @unchecked Sendable {
    private let path: String
    private let mostBytes: Int
    private let queue = BoundedQueue<(record: AccessRecord, time: Double)>(capacity: 1 << 14)
    private let droppedCount = Atomic<Int>(0)
    private var thread: NamedThread?
    private var file: Int32 = -1
    private var size = 0

    /// - Parameters:
    ///   - path: where it is large, it is renamed to `PATH.1` and begun anew.
    ///   - mostBytes: what is large.
    public init(path: String, mostBytes: Int = 64 << 20) throws(ThreadError) {
        (self.path, self.mostBytes) = (path, mostBytes)
        thread = try NamedThread(name: "access log", stackBytes: 1 << 20) { [self] in
            while let first = queue.take() {
                // Many lines in one write.
                usleep(20_000)
                write([first] + queue.takeAll())
            }
            if file >= 0 { Glibc.close(file) }
        }
    }

    public var dropped: Int { droppedCount.load(ordering: .relaxed) }

    public func add(_ record: AccessRecord) {
        if !queue.add((record, WallClock.now())) { droppedCount.add(1, ordering: .relaxed) }
    }

    public func close() {
        queue.close()
        thread?.join()
        thread = nil
    }

    private func write(_ records: [(record: AccessRecord, time: Double)]) {
        open()
        guard file >= 0 else {
            droppedCount.add(records.count, ordering: .relaxed)
            return
        }
        var text: [UInt8] = []
        for (record, time) in records {
            Self.line(record, time).write(into: &text)
            text.append(UInt8(ascii: "\n"))
        }
        size += text.count
        if !WholeWrite.write(text, to: file) { droppedCount.add(records.count, ordering: .relaxed) }
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

    static func line(_ record: AccessRecord, _ time: Double) -> JSONValue {
        let subject = record.subject
        func known(_ text: String) -> JSONValue? { text.isEmpty ? nil : .string(text) }
        return .object([
            "time": .string(WallClock.text(time)), "request": known(subject.requestID), "method": .string(record.method),
            "path": .string(String(record.path.prefix(longestPath))), "status": .integer(record.status),
            "endpoint": known(subject.endpoint), "variant": known(subject.variant), "caller": known(subject.caller),
            "bytesIn": .integer(record.requestBytes), "bytesOut": .integer(record.answerBytes),
            "microseconds": .integer(Int(clamping: record.nanoseconds / 1000)), "whole": record.isWhole ? nil : .boolean(false),
        ])
    }
}
