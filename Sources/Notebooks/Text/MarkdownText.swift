import Cells

/// Markdown as lines for a terminal: paragraphs filled, marks left out.
struct MarkdownText {
    let width: Int
    private var lines: [NotebookLine] = []
    private var paragraph = "", indent = ""
    /// Lines of a table, as cells.
    private var table: [[Substring]] = []

    private init(width: Int) { self.width = width }

    static func lines(_ source: String, width: Int) -> [NotebookLine] {
        var text = MarkdownText(width: max(10, width))
        text.read(source)
        return text.lines
    }

    private mutating func read(_ source: String) {
        var fence: Substring?
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = line.drop { $0 == " " }
            if fence == nil, bare.hasPrefix("|") {
                if table.isEmpty { endParagraph() }
                table.append(MarkdownTable.cells(bare))
                continue
            }
            endTable()
            if let mark = fence {
                if bare.hasPrefix(mark) { fence = nil } else { lines.append(NotebookLine("    " + line, .code)) }
            } else if bare.hasPrefix("```") || bare.hasPrefix("~~~") {
                endParagraph()
                fence = bare.prefix(3)
            } else {
                read(line: line, bare)
            }
        }
        endTable()
        endParagraph()
    }

    /// Columns as wide as their widest cell, numbers to the right; a line that is too long is cut where it is shown.
    private mutating func endTable() {
        guard !table.isEmpty else { return }
        let rule = table.indices.contains(1) && MarkdownTable.isRule(table[1]) ? table.remove(at: 1) : []
        let rows = table.map { $0.map(Self.parts) }
        table = []
        let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.map { $0.indices.contains(column) ? Self.width(of: $0[column]) : 0 }.max() ?? 0
        }
        for (place, row) in rows.enumerated() {
            let isHead = place == 0 && !rule.isEmpty
            var line: [NotebookLine.Part] = []
            for (column, cell) in row.enumerated() {
                let pad = String(repeating: " ", count: widths[column] - Self.width(of: cell))
                let isRight = rule.indices.contains(column) && rule[column].hasSuffix(":") && !rule[column].hasPrefix(":")
                let shown = isHead ? cell.map { NotebookLine.Part(text: $0.text, role: .strong) } : cell
                let padding = pad.isEmpty ? [] : [NotebookLine.Part(text: pad, role: .text)]
                line += isRight ? padding + shown : shown + padding
                if column < row.count - 1 { line.append(.init(text: "  ", role: .text)) }
            }
            lines.append(NotebookLine(line))
            if isHead {
                let total = widths.reduce(0, +) + 2 * max(0, widths.count - 1)
                lines.append(NotebookLine(String(repeating: "─", count: total), .muted))
            }
        }
    }

    private static func width(of parts: [NotebookLine.Part]) -> Int { TextWidth.of(parts.map(\.text).joined()) }

    private mutating func read(line: Substring, _ bare: Substring) {
        let level = bare.prefix { $0 == "#" }.count
        if bare.isEmpty {
            endParagraph()
            if lines.last?.parts.isEmpty == false { lines.append(NotebookLine([])) }
        } else if (1...6).contains(level), bare.dropFirst(level).first == " " {
            endParagraph()
            lines += Self.filled([.init(text: Self.plain(bare.dropFirst(level + 1)), role: .title)], width: width, indent: "")
        } else if paragraph.isEmpty, line.hasPrefix("    ") {
            lines.append(NotebookLine(String(line), .code))
        } else if let mark = Self.mark(bare) {
            endParagraph()
            indent = String(repeating: " ", count: line.count - bare.count + mark.count)
            paragraph = String(line.prefix(line.count - bare.count)) + mark.replacing("*", with: "-") + bare.dropFirst(mark.count)
        } else {
            paragraph += (paragraph.isEmpty ? "" : " ") + bare
        }
    }

    /// What begins an item of a list or a quotation, with the space behind it.
    static func mark(_ line: Substring) -> Substring? {
        let number = line.prefix { $0.isASCII && $0.isNumber }
        if (1...3).contains(number.count), line.dropFirst(number.count).hasPrefix(". ") { return line.prefix(number.count + 2) }
        return ["- ", "* ", "+ ", "> "].contains { line.hasPrefix($0) } ? line.prefix(2) : nil
    }

    private mutating func endParagraph() {
        guard !paragraph.isEmpty else { return }
        lines += Self.filled(Self.parts(paragraph[...]), width: width, indent: indent)
        (paragraph, indent) = ("", "")
    }

    // MARK: - Within a line

    private static func plain(_ text: Substring) -> String { parts(text).map(\.text).joined() }

    /// Strong words and code told apart; links as their words, with the address behind them.
    private static func parts(_ text: Substring) -> [NotebookLine.Part] {
        pieces(text).flatMap { piece -> [NotebookLine.Part] in
            switch piece {
            case .part(let part): return [part]
            case .link(let words, let address, let isPicture):
                let shown = isPicture ? "picture: \(words.isEmpty ? address : words)" : words
                let name = NotebookLine.Part(text: isPicture ? "[\(shown)]" : shown, role: isPicture ? .muted : .strong)
                let isPlace = address.hasPrefix("http")
                return [name] + (!isPicture && isPlace && address != words ? [.init(text: " (\(address))", role: .muted)] : [])
            }
        }
    }

    /// What stands in a line.
    enum Piece {
        case part(NotebookLine.Part)
        case link(words: String, address: String, isPicture: Bool)
    }

    static func pieces(_ text: Substring) -> [Piece] {
        var pieces: [Piece] = [], run = "", rest = text
        func end() {
            if !run.isEmpty { pieces.append(.part(.init(text: run, role: .text))) }
            run = ""
        }
        while let first = rest.first {
            if first == "\\", let next = rest.dropFirst().first {
                run.append(next)
                rest = rest.dropFirst(2)
            } else if let marked = Marked(rest) {
                end()
                pieces.append(.part(marked.part))
                rest = marked.rest
            } else if let link = Link(rest) {
                end()
                pieces.append(link.piece)
                rest = link.rest
            } else {
                run.append(first)
                rest = rest.dropFirst()
            }
        }
        end()
        return pieces
    }

    /// Words between two marks, which touch them.
    private struct Marked {
        var part: NotebookLine.Part
        var rest: Substring

        private static let marks: [(mark: String, role: NotebookLine.Role)] = [
            ("`", .code), ("**", .strong), ("__", .strong), ("*", .strong),
        ]

        init?(_ text: Substring) {
            guard let (mark, role) = Self.marks.first(where: { text.hasPrefix($0.mark) }) else { return nil }
            let inside = text.dropFirst(mark.count)
            guard let close = inside.firstRange(of: mark), inside.first?.isWhitespace == false,
                inside[..<close.lowerBound].last?.isWhitespace == false
            else { return nil }
            part = .init(text: String(inside[..<close.lowerBound]), role: role)
            rest = inside[close.upperBound...]
        }
    }

    /// `[words](address)` or `![words](address)`.
    private struct Link {
        var piece: Piece
        var rest: Substring

        init?(_ text: Substring) {
            let isPicture = text.hasPrefix("![")
            guard isPicture || text.hasPrefix("["), let middle = text.firstRange(of: "]("),
                let end = text[middle.upperBound...].firstIndex(of: ")")
            else { return nil }
            let words = text[..<middle.lowerBound].dropFirst(isPicture ? 2 : 1), address = text[middle.upperBound..<end]
            guard !words.contains("[") else { return nil }
            piece = .link(words: String(words), address: String(address), isPicture: isPicture)
            rest = text[text.index(after: end)...]
        }
    }

    /// Words set one after the other, as many a line as there is room for.
    private static func filled(_ parts: [NotebookLine.Part], width: Int, indent: String) -> [NotebookLine] {
        var lines: [NotebookLine] = [], line: [NotebookLine.Part] = [], used = 0
        for part in parts {
            var isFirst = true
            for word in part.text.split(separator: " ", omittingEmptySubsequences: false) {
                let space = isFirst ? "" : " "
                isFirst = false
                let needed = TextWidth.of(space) + TextWidth.of(word)
                if used + needed > width, used > TextWidth.of(indent) {
                    lines.append(NotebookLine(line))
                    line = indent.isEmpty ? [] : [.init(text: indent, role: .text)]
                    used = TextWidth.of(indent) + TextWidth.of(word)
                    line.append(.init(text: String(word), role: part.role))
                } else {
                    line.append(.init(text: space + word, role: part.role))
                    used += needed
                }
            }
        }
        if !line.isEmpty { lines.append(NotebookLine(line)) }
        return lines
    }
}

extension NotebookCell {
    /// The heading that it begins with; nil where it begins with none.
    public var heading: String? {
        guard kind == .markdown, let first = MarkdownText.lines(source, width: .max).first,
            first.parts.first?.role == .title
        else { return nil }
        return first.text
    }
}

extension Notebook {
    /// Its first heading; empty where it has none.
    public var title: String { cells.lazy.compactMap(\.heading).first ?? "" }

    /// As it was before anything was run.
    public var withoutOutputs: Notebook {
        var plain = self
        for place in cells.indices { (plain.cells[place].outputs, plain.cells[place].executionCount) = ([], nil) }
        return plain
    }
}
