import Cells

extension CellBuffer {
    /// A thin frame with rounded corners; one row high it is a line.
    mutating func frame(_ rect: Rect, _ style: Style) {
        guard !rect.isEmpty else { return }
        for x in rect.x..<rect.maxX {
            self[x, rect.y] = Cell("─", style)
            if rect.height > 1 { self[x, rect.maxY - 1] = Cell("─", style) }
        }
        guard rect.height > 1 else { return }
        for y in rect.y..<rect.maxY {
            self[rect.x, y] = Cell("│", style)
            self[rect.maxX - 1, y] = Cell("│", style)
        }
        self[rect.x, rect.y] = Cell("╭", style)
        self[rect.maxX - 1, rect.y] = Cell("╮", style)
        self[rect.x, rect.maxY - 1] = Cell("╰", style)
        self[rect.maxX - 1, rect.maxY - 1] = Cell("╯", style)
    }

    /// Writes text that ends at column `end`.
    mutating func write(_ text: String, endingAt end: Int, y: Int, _ style: Style, clip: Rect) {
        write(text, x: max(clip.x, end - TextWidth.of(text)), y: y, style, clip: clip)
    }

    /// Writes a line of several looks on one background.
    mutating func write(_ line: TextLine, x: Int, y: Int, on background: ColorRole = .background, clip: Rect) {
        var column = x + line.indent
        for part in line.parts {
            let attributes = part.link == nil ? part.attributes : part.attributes.union(.underline)
            column = write(part.text, x: column, y: y, Style(part.role, on: background, attributes), clip: clip)
        }
    }

    /// Gives a row the look of the one under the cursor.
    mutating func highlight(_ row: Rect) {
        restyle(row) { style in
            style.background = .selection
            // What tells by its colour keeps it, unless that is made for another background.
            if [.text, .muted, .key].contains(style.foreground) { style.foreground = .selectionText }
        }
    }

    /// Takes the colours from what is shown in place of what was asked for.
    mutating func fade(_ rect: Rect) {
        restyle(rect) { style in
            let isLine = style.foreground == .faint || style.foreground == .border
            style = Style(isLine ? .faint : .muted, on: style.background)
        }
    }

    /// Text in the middle of an empty pane: the first line says what is missing, the others what to do.
    mutating func writeEmpty(_ lines: [String], in rect: Rect, on background: ColorRole = .background) {
        let wrapped = lines.enumerated().flatMap { index, line in
            TextWrap.lines(line, width: max(1, rect.width - 2)).map { (text: $0, isFirst: index == 0) }
        }
        let top = rect.y + max(0, (rect.height - wrapped.count) / 2)
        for (row, line) in wrapped.enumerated() where top + row < rect.maxY {
            let x = rect.x + max(0, (rect.width - TextWidth.of(line.text)) / 2)
            write(line.text, x: x, y: top + row, Style(line.isFirst ? .text : .muted, on: background), clip: rect)
        }
    }

    /// A thumb on a frame's right side when there is more than fits.
    mutating func scrollbar(_ rect: Rect, top: Int, shown: Int, count: Int, _ style: Style) {
        guard count > shown, shown > 0, rect.height > 2 else { return }
        let track = rect.height - 2
        let length = max(1, track * shown / count)
        let start = min(track - length, track * top / max(1, count - shown) * (track - length) / max(1, track))
        for y in 0..<length { self[rect.maxX - 1, rect.y + 1 + max(0, start) + y] = Cell("┃", style) }
    }

    /// Draws with ASCII what this program draws with other characters; text of the user's stays as it is.
    mutating func replaceWithASCII() {
        for y in 0..<size.height {
            for x in 0..<size.width {
                let cell = self[x, y]
                guard cell.scalar.value > 0x7F, let plain = asciiGlyphs[cell.scalar] else { continue }
                self[x, y] = Cell(plain, cell.style)
            }
        }
    }
}

/// What stands for this program's own glyphs on a screen without them.
private let asciiGlyphs: [Unicode.Scalar: Unicode.Scalar] = [
    "─": "-", "│": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┃": "#", "━": "=", "╺": "-", "╸": " ", "┈": ".", "┆": "|",
    "╌": "-",
    "▸": ">", "▶": ">", "‖": "=", "✔": "+", "✖": "x", "■": "#", "◂": "<", "…": "~", "●": "*", "○": "o", "·": ".",
    "▲": "^", "△": "!", "•": "i", "▾": "v", "▴": "^", "↓": "v", "↑": "^", "←": "<", "→": ">", "Δ": "d", "−": "-", "±": "~",
    "↗": "+", "↘": "!", "‹": "<", "›": ">",
    "×": "x", "◆": "*", "◇": "o", "≤": "<", "σ": "s", "▁": ".", "▂": ".", "▃": ":", "▄": ":", "▅": "|", "▆": "|", "▇": "#",
    "█": "#",
]
