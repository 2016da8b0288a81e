import Cells
import JSON

/// A notebook as HTML, to be put into a page: nothing in it runs or loads anything.
public struct NotebookHTML {
    private let notebook: Notebook

    public init(_ notebook: Notebook) { self.notebook = notebook }

    /// Rules for what is in `body`, besides the colours of a page.
    public static let css = """
        .cell{margin:0 0 1.1rem}.code{display:flex;gap:.6rem}.count{flex:0 0 3rem;text-align:right;font-size:.8rem;padding-top:.45rem}
        .code>div{flex:1 1 auto;min-width:0}.output{margin:.3rem 0 0 3.6rem;overflow-x:auto;max-height:44rem}
        pre{margin:0;padding:.4rem .6rem;border-left:3px solid;overflow-x:auto;font:13px/1.4 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
        .output pre{border-left-width:1px}.output table{width:auto}.output img{max-width:100%;height:auto;background:#fff}
        blockquote{margin:.4rem 0;padding-left:.8rem;border-left:3px solid}code{font-family:ui-monospace,monospace}
        """

    public var body: String { notebook.cells.map(html(of:)).joined() }

    private func html(of cell: NotebookCell) -> String {
        switch cell.kind {
        case .markdown: "<div class=\"cell\">\n\(MarkdownHTML.text(cell.source))</div>\n"
        case .raw, .other: "<div class=\"cell\">\(Self.pre(cell.source, .muted))</div>\n"
        case .code: code(cell)
        }
    }

    private func code(_ cell: NotebookCell) -> String {
        let lines = CodeText.lines(cell.source).map { line in
            line.parts.map { part in
                let text = Markup.escaped(part.text)
                return switch part.role {
                case .keyword: Self.span(text, .accent)
                case .literal: Self.span(text, .good)
                case .comment: Self.span(text, .muted)
                default: text
                }
            }.joined()
        }
        let count = Self.span("[\(cell.executionCount.map(String.init) ?? " ")]", .muted)
        let outputs = Self.joined(cell.outputs).map { "<div class=\"output\">\($0)</div>\n" }.joined()
        return
            "<div class=\"cell\"><div class=\"code\"><div class=\"count\">\(count)</div><div><pre>\(lines.joined(separator: "\n"))"
            + "</pre></div></div>\n\(outputs)</div>\n"
    }

    private static func joined(_ outputs: [NotebookOutput]) -> [String] { outputs.map(html(of:)).filter { !$0.isEmpty } }

    private static func html(of output: NotebookOutput) -> String {
        switch output {
        case .stream(let name, let text): pre(TerminalText.plain(text), name == "stderr" ? .muted : .text)
        case .data(let data, _): html(of: data)
        case .error(let name, let value, let traceback):
            pre(traceback.isEmpty ? "\(name): \(value)" : traceback.map(TerminalText.plain).joined(separator: "\n"), .bad)
        case .other: ""
        }
    }

    /// Pictures as they are, tables, else text.
    private static func html(of data: NotebookData) -> String {
        for type in ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"] {
            guard let source = source(type, data) else { continue }
            // An image runs none of its scripts and loads nothing.
            return
                "<img alt=\"\(Markup.escaped(data.text("text/plain").map { String($0.prefix(80)) } ?? type))\" src=\"\(source)\">"
        }
        if let html = data.text("text/html") {
            let safe = SafeHTML.text(html)
            if safe.hasText { return safe.text }
        }
        if let text = data.text("text/markdown") { return MarkdownHTML.text(text) }
        if let text = data.text("text/plain") ?? data.text("text/latex") { return pre(TerminalText.plain(text), .text) }
        return data.types.isEmpty ? "" : pre("[\(data.types.joined(separator: ", "))]", .muted)
    }

    private static func source(_ type: String, _ data: NotebookData) -> String? {
        if type == "image/svg+xml" {
            return data.text(type).map { "data:\(type);base64,\(Base64.text(Array($0.utf8)))" }
        }
        return data.bytes(type).map { "data:\(type);base64,\(Base64.text($0))" }
    }

    private static func pre(_ text: String, _ role: ColorRole) -> String {
        let end = text.hasSuffix("\n") ? String(text.dropLast()) : text
        return "<pre class=\"\(role.styleClass())\">\(Markup.escaped(end))</pre>"
    }

    private static func span(_ text: String, _ role: ColorRole) -> String {
        "<span class=\"\(role.styleClass())\">\(text)</span>"
    }
}
