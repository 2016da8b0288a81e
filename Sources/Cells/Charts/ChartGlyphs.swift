/// The characters a chart uses besides its dots.
struct ChartGlyphs {
    let vertical, horizontal, corner, tickLeft, tickDown: Unicode.Scalar
    let guide, cursor, cursorFoot, point, bad, up, down, markLine: Unicode.Scalar

    static let unicode = ChartGlyphs(
        vertical: "│", horizontal: "─", corner: "└", tickLeft: "┤", tickDown: "┬", guide: "┈", cursor: "│", cursorFoot: "┴",
        point: "●", bad: "×", up: "↑", down: "↓", markLine: "┆")
    static let ascii = ChartGlyphs(
        vertical: "|", horizontal: "-", corner: "+", tickLeft: "+", tickDown: "+", guide: ".", cursor: "|", cursorFoot: "^",
        point: "o", bad: "x", up: "^", down: "v", markLine: ":")

    static func of(_ glyphs: GlyphSet) -> ChartGlyphs { glyphs == .ascii ? ascii : unicode }
}
