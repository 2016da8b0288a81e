import Cells
import Pictures
import PrintableText

/// A notebook as lines of text.
public struct NotebookText: Sendable {
    public var width: Int
    /// Lines of an output that are shown; the others are counted.
    public var mostOutputLines = 40

    public init(width: Int) { self.width = width }

    /// A cell as it is read: what it says or its code, and what that gave.
    public func lines(of cell: NotebookCell) -> [NotebookLine] {
        switch cell.kind {
        case .markdown: safe(MarkdownText.lines(cell.source, width: width))
        case .raw, .other:
            safe(cell.source.split(separator: "\n", omittingEmptySubsequences: false).map { .init(String($0), .muted) })
        case .code: safe(CodeText.lines(cell.source)) + cell.outputs.flatMap { lines(of: $0) }
        }
    }

    /// One output, below its code.
    /// - Parameter drawn: whether its picture is drawn, and need not be named.
    public func lines(of output: NotebookOutput, drawn: Bool = false) -> [NotebookLine] {
        switch output {
        case .stream(let name, let text): cut(text, name == "stderr" ? .comment : .output)
        case .data(let data, _): lines(of: data, drawn: drawn)
        case .error(let name, let value, let traceback): error(name, value, traceback)
        case .other(let json): [.init("an output of a kind '\(json["output_type"]?.string ?? "")'".printable, .muted)]
        }
    }

    /// Its best form for a terminal: text that somebody wrote for it, else what it is.
    private func lines(of data: NotebookData, drawn: Bool) -> [NotebookLine] {
        let pictures = data.types.filter { $0.hasPrefix("image/") }
        // What is drawn is not told beside it.
        if drawn, data.text("text/markdown") == nil, data.text("text/plain")?.hasPrefix("<") ?? true { return [] }
        var lines = pictures.filter { !drawn || $0 != "image/png" }.map { type in NotebookLine(Self.words(type, data), .muted) }
        if let text = data.text("text/markdown") {
            lines += safe(MarkdownText.lines(text, width: width))
        } else if let text = data.text("text/plain"), pictures.isEmpty || !text.hasPrefix("<") {
            lines += cut(text, .output)
        } else if lines.isEmpty {
            lines = data.types.map { .init("[\($0)]".printable, .muted) }
        }
        return lines
    }

    /// `[picture: image/png 640 × 480, 12.1 kB]`.
    private static func words(_ type: String, _ data: NotebookData) -> String {
        guard let bytes = data.bytes(type) else {
            return data.text(type).map { "[picture: \(type.printable), \($0.utf8.count) bytes]" }
                ?? "[picture: \(type.printable)]"
        }
        let size = PNGReader.size(of: bytes).map { " \($0.width) × \($0.height)" } ?? ""
        return "[picture: \(type.printable)\(size), \(bytes.count) bytes]"
    }

    private func error(_ name: String, _ value: String, _ traceback: [String]) -> [NotebookLine] {
        let plain = traceback.joined(separator: "\n")
        let last = NotebookLine("\(name): \(value)".printableLines.split(separator: "\n").first.map(String.init) ?? name, .error)
        // The last line of a traceback is the error itself.
        return plain.isEmpty ? [last] : cut(plain, .error)
    }

    private func cut(_ text: String, _ role: NotebookLine.Role) -> [NotebookLine] {
        let shown = LineWindow(text, most: mostOutputLines)
        func lines(_ text: String) -> [NotebookLine] {
            var lines = TerminalText.plain(text).split(separator: "\n", omittingEmptySubsequences: false)
            if lines.last?.isEmpty == true { lines.removeLast() }
            return lines.map { NotebookLine($0.printable, role) }
        }
        guard shown.hiddenCount > 0 else { return lines(shown.head) }
        return lines(shown.head) + [.init("… \(shown.hiddenCount) lines …", .muted)] + lines(shown.tail)
    }

    private func safe(_ lines: [NotebookLine]) -> [NotebookLine] {
        lines.map { line in NotebookLine(line.parts.map { .init(text: $0.text.printable, role: $0.role) }) }
    }
}
