import Cells

/// Breaking text into lines.
package enum TextWrap {
    /// The text in lines of at most `width` columns, broken at spaces where there are any.
    package static func lines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ") {
                var rest = String(word)
                let joined = line.isEmpty ? rest : line + " " + rest
                if TextWidth.of(joined) <= width {
                    line = joined
                    continue
                }
                if !line.isEmpty { lines.append(line) }
                while TextWidth.of(rest) > width {
                    let head = prefix(rest, width: width)
                    lines.append(head)
                    rest = String(rest.dropFirst(max(1, head.count)))
                }
                line = rest
            }
            if !line.isEmpty || paragraph.isEmpty { lines.append(line) }
        }
        return lines
    }

    private static func prefix(_ text: String, width: Int) -> String {
        var head = ""
        var used = 0
        for character in text {
            let next = TextWidth.of(String(character))
            // A character wider than the line stands alone.
            if used + next > width, !head.isEmpty { break }
            head.append(character)
            used += next
        }
        return head
    }
}
