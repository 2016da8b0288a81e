/// The characters a chart uses besides its dots.
struct ChartGlyphs {
    let vertical, horizontal, corner, tickLeft, tickDown: Unicode.Scalar
    let guide, cursor, cursorFoot, point, bad, up, down, markLine: Unicode.Scalar
    /// Pieces of brackets, by the sum of 1 for up, 2 for down, 4 for left and 8 for right.
    private let brackets: [Unicode.Scalar]

    static let unicode = ChartGlyphs(
        vertical: "│", horizontal: "─", corner: "└", tickLeft: "┤", tickDown: "┬", guide: "┈", cursor: "│", cursorFoot: "┴",
        point: "●", bad: "×", up: "↑", down: "↓", markLine: "┆",
        brackets: [" ", "╵", "╷", "│", "╴", "╯", "╮", "┤", "╶", "╰", "╭", "├", "─", "┴", "┬", "┼"])
    static let ascii = ChartGlyphs(
        vertical: "|", horizontal: "-", corner: "+", tickLeft: "+", tickDown: "+", guide: ".", cursor: "|", cursorFoot: "^",
        point: "o", bad: "x", up: "^", down: "v", markLine: ":",
        brackets: [" ", "|", "|", "|", "-", "'", ".", "+", "-", "`", ",", "+", "-", "+", "+", "+"])

    static func of(_ glyphs: GlyphSet) -> ChartGlyphs { glyphs == .ascii ? ascii : unicode }

    /// The piece of a bracket that goes on in some directions.
    func bracket(up: Bool, down: Bool, left: Bool, right: Bool) -> Unicode.Scalar {
        brackets[(up ? 1 : 0) + (down ? 2 : 0) + (left ? 4 : 0) + (right ? 8 : 0)]
    }
}
