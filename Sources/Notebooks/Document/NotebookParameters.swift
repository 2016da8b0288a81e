import JSON

/// Values that a notebook is run with in place of its own.
///
/// - Source: papermill's tags `parameters` and `injected-parameters`.
public struct NotebookParameters: Hashable, Sendable {
    /// In the order in which they were given.
    public var values: [(name: String, text: String)]

    public init(_ values: [(name: String, text: String)]) { self.values = values }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// Assignments in Python: JSON becomes numbers, words, lists and dictionaries, everything else a text.
    var code: String { values.map { "\($0.name) = \(Self.python($0.text))\n" }.joined() }

    private static func python(_ text: String) -> String {
        guard let value = try? JSONValue(parsing: text) else { return JSONValue.string(text).text }
        return python(value)
    }

    private static func python(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .boolean(let flag): flag ? "True" : "False"
        case .array(let elements): "[" + elements.map(python).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.string($0.name).text + ": " + python($0.value) }.joined(separator: ", ") + "}"
        default: value.text
        }
    }

    /// Puts a cell that sets them behind the one that is tagged `parameters`, else before the first cell of code; one that an earlier
    /// run put in is replaced.
    public func inject(into notebook: inout Notebook) {
        guard !values.isEmpty else { return }
        var cell = NotebookCell(.code, code, tags: [Self.injected])
        cell.id = "parameters"
        notebook.cells.removeAll { $0.kind == .code && $0.tags.contains(Self.injected) }
        let tagged = notebook.cells.firstIndex { $0.kind == .code && $0.tags.contains("parameters") }
        let first = notebook.cells.firstIndex { $0.kind == .code }
        notebook.cells.insert(cell, at: tagged.map { $0 + 1 } ?? first ?? notebook.cells.endIndex)
    }

    private static let injected = "injected-parameters"
}
