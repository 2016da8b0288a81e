import JSON

/// A part of a notebook.
public struct NotebookCell: Hashable, Sendable {
    public enum Kind: String, Sendable, Hashable {
        case markdown, code, raw
        /// One that is not known here, kept as it was read.
        case other
    }

    public var kind: Kind
    public var source: String
    public var metadata: JSONValue
    /// What its code gave; of a cell of code.
    public var outputs: [NotebookOutput] = []
    /// The how many-th execution of its kernel it was; nil = it was not run.
    public var executionCount: Int?
    /// nil = it has none yet.
    public var id: String?
    /// Members that belong to it and are not understood, such as attachments; of a kind that is not known all of them.
    var others: [JSONValue.Member] = []

    public init(_ kind: Kind, _ source: String, id: String? = nil, tags: [String] = []) {
        (self.kind, self.source, self.id) = (kind, source, id)
        metadata = tags.isEmpty ? .object([]) : .object(["tags": .array(tags.map { .string($0) })])
    }

    public var tags: [String] { metadata["tags"]?.array?.compactMap(\.string) ?? [] }

    /// Whether running the notebook runs it: code that is not empty, and not tagged to be left out.
    ///
    /// - Source: nbclient's tag.
    public var isRun: Bool {
        kind == .code && !tags.contains("skip-execution") && source.contains { !$0.isWhitespace }
    }

    /// - Parameter used: ids of the cells before it, which are unique in a document.
    func json(number: Int, used: inout Set<String>) -> JSONValue {
        var own = id ?? "cell-\(number + 1)"
        while !used.insert(own).inserted { own += "-\(number + 1)" }
        if kind == .other { return .object(others.filter { $0.name != "id" } + [.init("id", .string(own))]) }
        var members: [JSONValue.Member] = [.init("cell_type", .string(kind.rawValue))]
        if kind == .code { members.append(.init("execution_count", executionCount.map { .integer($0) } ?? .null)) }
        members += [.init("id", .string(own)), .init("metadata", metadata)]
        if kind == .code { members.append(.init("outputs", .array(outputs.map(\.json)))) }
        members.append(.init("source", NotebookLines.json(source)))
        return .object(members + others)
    }
}

/// Texts of several lines, which a notebook keeps as one text or as a list of lines.
enum NotebookLines {
    static func text(_ value: JSONValue?) -> String? {
        value?.string ?? value?.array.map { $0.compactMap(\.string).joined() }
    }

    /// A line an element, each but the last with its line feed.
    static func json(_ text: String) -> JSONValue {
        guard !text.isEmpty else { return .array([]) }
        // Of bytes: to Swift a carriage return and a line feed are one character.
        var lines: [String] = [], start = text.startIndex
        while let end = text.utf8[start...].firstIndex(of: 0x0A) {
            let next = text.utf8.index(after: end)
            lines.append(String(text[start..<next]))
            start = next
        }
        if start < text.endIndex { lines.append(String(text[start...])) }
        return .array(lines.map { .string($0) })
    }
}
