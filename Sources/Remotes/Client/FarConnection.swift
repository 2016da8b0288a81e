import CheckedNumbers
import Clocks
import Glibc
import JSON
import Synchronization

/// A connection to a workspace elsewhere, once both ends know each other.
///
/// One thread reads; another one may send.
public final class FarConnection: Sendable {
    public let greeting: Greeting
    private let process: FarProcess
    private let input: Input

    /// What one thread reads.
    // SAFETY: used by the thread that made the connection, and then by the one that reads.
    private final class Input: @unchecked Sendable {
        let lines: LineReader
        let errors: Int32
        var waiting: [String] = []
        var lastErrors: [UInt8] = []

        init(_ process: FarProcess) { (lines, errors) = (LineReader(process.output), process.errors) }

        /// Keeps the end of what the command complained about, and lets it never wait for being heard.
        func hearErrors() {
            var portion = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(errors, &portion, portion.count)
                guard count > 0 else { return }
                lastErrors = (lastErrors + portion[..<count]).suffix(4096)
            }
        }

        /// The last line that the command complained with.
        var complaint: String? {
            hearErrors()
            let lines = String(decoding: lastErrors, as: UTF8.self).split(whereSeparator: \.isNewline)
            return lines.last { !$0.allSatisfy(\.isWhitespace) }.map { String($0.prefix(200)) }
        }
    }

    /// A message of the day and the like is no longer.
    private static let mostNoise = 1000

    /// - Parameters:
    ///   - words: the command that reaches the place.
    ///   - version: of this descent.
    ///   - isAttended: whether the command may ask a person at the terminal.
    ///   - isWanted: asked several times a second.
    /// - Throws: `unreachable`, `otherVersion`, `nonsense`.
    public init(_ words: [String], version: String, isAttended: Bool, isWanted: () -> Bool = { true }) throws(RemoteError) {
        let process = try FarProcess(words, isAttended: isAttended)
        let input = Input(process)
        do throws(RemoteError) {
            let greeting = try Self.greet(input, within: isAttended ? 300 : 30, isWanted)
            if let problem = greeting.problem(own: version) { throw RemoteError(.otherVersion, problem) }
            self.greeting = greeting
        } catch {
            let complaint = input.complaint, code = process.finish()
            guard error.code == .unreachable else { throw error }
            throw RemoteError(.unreachable, Self.words(error.description, complaint, code, words[0]))
        }
        (self.process, self.input) = (process, input)
    }

    private static func greet(
        _ input: Input, within seconds: Double, _ isWanted: () -> Bool
    ) throws(RemoteError) -> Greeting {
        let deadline = SteadyClock.seconds() + seconds
        var noise = 0
        while isWanted() {
            input.hearErrors()
            let lines: [String]?
            do throws(RemoteError) { lines = try input.lines.lines(within: 0.1) } catch {
                guard error.code == .unreachable else { throw error }
                guard SteadyClock.seconds() < deadline else {
                    throw RemoteError(.unreachable, "nothing was heard for \(Int(roundedUpWithin: seconds)) seconds")
                }
                continue
            }
            guard let lines else { throw RemoteError(.unreachable, "it ended") }
            for (index, line) in lines.enumerated() {
                if let greeting = Greeting(line: line) {
                    input.waiting = Array(lines[(index + 1)...])
                    return greeting
                }
                noise += 1
                guard noise <= mostNoise else {
                    throw RemoteError(.nonsense, "what answers there is no `descent attach --stdio`")
                }
            }
        }
        throw RemoteError(.unreachable, "nobody wants it any more")
    }

    /// Why a command that reaches a place came to nothing, with what to do.
    private static func words(_ what: String, _ complaint: String?, _ code: Int32, _ program: String) -> String {
        let said = complaint.map { ": \($0)" } ?? ""
        switch code {
        case 127: return "there is no descent there\(said): install it there, or name its path with --descent"
        case 255 where program == "ssh": return "ssh cannot connect\(said)"
        case 0: return "\(what)\(said)"
        case 2 where complaint?.contains("attach") ?? false:
            return "descent there is too old to be attached to\(said): install this version there"
        default: return code < 0 ? "\(what)\(said)" : "the command to it ended with exit code \(code)\(said)"
        }
    }

    /// Waits for messages.
    /// - Returns: nil at the end.
    /// - Throws: `unreachable` when nothing came in time, `nonsense`.
    public func messages(within seconds: Double) throws(RemoteError) -> [FarMessage]? {
        input.hearErrors()
        var lines = input.waiting
        input.waiting = []
        if lines.isEmpty {
            guard let read = try input.lines.lines(within: seconds) else { return nil }
            lines = read
        }
        var messages: [FarMessage] = []
        for line in lines {
            let json: JSONValue
            do { json = try JSONValue(parsing: line) } catch {
                throw RemoteError(.nonsense, "what came from there is no JSON: have the same descent on both machines")
            }
            // A piece that makes no sense is left out, and the others are shown.
            if let message = FarMessage(json: json) { messages.append(message) }
        }
        return messages
    }

    public func send(_ message: NearMessage) throws(RemoteError) { try LineWriter.write(message.json, to: process.input) }

    /// Has whoever reads or sends hear of the end.
    public func interrupt() { process.end() }

    /// Ends the connection. Call it once, when nobody reads or sends any more.
    /// - Returns: what the command complained with last, if it did.
    @discardableResult
    public func close() -> String? {
        let complaint = input.complaint
        _ = process.finish()
        return complaint
    }
}
