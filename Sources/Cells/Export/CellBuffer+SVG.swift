import CheckedNumbers

extension CellBuffer {
    /// The frame as plain text, a line a row, without spaces at the ends of lines.
    public var plainText: String {
        textPlane.map { line in
            var line = line[...]
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// The frame as a self-contained SVG image in a theme's colours, a cell being 8 × 17 pixels: dots of charts are drawn as dots, so that
    /// they look the same whatever fonts there are.
    public func svg(theme: Theme, title: String) -> String { FrameDrawing(self, theme).text(title: title) }
}

/// A frame drawn as SVG: backgrounds, then the dots of braille cells, then text, each in runs of one look.
private struct FrameDrawing {
    private let buffer: CellBuffer
    private let theme: Theme
    private static let cellWidth = 8, cellHeight = 17
    private var backgrounds = "", texts = ""
    /// The dots of each colour, as the data of a path.
    private var dots: [String: String] = [:]

    init(_ buffer: CellBuffer, _ theme: Theme) {
        self.buffer = buffer
        self.theme = theme
        for y in 0..<buffer.size.height { drawRow(y) }
    }

    private struct Look: Equatable {
        var foreground: String, background: String
        var attributes: Style.Attributes
    }

    private func look(_ style: Style) -> Look {
        let resolved = theme.resolve(style, depth: .palette256)
        let isReversed = resolved.attributes.contains(.reverse)
        let text = resolved.foreground.map(Palette.hex) ?? theme.hexColor(.text)
        let ground = resolved.background.map(Palette.hex) ?? theme.hexColor(.background)
        return Look(
            foreground: isReversed ? ground : text, background: isReversed ? text : ground,
            attributes: resolved.attributes.intersection([.bold, .underline, .italic]))
    }

    private mutating func drawRow(_ y: Int) {
        var x = 0
        while x < buffer.size.width {
            let own = look(buffer[x, y].style), start = x
            var characters: [Unicode.Scalar] = []
            while x < buffer.size.width, look(buffer[x, y].style) == own {
                characters.append(buffer[x, y].scalar)
                x += 1
            }
            draw(characters, atX: start, y: y, own)
        }
    }

    private mutating func draw(_ characters: [Unicode.Scalar], atX start: Int, y: Int, _ look: Look) {
        let left = start * Self.cellWidth, top = y * Self.cellHeight
        backgrounds +=
            "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(characters.count * Self.cellWidth)\" height=\"\(Self.cellHeight)\" fill=\"\(look.background)\"/>\n"
        var index = 0
        while index < characters.count {
            let first = index
            if isShape(characters[index]) {
                addShape(characters[index], left: left + index * Self.cellWidth, top: top, look.foreground)
                index += 1
                continue
            }
            while index < characters.count, !isShape(characters[index]) { index += 1 }
            write(characters[first..<index], left: left + first * Self.cellWidth, top: top, look)
        }
    }

    private func isShape(_ scalar: Unicode.Scalar) -> Bool {
        (0x2801...0x28FF).contains(scalar.value) || Self.lines[scalar] != nil
    }

    private mutating func addShape(_ scalar: Unicode.Scalar, left: Int, top: Int, _ color: String) {
        guard let arms = Self.lines[scalar] else { return addDots(scalar, left: left, top: top, color) }
        let middleX = Double(left) + 3.5, middleY = Double(top) + 8
        let width = Double(Self.cellWidth), height = Double(Self.cellHeight)
        if arms.contains("l") { dots[color, default: ""] += "M\(left) \(middleY)h4.5v1h-4.5z" }
        if arms.contains("r") { dots[color, default: ""] += "M\(middleX) \(middleY)h\(width - 3.5)v1h-\(width - 3.5)z" }
        if arms.contains("u") { dots[color, default: ""] += "M\(middleX) \(top)h1v9h-1z" }
        if arms.contains("d") { dots[color, default: ""] += "M\(middleX) \(middleY)h1v\(height - 8)h-1z" }
    }

    /// The lines of frames and axes, which fonts seldom join from row to row: the arms that go out from the middle of the cell.
    private static let lines: [Unicode.Scalar: String] = [
        "─": "lr", "│": "ud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "urd",
        "┤": "uld", "┬": "lrd", "┴": "lru", "┼": "lrud",
    ]

    /// A braille character's dots, in the order of Unicode: three on the left, three on the right, then the lowest two.
    private mutating func addDots(_ scalar: Unicode.Scalar, left: Int, top: Int, _ color: String) {
        let bits = scalar.value - 0x2800
        let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        for (bit, place) in places.enumerated() where bits & (1 << UInt32(bit)) != 0 {
            dots[color, default: ""] += "M\(left + 1 + place.0 * 4) \(top + 1 + place.1 * 4)h2.4v2.4h-2.4z"
        }
    }

    private mutating func write(_ characters: ArraySlice<Unicode.Scalar>, left: Int, top: Int, _ look: Look) {
        var text = "", skipped = 0
        var run = characters
        while run.first == " " {
            run = run.dropFirst()
            skipped += 1
        }
        while run.last == " " { run = run.dropLast() }
        guard !run.isEmpty else { return }
        for scalar in run where scalar != Cell.continuation { text.unicodeScalars.append(scalar) }
        var style = "fill=\"\(look.foreground)\""
        if look.attributes.contains(.bold) { style += " font-weight=\"700\"" }
        if look.attributes.contains(.italic) { style += " font-style=\"italic\"" }
        if look.attributes.contains(.underline) { style += " text-decoration=\"underline\"" }
        texts +=
            "<text x=\"\(left + skipped * Self.cellWidth)\" y=\"\(top + 13)\" textLength=\"\(run.count * Self.cellWidth)\" \(style)>\(Markup.escaped(text))</text>\n"
    }

    func text(title: String) -> String {
        let width = buffer.size.width * Self.cellWidth, height = buffer.size.height * Self.cellHeight
        let paths = dots.sorted { $0.key < $1.key }.map { "<path fill=\"\($0.key)\" d=\"\($0.value)\"/>\n" }.joined()
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="img" shape-rendering="crispEdges" \
            font-family="'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace" font-size="13" xml:space="preserve">
            <title>\(Markup.escaped(title))</title>
            \(backgrounds)\(paths)\(texts)</svg>

            """
    }
}
