/// Tables in Markdown.
public enum MarkdownTable {
    /// - Parameters:
    ///   - heads: names of the columns.
    ///   - right: columns of numbers.
    public static func text(_ heads: [String], _ rows: [[String]], right: Set<Int> = []) -> String {
        let rule = heads.indices.map { right.contains($0) ? "---:" : "---" }
        return ([heads.map(plain), rule] + rows.map { $0.map(plain) })
            .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// A text that nothing in is Markdown or HTML, in one line.
    public static func plain(_ text: String) -> String {
        var out = ""
        for character in text {
            if character.isNewline {
                out += " "
                continue
            }
            if "\\`*_{}[]<>#|~&$".contains(character) { out += "\\" }
            out.append(character)
        }
        return out
    }

    // MARK: - Reading

    /// The cells of a line that begins with `|`.
    static func cells(_ line: Substring) -> [Substring] {
        var cells: [Substring] = [], start = line.startIndex, place = start, isEscaped = false
        while place < line.endIndex {
            let character = line[place]
            if character == "|", !isEscaped {
                cells.append(line[start..<place])
                start = line.index(after: place)
            }
            isEscaped = character == "\\" && !isEscaped
            place = line.index(after: place)
        }
        if line[start...].contains(where: { !$0.isWhitespace }) { cells.append(line[start...]) }
        // Before the first bar there is nothing.
        return cells.dropFirst().map { cell in
            let bare = cell.drop { $0 == " " }
            return bare.lastIndex { $0 != " " }.map { bare[...$0] } ?? bare.prefix(0)
        }
    }

    /// Whether cells are the line between heads and rows.
    static func isRule(_ cells: [Substring]) -> Bool {
        !cells.isEmpty && cells.allSatisfy { $0.contains("-") && $0.allSatisfy { $0 == "-" || $0 == ":" } }
    }
}
