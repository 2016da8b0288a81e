import Files
import Glibc
import Interop
import JSON

/// The folder in which a script's processes leave messages, and the file in which they are told what the user wants.
struct ScriptMessages {
    let folder: String
    let commands: String
    private var tails: [String: FileTail] = [:]
    /// Files in which a line that is too long has not ended yet.
    private var overlong: Set<String> = []
    /// What could not be taken.
    private(set) var passedOver = PassedOver()
    /// Whether the last reading left something, so as not to take too much at once.
    private(set) var hasMore = false
    private var nextNumber = 1
    /// Whether any process of the script reads commands.
    private(set) var hasSpoken = false

    /// - Parameter folder: the run's; what earlier attempts said and were told goes.
    init(folder: String) throws(ScriptError) {
        self.folder = folder + "/messages"
        commands = folder + "/messages/commands"
        do throws(FileError) {
            Folder.remove(self.folder)
            // A file in its place.
            unlink(self.folder)
            try Folder.make(self.folder)
        } catch { throw ScriptError("\(error)") }
    }

    /// Why nothing that is told comes here; nil = all is well.
    var problem: String? {
        guard case .folder = FileKind(at: folder) else { return "\(folder) is no folder any more" }
        return access(folder, W_OK | X_OK) == 0 ? nil : "\(folder) cannot be written"
    }

    /// What was said since the last time, with the rank of who said it; of each process a portion.
    mutating func read() -> [(rank: Int, message: ScriptMessage)] {
        var messages: [(rank: Int, message: ScriptMessage)] = []
        hasMore = false
        for name in Folder.names(in: folder).sorted() where name.hasSuffix(".jsonl") {
            let rank = Int(name.prefix { $0 != "-" }) ?? 0
            var tail = tails[name] ?? FileTail(path: folder + "/" + name)
            _ = tail.readMore()
            var start = 0
            let bytes = tail.bytes
            while let end = bytes[start...].firstIndex(of: 10) {
                if let message = message(bytes[start..<end], in: name) { messages.append((rank, message)) }
                start = end + 1
            }
            if bytes.count - start > OutputLines.longest {
                if overlong.insert(name).inserted { passOver(bytes[start...]) }
                start = bytes.count
            }
            tail.consume(start)
            hasMore = hasMore || tail.hasMore
            tails[name] = tail
        }
        if messages.contains(where: \.message.isOfScript) { hasSpoken = true }
        return messages
    }

    /// nil for a line that is none, which is counted.
    private mutating func message(_ line: ArraySlice<UInt8>, in file: String) -> ScriptMessage? {
        // The rest of one that was too long.
        if overlong.remove(file) != nil || line.isEmpty { return nil }
        if line.count <= OutputLines.longest, let message = ScriptMessage(String(decoding: line, as: UTF8.self)) {
            return message
        }
        passOver(line)
        return nil
    }

    private mutating func passOver(_ line: ArraySlice<UInt8>) {
        let length = line.count > OutputLines.longest ? "a line of more than 1 MiB that begins with " : ""
        passedOver.add("message", "passed over", length + "'\(String(decoding: line.prefix(80), as: UTF8.self))'")
    }

    /// The longest text of a value that is kept, in bytes.
    private static let longestText = 4096
    private static let nameFate = "of more than \(MetricDefinition.longestName) bytes passed over"

    /// Values as they are kept: long texts are cut, and what has no sensible name is left out.
    mutating func kept(_ values: [String: String]) -> [String: String] {
        var kept: [String: String] = [:]
        for (name, text) in values.sorted(by: { $0.key < $1.key }) {
            if name.utf8.count > MetricDefinition.longestName {
                passedOver.add("name", Self.nameFate, "'\(name.prefix(80))'")
            } else if text.utf8.count > Self.longestText {
                passedOver.add("value", "cut at \(Self.longestText) bytes", name)
                kept[name] = String(decoding: text.utf8.prefix(Self.longestText), as: UTF8.self) + "…"
            } else {
                kept[name] = text
            }
        }
        return kept
    }

    /// Metrics without those that have no sensible name.
    mutating func kept(_ values: [LoggedValue]) -> [LoggedValue] {
        values.filter { value in
            if value.name.utf8.count <= MetricDefinition.longestName { return true }
            passedOver.add("name", Self.nameFate, "'\(value.name.prefix(80))'")
            return false
        }
    }

    /// Asks for settings to be changed.
    /// - Returns: the number by which it is answered; nil when it could not be written.
    mutating func ask(toSet settings: [String: String]) -> Int? {
        ask([.init("set", JSONValue(settings))])
    }

    /// Asks for an end.
    @discardableResult
    mutating func askToStop() -> Int? { ask([.init("stop", .boolean(true))]) }

    private mutating func ask(_ members: [JSONValue.Member]) -> Int? {
        let number = nextNumber
        let line = Array((JSONValue.object([.init("seq", .integer(number))] + members).text + "\n").utf8)
        let file = open(commands, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard write(file, line, line.count) == line.count else { return nil }
        nextNumber += 1
        return number
    }
}
