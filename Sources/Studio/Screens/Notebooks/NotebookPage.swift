import Cells
import Events
import Notebooks

/// A notebook, to read: what it says, its code, what that gave.
package struct NotebookPage: Screen {
    /// From the studio's folder.
    package let path: String
    /// nil until it is read.
    package private(set) var notebook: Notebook?
    package private(set) var changedAt: Double?
    private var fault: String?
    /// Whether outputs are shown whole.
    package private(set) var isWhole = false
    package var reading = Reading()

    package init(_ path: String) { self.path = path }

    package var contexts: [KeyContext] { [.notebook, .detail] }

    package func title(_ state: AppState) -> String { path }

    package func crumb(_ state: AppState) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    package var sectionsRefusal: String? { notebook == nil ? "the notebook is being read" : nil }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadNotebook(path, known: changedAt) }

    mutating func take(_ found: ReadNotebook.Content) {
        (notebook, changedAt, fault) = (found.notebook, found.changedAt, nil)
    }

    mutating func take(fault message: String) { fault = message }

    mutating func showWhole() { isWhole.toggle() }

    /// While anything runs, the file may change; it is read only where it did.
    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { event in
            switch event.kind {
            case .job, .sample(.systemSampled): true
            default: false
            }
        }
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let notebook else { return Document([TextLine(fault ?? "reading …", fault == nil ? .muted : .bad)]) }
        var text = NotebookText(width: max(20, width - 6))
        if isWhole { text.mostOutputLines = .max }
        var document = Document()
        document.head = [head(notebook)]
        // Its headings are the parts that one goes to.
        var name = "", lines: [TextLine] = []
        for cell in notebook.cells {
            if let heading = cell.heading {
                document.add(name, lines)
                (name, lines) = (heading, [])
            } else if !lines.isEmpty {
                lines.append(TextLine())
            }
            lines += self.lines(of: cell, text)
        }
        document.add(name, lines)
        document.sections.removeAll { $0.name.isEmpty && lines.isEmpty }
        return document
    }

    /// Columns left of code, where the number of its execution stands.
    private static let gutter = 6

    private func lines(of cell: NotebookCell, _ text: NotebookText) -> [TextLine] {
        var source = cell
        source.outputs = []
        guard cell.kind == .code else { return text.lines(of: source).map { line($0, TextLine()) } }
        let count = "[\(cell.executionCount.map { "\($0)" } ?? " ")]"
        var first = TextLine(String(repeating: " ", count: max(0, Self.gutter - 1 - count.count)) + count + " ", .muted)
        if cell.hasError { first = TextLine("✖" + first.parts[0].text.dropFirst(), .bad) }
        var lines = text.lines(of: source).enumerated().map { line($1, $0 == 0 ? first : TextLine(indent: Self.gutter)) }
        for output in cell.outputs {
            lines += text.lines(of: output).map { line($0, TextLine("│ ", .faint, indent: Self.gutter - 2)) }
        }
        return lines
    }

    private func head(_ notebook: Notebook) -> TextLine {
        let code = notebook.cells.filter { $0.kind == .code }, run = code.count { $0.executionCount != nil }
        let errors = notebook.cells.count(where: \.hasError)
        var line = TextLine("\(notebook.language), \(code.count) cells of code, \(run) run", .muted)
        if errors > 0 { line.add("   ✖ \(errors) raised an error", .bad) }
        if let fault { line.add("   \(fault)", .bad) }
        return line
    }

    private func line(_ line: NotebookLine, _ beginning: TextLine) -> TextLine {
        var text = beginning
        for part in line.parts { text.add(part.text, part.role.color, part.role.attributes) }
        return text
    }
}

extension NotebookCell {
    package var hasError: Bool {
        outputs.contains { if case .error = $0 { true } else { false } }
    }
}

extension NotebookLine.Role {
    fileprivate var color: ColorRole {
        switch self {
        case .title: .title
        case .text, .code, .output: .text
        case .strong, .keyword: .accent
        case .literal: .good
        case .comment, .muted: .muted
        case .error: .bad
        }
    }

    fileprivate var attributes: Style.Attributes {
        switch self {
        case .title, .strong, .keyword: .bold
        default: []
        }
    }
}
