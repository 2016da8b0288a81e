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

    /// The frame as a self-contained SVG image in a theme's colours, a cell being 8 × 17 pixels: dots, blocks and lines are drawn, so
    /// that they look the same whatever fonts there are.
    public func svg(theme: Theme, title: String) -> String { FrameDrawing(self, theme).text(title: title) }
}

/// A frame drawn as SVG: backgrounds, then shapes, then text, each in runs of one look.
private struct FrameDrawing {
    private let buffer: CellBuffer
    private let theme: Theme
    private static let cellWidth = 8, cellHeight = 17
    private var backgrounds = "", texts = ""
    /// The shapes of each colour, as the data of a path.
    private var shapes: [String: String] = [:]

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
        if look.background != theme.hexColor(.background) {
            backgrounds +=
                "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(characters.count * Self.cellWidth)\" height=\"\(Self.cellHeight)\" fill=\"\(look.background)\"/>\n"
        }
        var index = 0
        while index < characters.count {
            let first = index
            if let shape = shape(characters[index], x: start + index, y: y) {
                shapes[look.foreground, default: ""] += shape
                index += 1
                continue
            }
            repeat {
                index += 1
            } while index < characters.count && !isSymbol(characters[first])
                && !isSymbol(characters[index]) && shape(characters[index], x: start + index, y: y) == nil
            write(characters[first..<index], left: left + first * Self.cellWidth, top: top, look)
        }
    }

    /// Whether a character may come from another font than the text around it, and is put into its cell by itself.
    private func isSymbol(_ scalar: Unicode.Scalar) -> Bool { (0x2010..<0x2E00).contains(scalar.value) }

    private func shape(_ scalar: Unicode.Scalar, x: Int, y: Int) -> String? {
        CellShape.path(
            scalar, left: x * Self.cellWidth, top: y * Self.cellHeight, width: Self.cellWidth, height: Self.cellHeight)
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
        let paths = shapes.sorted { $0.key < $1.key }.map { "<path fill=\"\($0.key)\" d=\"\($0.value)\"/>\n" }.joined()
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="img" shape-rendering="crispEdges" \
            font-family="'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace" font-size="13" xml:space="preserve">
            <title>\(Markup.escaped(title))</title>
            <rect width="\(width)" height="\(height)" fill="\(theme.hexColor(.background))"/>
            \(backgrounds)\(paths)\(texts)</svg>

            """
    }
}
