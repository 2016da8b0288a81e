import Cells

/// Breaking text into lines.
package enum TextWrap {
    /// The text in lines of at most `width` columns, broken at spaces where there are any. An indented line that fits stays as it is,
    /// so that what points into the one above points where it should.
    package static func lines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if paragraph.first == " ", TextWidth.of(String(paragraph)) <= width {
                lines.append(String(paragraph))
                continue
            }
            var line = ""
            for word in paragraph.split(separator: " ") {
                let joined = line.isEmpty ? String(word) : line + " " + word
                if TextWidth.of(joined) <= width {
                    line = joined
                    continue
                }
                if !line.isEmpty { lines.append(line) }
                var parts = pieces(word, width: width)
                line = parts.popLast() ?? ""
                lines += parts
            }
            if !line.isEmpty || paragraph.isEmpty { lines.append(line) }
        }
        return lines
    }

    /// A word in pieces of at most `width` columns; a character wider than that stands alone.
    private static func pieces(_ word: Substring, width: Int) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var used = 0
        for character in word {
            let next = TextWidth.of(String(character))
            if used + next > width, !piece.isEmpty {
                pieces.append(piece)
                (piece, used) = ("", 0)
            }
            piece.append(character)
            used += next
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}
