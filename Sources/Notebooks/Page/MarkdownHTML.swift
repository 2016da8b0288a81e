import Cells

/// Markdown as HTML: what notebooks are written with. HTML in it is shown as it is written, and not done.
struct MarkdownHTML {
    private var out = ""
    private var paragraph: [Substring] = []
    private var table: [[Substring]] = []
    /// Lists that are open: how far each is set in, and whether its items are counted.
    private var lists: [(indent: Int, isOrdered: Bool)] = []

    static func text(_ source: String) -> String {
        var html = MarkdownHTML()
        html.read(source)
        return html.out
    }

    private mutating func read(_ source: String) {
        var fence: Substring?
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = line.drop { $0 == " " }
            if let mark = fence {
                if bare.hasPrefix(mark) {
                    fence = nil
                    out += "</code></pre>\n"
                } else {
                    out += Markup.escaped(String(line)) + "\n"
                }
            } else if bare.hasPrefix("```") || bare.hasPrefix("~~~") {
                endBlocks()
                fence = bare.prefix(3)
                out += "<pre><code>"
            } else {
                read(line, bare)
            }
        }
        if fence != nil { out += "</code></pre>\n" }
        endBlocks()
    }

    private mutating func read(_ line: Substring, _ bare: Substring) {
        if bare.hasPrefix("|") {
            if table.isEmpty { endBlocks() }
            table.append(MarkdownTable.cells(bare))
            return
        }
        endTable()
        let level = bare.prefix { $0 == "#" }.count
        if bare.isEmpty {
            endParagraph()
        } else if (1...6).contains(level), bare.dropFirst(level).first == " " {
            endBlocks()
            out += "<h\(level)>\(Self.inline(bare.dropFirst(level + 1)))</h\(level)>\n"
        } else if bare.count >= 3, let mark = bare.first, "-*_".contains(mark), bare.allSatisfy({ $0 == mark || $0 == " " }) {
            endBlocks()
            out += "<hr>\n"
        } else if let mark = MarkdownText.mark(bare), !mark.hasPrefix(">") {
            endParagraph()
            item(indent: line.count - bare.count, isOrdered: mark.first?.isNumber ?? false)
            paragraph = [bare.dropFirst(mark.count)]
        } else if bare.hasPrefix(">") {
            endBlocks()
            out += "<blockquote>\(Self.inline(bare.dropFirst().drop { $0 == " " }))</blockquote>\n"
        } else {
            if paragraph.isEmpty, line.first != " " { endLists() }
            paragraph.append(bare)
        }
    }

    // MARK: - Blocks

    private mutating func item(indent: Int, isOrdered: Bool) {
        while let open = lists.last, open.indent > indent { endList() }
        if lists.last.map({ $0.indent < indent }) ?? true {
            lists.append((indent, isOrdered))
            out += isOrdered ? "<ol>\n" : "<ul>\n"
        }
    }

    private mutating func endList() {
        if let open = lists.popLast() { out += open.isOrdered ? "</ol>\n" : "</ul>\n" }
    }

    private mutating func endLists() {
        while !lists.isEmpty { endList() }
    }

    private mutating func endParagraph() {
        guard !paragraph.isEmpty else { return }
        let text = Self.inline(paragraph.joined(separator: "\n")[...])
        out += lists.isEmpty ? "<p>\(text)</p>\n" : "<li>\(text)</li>\n"
        paragraph = []
    }

    private mutating func endTable() {
        guard !table.isEmpty else { return }
        let rule = table.indices.contains(1) && MarkdownTable.isRule(table[1]) ? table.remove(at: 1) : []
        func row(_ cells: [Substring], _ kind: String) -> String {
            let texts = cells.enumerated().map { column, cell in
                let isRight = rule.indices.contains(column) && rule[column].hasSuffix(":") && !rule[column].hasPrefix(":")
                return "<\(kind)\(isRight ? " class=\"number\"" : "")>\(Self.inline(cell))</\(kind)>"
            }
            return "<tr>\(texts.joined())</tr>\n"
        }
        let heads = rule.isEmpty ? [] : table.prefix(1), rows = rule.isEmpty ? table[...] : table.dropFirst()
        out += "<div class=\"scroll\"><table>"
        if let head = heads.first { out += "<thead>\(row(head, "th"))</thead>" }
        out += "<tbody>\n\(rows.map { row($0, "td") }.joined())</tbody></table></div>\n"
        table = []
    }

    private mutating func endBlocks() {
        endTable()
        endParagraph()
        endLists()
    }

    // MARK: - Within a line

    private static func inline(_ text: Substring) -> String {
        MarkdownText.pieces(text).map { piece in
            switch piece {
            case .part(let part):
                let words = Markup.escaped(part.text)
                return switch part.role {
                case .strong: "<strong>\(words)</strong>"
                case .code: "<code>\(words)</code>"
                default: words
                }
            case .link(let words, let address, let isPicture):
                // Nothing is fetched, and nothing but the web is led to.
                guard !isPicture, address.hasPrefix("http://") || address.hasPrefix("https://") || address.hasPrefix("#") else {
                    return Markup.escaped(isPicture ? "[picture: \(words.isEmpty ? address : words)]" : words)
                }
                return "<a href=\"\(Markup.escaped(address))\" rel=\"noreferrer\">\(Markup.escaped(words))</a>"
            }
        }.joined()
    }
}
