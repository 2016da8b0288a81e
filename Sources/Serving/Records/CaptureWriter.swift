import Clocks
import Files
import Glibc
import JSON
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
    private var files: [String: Int32] = [:]

    private static let mostWaitingBytes = 64 << 20
    /// Below this the disk is left to others.
    private static let leastFree = 512 << 20
    private static let mostFiles = 32

    /// - Parameter folder: made when something is first written.
    public init(folder: String) throws(ThreadError) {
        self.folder = folder
        thread = try NamedThread(name: "capture", stackBytes: 1 << 20) { [self] in
            while let first = queue.take() { write([first] + queue.takeAll()) }
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
        var texts: [String: String] = [:], counts: [String: Int] = [:]
        for capture in captures {
            waitingBytes.subtract(capture.size, ordering: .relaxed)
            guard hasRoom else {
                droppedCount.add(1, ordering: .relaxed)
                continue
            }
            let place = Self.place(capture)
            texts[place, default: ""] += Self.line(capture).text + "\n"
            counts[place, default: 0] += 1
        }
        for (place, text) in texts {
            let count = counts[place] ?? 0
            if append(text, to: place) {
                writtenCount.add(count, ordering: .relaxed)
            } else {
                droppedCount.add(count, ordering: .relaxed)
            }
        }
    }

    private func append(_ text: String, to place: String) -> Bool {
        guard let file = file(place) else { return false }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    private func file(_ place: String) -> Int32? {
        if let known = files[place] { return known }
        if files.count >= Self.mostFiles {
            for file in files.values { Glibc.close(file) }
            files = [:]
        }
        let folder = self.folder + "/" + place
        do throws(FileError) { try Folder.make(folder) } catch { return nil }
        let path = "\(folder)/\(Self.fileName(WallClock.now())).jsonl"
        let made = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard made >= 0 else { return nil }
        files[place] = made
        return made
    }

    // MARK: - Form

    private static func place(_ capture: Capture) -> String {
        let text = WallClock.text(capture.time), parts = text.prefix(13).split { $0 == "-" || $0 == "T" }
        return "\(capture.endpoint)/\(capture.variant)/\(parts.joined(separator: "/"))"
    }

    /// Minute, second, millisecond and what tells it from others.
    private static func fileName(_ time: Double) -> String {
        let text = WallClock.text(time)
        return
            "\(text.dropFirst(14).prefix(2))-\(text.dropFirst(17).prefix(2))-\(text.dropFirst(20).prefix(3))-\(Identifier.random())"
    }

    static func line(_ capture: Capture) -> JSONValue {
        .object([
            "captureData": .object([
                "endpointInput": side(capture.input, mode: "INPUT"), "endpointOutput": side(capture.output, mode: "OUTPUT"),
            ]),
            "eventMetadata": .object([
                "eventId": .string(capture.eventID), "inferenceId": capture.inferenceID.map { .string($0) },
                "inferenceTime": .string(String(WallClock.text(capture.time).prefix(19)) + "Z"),
            ]),
            "eventVersion": .string("0"),
        ])
    }

    private static func side(_ content: (type: String, bytes: [UInt8]), mode: String) -> JSONValue {
        let type = content.type.prefix { $0 != ";" }.lowercased()
        let text =
            type == "text/csv" || type.hasPrefix("application/json") ? String(validating: content.bytes, as: UTF8.self) : nil
        let encoding = text == nil ? "BASE64" : type == "text/csv" ? "CSV" : "JSON"
        return .object([
            "observedContentType": .string(content.type), "mode": .string(mode),
            "data": .string(text ?? Base64.text(content.bytes)), "encoding": .string(encoding),
        ])
    }
}
