import CheckedNumbers
import Clocks
import Files
import Glibc
import JSON
import ObjectStores
import Serving
import Synchronization
import Threads

/// Sends what endpoints wrote down to object stores, in the folders that SageMaker has there: `PREFIX/ENDPOINT/VARIANT/yyyy/mm/dd/hh/`.
///
/// It sends files that nothing is written to any more, each whole, and writes down which it has sent: what a kill interrupts is sent
/// again, under the same name. No request waits for it. Files stay in the workspace, where monitors read them.
// SAFETY: `sent` and `destinations` are behind a lock or used by the thread alone; `thread` is set in init and by `close`.
final class CaptureSender: @unchecked Sendable {
    /// How it stands with what an endpoint wrote down.
    struct Standing: Sendable, Hashable {
        var sent = 0, waiting = 0
        /// Why it is not sent, where it was tried; empty where it goes well.
        var fault = ""
    }

    typealias Send = @Sendable (_ path: String, _ address: ObjectAddress) throws(ObjectError) -> Void

    private struct Wishes {
        var destinations: [String: String] = [:]
        var isEnding = false
    }

    private let folder: String
    private let send: Send
    private let quietSeconds: Double
    private let deadline: SendDeadline
    private let wishes = Mutex(Wishes())
    private let signal = ThreadSignal()
    private var thread: NamedThread?
    /// Seconds until what failed is tried again.
    private var wait = 0.0

    private static let lookSeconds = 10.0
    private static let mostWaitSeconds = 300.0
    /// How long the end of the host may take for what is still to be sent.
    private static let endSeconds = 10.0

    /// - Parameters:
    ///   - folder: where endpoints write.
    ///   - quietSeconds: how long nothing was written to a file that is sent.
    ///   - deadline: by which `send` gives up.
    init(
        folder: String, quietSeconds: Double = CaptureWriter.fileSeconds + 5, deadline: SendDeadline, send: @escaping Send
    ) throws(ThreadError) {
        (self.folder, self.send, self.quietSeconds, self.deadline) = (folder, send, quietSeconds, deadline)
        wishes.withLock { $0.destinations = Self.kept(folder) }
        thread = try NamedThread(name: "captures", stackBytes: 1 << 20) { [self] in
            while true {
                let isEnding = wishes.withLock(\.isEnding)
                let isWell = round(isEnding: isEnding)
                if isEnding { return }
                wait = isWell ? Self.lookSeconds : min(Self.mostWaitSeconds, max(Self.lookSeconds, wait * 2))
                _ = signal.wait(untilNanoseconds: SteadyClock.nanoseconds() + UInt64(nearestWithin: wait * 1e9))
            }
        }
    }

    /// Where endpoints' files go, by their names. Those of endpoints that are gone still go where they were to go.
    func set(_ destinations: [String: String]) {
        let all = wishes.withLock { wishes in
            let before = wishes.destinations
            wishes.destinations.merge(destinations) { $1 }
            return wishes.destinations == before ? nil : wishes.destinations
        }
        guard let all else { return }
        do throws(FileError) {
            try Folder.make(folder + "/" + Self.notes)
            let text = JSONValue.object(sorted: all.mapValues { .string($0) }).text
            try AtomicFile.write(Array(text.utf8), to: Self.destinationsPath(folder))
        } catch {}
        signal.set()
    }

    /// Sends what was written until now, as far as that goes quickly, and ends; what is left is sent by the next host.
    func close() {
        deadline.set(Self.endSeconds)
        wishes.withLock { $0.isEnding = true }
        signal.set()
        thread?.join()
        thread = nil
    }

    // MARK: - Its thread

    /// - Returns: whether nothing failed.
    private func round(isEnding: Bool) -> Bool {
        var isWell = true
        for (endpoint, destination) in wishes.withLock(\.destinations).sorted(by: { $0.key < $1.key }) {
            var fault = ""
            for name in Self.unsent(folder, endpoint) {
                if isEnding ? deadline.isOver : wishes.withLock(\.isEnding) { break }
                let path = folder + "/" + endpoint + "/" + name
                guard isEnding || FileStamp(path, untouchedSince: WallClock.now() - quietSeconds) != nil else { continue }
                do throws(ObjectError) {
                    let base = destination.hasSuffix("/") ? destination : destination + "/"
                    try send(path, try ObjectAddress(base + endpoint + "/" + name))
                    Self.note(name, endpoint, folder)
                } catch {
                    // What was given up is no fault of the store's.
                    if !deadline.isOver { fault = error.message }
                    break
                }
            }
            isWell = isWell && fault.isEmpty
            Self.note(fault: fault, endpoint, folder)
        }
        return isWell
    }

    // MARK: - What it writes down

    /// Beside the endpoints' folders; no endpoint is called so.
    private static let notes = ".sent"

    private static func destinationsPath(_ folder: String) -> String { folder + "/" + notes + "/destinations.json" }
    private static func sentPath(_ folder: String, _ endpoint: String) -> String { folder + "/" + notes + "/" + endpoint }

    private static func kept(_ folder: String) -> [String: String] {
        guard let text = FileContents.text(destinationsPath(folder), atMost: 1 << 20) else { return [:] }
        do throws(JSONError) { return try JSONValue(parsing: text).strings ?? [:] } catch { return [:] }
    }

    private static func sent(_ folder: String, _ endpoint: String) -> Set<String> {
        let text = FileContents.text(sentPath(folder, endpoint), atMost: 1 << 28) ?? ""
        return Set(text.split(separator: "\n").map(String.init))
    }

    /// Files of an endpoint that are not sent, from its folder, in order.
    private static func unsent(_ folder: String, _ endpoint: String) -> [String] {
        let sent = sent(folder, endpoint), own = folder + "/" + endpoint
        return (FileSet(own)?.members.map(\.name) ?? []).filter { $0.hasSuffix(".jsonl") && !sent.contains($0) }
    }

    private static func note(_ name: String, _ endpoint: String, _ folder: String) {
        let path = sentPath(folder, endpoint)
        do throws(FileError) { try Folder.make(FilePath.folder(path)) } catch { return }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        _ = WholeWrite.write(Array((name + "\n").utf8), to: file)
        Glibc.close(file)
    }

    private static func note(fault: String, _ endpoint: String, _ folder: String) {
        let path = sentPath(folder, endpoint) + ".fault"
        if fault.isEmpty {
            unlink(path)
        } else {
            do throws(FileError) { try AtomicFile.write(Array(fault.utf8), to: path) } catch {}
        }
    }

    /// How it stands, by what is written down.
    static func standing(_ folder: String, _ endpoint: String) -> Standing {
        Standing(
            sent: sent(folder, endpoint).count, waiting: unsent(folder, endpoint).count,
            fault: FileContents.text(sentPath(folder, endpoint) + ".fault", atMost: 1 << 16) ?? "")
    }
}
