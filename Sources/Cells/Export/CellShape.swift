/// The characters that a picture draws rather than writes, since fonts seldom join them from cell to cell: dots of charts, blocks, the
/// lines of frames and axes.
enum CellShape {
    /// The character's shape as the data of a path; nil for one that is written.
    static func path(_ scalar: Unicode.Scalar, left: Int, top: Int, width: Int, height: Int) -> String? {
        switch scalar.value {
        case 0x2801...0x28FF: dots(scalar.value - 0x2800, left, top)
        case 0x2580...0x2590, 0x2594, 0x2595: block(scalar.value, Double(left), Double(top), Double(width), Double(height))
        default: lines[scalar].map { line($0, Double(left), Double(top), Double(width), Double(height)) }
        }
    }

    /// A braille character's dots, in the order of Unicode: three on the left, three on the right, then the lowest two.
    private static func dots(_ bits: UInt32, _ left: Int, _ top: Int) -> String {
        let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        return places.enumerated().reduce(into: "") { path, dot in
            guard bits & (1 << UInt32(dot.offset)) != 0 else { return }
            path += "M\(left + 1 + dot.element.0 * 4) \(top + 1 + dot.element.1 * 4)h2.4v2.4h-2.4z"
        }
    }

    /// Blocks by eighths: from below, from the left, and the halves above and on the right.
    private static func block(_ value: UInt32, _ left: Double, _ top: Double, _ width: Double, _ height: Double) -> String {
        switch value {
        case 0x2581...0x2588:
            let tall = height * Double(value - 0x2580) / 8
            return rectangle(left, top + height - tall, width, tall)
        case 0x2589...0x258F: return rectangle(left, top, width * Double(0x2590 - value) / 8, height)
        case 0x2580: return rectangle(left, top, width, height / 2)
        case 0x2590: return rectangle(left + width / 2, top, width / 2, height)
        case 0x2594: return rectangle(left, top, width, height / 8)
        default: return rectangle(left + width * 7 / 8, top, width / 8, height)
        }
    }

    private static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
        "M\(number(x)) \(number(y))h\(number(width))v\(number(height))h-\(number(width))z"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? NumberFormat.fixed(value, decimals: 0) : NumberFormat.fixed(value, decimals: 2)
    }

    /// The arms that go out from the middle of the cell (l, r, u, d), how thick they are, and of how many dashes; 0 is a whole line.
    private struct Line {
        var arms: String
        var thickness = 1.0
        var dashes = 0
    }

    private static let lines: [Unicode.Scalar: Line] = [
        "─": Line(arms: "lr"), "│": Line(arms: "ud"), "╭": Line(arms: "rd"), "╮": Line(arms: "ld"), "╰": Line(arms: "ru"),
        "╯": Line(arms: "lu"), "┌": Line(arms: "rd"), "┐": Line(arms: "ld"), "└": Line(arms: "ru"), "┘": Line(arms: "lu"),
        "├": Line(arms: "urd"), "┤": Line(arms: "uld"), "┬": Line(arms: "lrd"), "┴": Line(arms: "lru"), "┼": Line(arms: "lrud"),
        "━": Line(arms: "lr", thickness: 2), "┃": Line(arms: "ud", thickness: 2), "╌": Line(arms: "lr", dashes: 2),
        "┄": Line(arms: "lr", dashes: 3), "┈": Line(arms: "lr", dashes: 4), "╎": Line(arms: "ud", dashes: 2),
        "┆": Line(arms: "ud", dashes: 3), "┊": Line(arms: "ud", dashes: 4),
    ]

    private static func line(_ line: Line, _ left: Double, _ top: Double, _ width: Double, _ height: Double) -> String {
        let thick = line.thickness, x = left + (width / 2 - 0.5).rounded(.down), y = top + (height / 2 - 0.5).rounded(.down)
        if line.dashes > 0 {
            let isLevel = line.arms == "lr", length = isLevel ? width : height, part = length / Double(line.dashes)
            return (0..<line.dashes).map { number in
                let from = part * Double(number) + part / 4
                return isLevel ? rectangle(left + from, y, part / 2, thick) : rectangle(x, top + from, thick, part / 2)
            }.joined()
        }
        var path = ""
        if line.arms.contains("l") { path += rectangle(left, y, x + thick - left, thick) }
        if line.arms.contains("r") { path += rectangle(x, y, left + width - x, thick) }
        if line.arms.contains("u") { path += rectangle(x, top, thick, y + thick - top) }
        if line.arms.contains("d") { path += rectangle(x, y, thick, top + height - y) }
        return path
    }
}
