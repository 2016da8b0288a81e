/// Code, its words told apart. For Python, and what is written much like it.
enum CodeText {
    private static let keywords: Set<Substring> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del",
        "elif",
        "else", "except", "finally", "for", "from", "function", "global", "if", "import", "in", "is", "lambda", "let", "library",
        "match", "nonlocal", "not", "or", "pass", "raise", "return", "try", "using", "while", "with", "yield", "end",
    ]

    static func lines(_ source: String) -> [NotebookLine] {
        // Quotes over several lines go on from line to line.
        var open: String?
        return source.split(separator: "\n", omittingEmptySubsequences: false).map { line($0, &open) }
    }

    private static func line(_ text: Substring, _ open: inout String?) -> NotebookLine {
        var parts: [NotebookLine.Part] = [], rest = text
        func add(_ piece: Substring, _ role: NotebookLine.Role) {
            if !piece.isEmpty { parts.append(.init(text: String(piece), role: role)) }
            rest = rest[piece.endIndex...]
        }
        while !rest.isEmpty {
            if let quote = open {
                let end = closing(of: quote, in: rest)
                if end != nil || quote.count == 1 { open = nil }
                add(rest[..<(end ?? rest.endIndex)], .literal)
            } else if let quote = ["\"\"\"", "'''", "\"", "'"].first(where: { rest.hasPrefix($0) }) {
                let inside = rest.dropFirst(quote.count), end = closing(of: quote, in: inside)
                if end == nil, quote.count == 3 { open = quote }
                add(rest[..<(end ?? rest.endIndex)], .literal)
            } else if rest.first == "#" {
                add(rest, .comment)
            } else if let first = rest.first, first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                add(word, keywords.contains(word) ? .keyword : .code)
            } else if rest.first?.isNumber == true {
                add(rest.prefix { $0.isNumber || $0.isLetter || $0 == "." || $0 == "_" }, .literal)
            } else {
                add(rest.prefix { !($0.isLetter || $0.isNumber || "_#\"'".contains($0)) }, .code)
            }
        }
        return NotebookLine(parts)
    }

    /// Behind the next quote of this kind that no backslash stands before.
    private static func closing(of quote: String, in text: Substring) -> Substring.Index? {
        var place = text.startIndex
        while place < text.endIndex {
            if text[place] == "\\" {
                place = text.index(place, offsetBy: 2, limitedBy: text.endIndex) ?? text.endIndex
            } else if text[place...].hasPrefix(quote) {
                return text.index(place, offsetBy: quote.count)
            } else {
                place = text.index(after: place)
            }
        }
        return nil
    }
}
