/// What programs print, as it stands on a terminal after all of it was printed.
enum TerminalText {
    /// Carriage returns and backspaces overwrite; sequences for colours and the cursor are left out.
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x1B || $0 == 0x0D || $0 == 0x08 }) else { return text }
        var lines: [[Unicode.Scalar]] = [[]], column = 0
        var rest = text.unicodeScalars.makeIterator(), next = rest.next()
        while let scalar = next {
            next = rest.next()
            switch scalar {
            case "\u{1B}": next = skipping(after: next, &rest)
            case "\n":
                lines.append([])
                column = 0
            case "\r": column = 0
            case "\u{8}": column = max(0, column - 1)
            default:
                if column < lines[lines.count - 1].count {
                    lines[lines.count - 1][column] = scalar
                } else {
                    lines[lines.count - 1].append(scalar)
                }
                column += 1
            }
        }
        return lines.map { line in
            var text = String.UnicodeScalarView()
            text.append(contentsOf: line)
            return String(text)
        }.joined(separator: "\n")
    }

    /// - Returns: the first character behind an escape sequence.
    private static func skipping(
        after opening: Unicode.Scalar?, _ rest: inout String.UnicodeScalarView.Iterator
    ) -> Unicode.Scalar? {
        switch opening {
        case "[":
            while let scalar = rest.next() { if (0x40...0x7E).contains(scalar.value) { return rest.next() } }
            return nil
        case "]", "P", "_", "^", "X":
            while let scalar = rest.next() {
                if scalar == "\u{7}" { return rest.next() }
                if scalar == "\u{1B}" {
                    _ = rest.next()
                    return rest.next()
                }
            }
            return nil
        default: return rest.next()
        }
    }
}
