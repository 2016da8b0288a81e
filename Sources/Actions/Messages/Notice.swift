import Events
import PrintableText
import RequestSigning

/// What somebody is told: one change, or a summary of several that were kept back.
public struct Notice: Sendable, Hashable {
    /// The same whenever the same is told, so that whoever gets it twice knows.
    public var id: String
    public var changes: [StateChange]
    /// Whether it only shows that a channel works.
    public var isTest = false

    /// - Parameter changes: at least one.
    public init(id: String, _ changes: [StateChange]) {
        precondition(!changes.isEmpty, "a notice tells of something")
        (self.id, self.changes) = (id, changes)
    }

    /// What one change is called on one channel: whoever finds it again does not tell it again.
    public static func id(of change: StateChange, on channel: String) -> String {
        uuid("\(channel)/\(change.identity)")
    }

    /// What a summary is called.
    public static func id(ofSummary parts: [String]) -> String { uuid(parts.joined(separator: "/")) }

    /// A UUID that follows from a text.
    /// - Source: RFC 9562, section 5.8 (version 8).
    static func uuid(_ text: String) -> String {
        var bytes = Array(SHA256.digest(text.utf8).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(bytes.hex)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }

    /// One line.
    public var title: String {
        let first = Self.cut(changes[0].title.printable, 200)
        if isTest { return "Descent: a test, nothing is wrong" }
        return changes.count == 1 ? first : "\(changes.count) notices, the first \(first)"
    }

    /// Some lines, whatever it holds: at most some thousand characters.
    public var text: String {
        if isTest { return "This is what a notice of Descent looks like. Nothing is wrong." }
        if changes.count > 1 {
            let lines = changes.prefix(Self.mostLines).map { change in
                Self.cut("\(change.title.printable): \(change.summary.printable)", 300)
            }
            let more = changes.count - lines.count
            return (lines + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "\n")
        }
        let change = changes[0]
        var lines = [Self.cut(change.title.printable, 300)]
        if !change.summary.isEmpty { lines.append(Self.cut(change.summary.printable, 2000)) }
        if !change.cause.isEmpty { lines.append("Cause: " + Self.cut(change.cause.printable, 2000)) }
        lines += change.remedies.prefix(5).map { "Try: " + Self.cut($0.printable, 500) }
        return lines.joined(separator: "\n")
    }

    private static let mostLines = 50

    static func cut(_ text: String, _ most: Int) -> String { text.count <= most ? text : text.prefix(most - 1) + "…" }
}
