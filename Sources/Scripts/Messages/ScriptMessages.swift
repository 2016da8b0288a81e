import Files
import Glibc
import Interop
import JSON

/// The folder in which a script's processes leave messages, and the file in which they are told what the user wants.
struct ScriptMessages {
    let folder: String
    let commands: String
    private var tails: [String: FileTail] = [:]
    private var nextNumber = 1
    /// Whether any process of the script reads commands.
    private(set) var hasSpoken = false

    /// - Parameter folder: the run's; what earlier attempts said and were told goes.
    init(folder: String) throws(ScriptError) {
        self.folder = folder + "/messages"
        commands = folder + "/messages/commands"
        do throws(FileError) {
            Folder.remove(self.folder)
            try Folder.make(self.folder)
        } catch { throw ScriptError("\(error)") }
    }

    /// What was said since the last time, with the rank of who said it.
    mutating func read() -> [(rank: Int, message: ScriptMessage)] {
        var messages: [(rank: Int, message: ScriptMessage)] = []
        for name in Folder.names(in: folder).sorted() where name.hasSuffix(".jsonl") {
            let rank = Int(name.prefix { $0 != "-" }) ?? 0
            var tail = tails[name] ?? FileTail(path: folder + "/" + name)
            repeat {
                _ = tail.readMore()
                var start = 0
                let bytes = tail.bytes
                while let end = bytes[start...].firstIndex(of: 10) {
                    if let message = ScriptMessage(String(decoding: bytes[start..<end], as: UTF8.self)) {
                        messages.append((rank, message))
                    }
                    start = end + 1
                }
                tail.consume(start)
            } while tail.hasMore
            tails[name] = tail
        }
        if !messages.isEmpty { hasSpoken = true }
        return messages
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
