import Cells
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
        case .code: safe(CodeText.lines(cell.source)) + cell.outputs.flatMap(lines(of:))
        }
    }

    /// One output, below its code.
    public func lines(of output: NotebookOutput) -> [NotebookLine] {
        switch output {
        case .stream(let name, let text): cut(TerminalText.plain(text), name == "stderr" ? .comment : .output)
        case .data(let data, _): lines(of: data)
        case .error(let name, let value, let traceback): error(name, value, traceback)
        case .other(let json): [.init("an output of a kind '\(json["output_type"]?.string ?? "")'".printable, .muted)]
        }
    }

    /// Its best form for a terminal: text that somebody wrote for it, else what it is.
    private func lines(of data: NotebookData) -> [NotebookLine] {
        let pictures = data.types.filter { $0.hasPrefix("image/") }
        var lines = pictures.map { type in NotebookLine(Self.words(type, data), .muted) }
        if let text = data.text("text/markdown") {
            lines += safe(MarkdownText.lines(text, width: width))
        } else if let text = data.text("text/plain"), pictures.isEmpty || !text.hasPrefix("<") {
            lines += cut(TerminalText.plain(text), .output)
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
        let size = PictureSize(png: bytes).map { " \($0.width) × \($0.height)" } ?? ""
        return "[picture: \(type.printable)\(size), \(bytes.count) bytes]"
    }

    private func error(_ name: String, _ value: String, _ traceback: [String]) -> [NotebookLine] {
        let plain = traceback.map(TerminalText.plain).joined(separator: "\n")
        let last = NotebookLine("\(name): \(value)".printableLines.split(separator: "\n").first.map(String.init) ?? name, .error)
        // The last line of a traceback is the error itself.
        return plain.isEmpty ? [last] : cut(plain, .error)
    }

    private func cut(_ text: String, _ role: NotebookLine.Role) -> [NotebookLine] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let shown = lines.count > mostOutputLines ? Array(lines.prefix(mostOutputLines / 2)) : lines
        var result = shown.map { NotebookLine($0.printable, role) }
        if shown.count < lines.count {
            let tail = lines.suffix(mostOutputLines / 2)
            result.append(.init("… \(lines.count - shown.count - tail.count) lines …", .muted))
            result += tail.map { .init($0.printable, role) }
        }
        return result
    }

    private func safe(_ lines: [NotebookLine]) -> [NotebookLine] {
        lines.map { line in NotebookLine(line.parts.map { .init(text: $0.text.printable, role: $0.role) }) }
    }
}

/// Columns and rows of a picture.
struct PictureSize: Hashable {
    var width: Int, height: Int

    /// - Source: PNG (RFC 2083), section 4.1.1.
    init?(png bytes: [UInt8]) {
        guard bytes.count >= 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
        let number = { (start: Int) in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        (width, height) = (number(16), number(20))
    }
}
