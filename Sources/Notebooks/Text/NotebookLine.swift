/// A line of a notebook as text, in pieces that look different.
public struct NotebookLine: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable, CaseIterable {
        case title, text, strong, code, keyword, literal, comment, output, error, muted
    }

    public struct Part: Hashable, Sendable {
        public var text: String
        public var role: Role
    }

    public var parts: [Part]

    public init(_ text: String, _ role: Role) { parts = text.isEmpty ? [] : [Part(text: text, role: role)] }

    init(_ parts: [Part]) { self.parts = parts }

    public var text: String { parts.map(\.text).joined() }
}
