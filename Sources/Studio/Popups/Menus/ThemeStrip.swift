import Cells

/// The theme menu: one line in place of the hints, so that nothing of what it previews is hidden.
struct ThemeStrip {
    /// A theme's name on the line.
    struct Label: Hashable {
        var index: Int
        var text: String
        var x: Int
        var width: Int { TextWidth.of(text) }
    }

    /// Where what is typed stands.
    let search: Rect
    private(set) var labels: [Label] = []
    /// Whether there are more on the left and on the right.
    private(set) var more = (left: false, right: false)
    /// What the keys do, at the end of the line; empty where there is no room for it.
    let help: String
    private static let title = " Theme "

    /// - Parameter cursor: the theme that is always in view.
    init(_ names: [String], cursor: Int, search text: String, in line: Rect) {
        let typed = min(16, max(text.isEmpty ? 0 : 6, TextWidth.of(text)))
        let start = line.x + TextWidth.of(Self.title)
        search = Rect(x: start, y: line.y, width: typed + 2, height: 1).intersection(line)
        help = line.width >= 120 ? "←→ choose   enter keeps it   esc goes back " : ""
        let left = search.maxX + 1, right = line.maxX - TextWidth.of(help) - (help.isEmpty ? 0 : 2) - 1
        let total = names.reduce(0) { $0 + TextWidth.of($1) + 3 }
        // From the first as far as all fit; else from where the one under the cursor is in view.
        var first = 0
        if total > right - left {
            while first < cursor, names[first...cursor].reduce(0, { $0 + TextWidth.of($1) + 3 }) > right - left - 2 { first += 1 }
        }
        var x = left + (first > 0 ? 2 : 0)
        for index in names.indices where index >= first {
            guard x + TextWidth.of(names[index]) <= right || labels.isEmpty else { break }
            labels.append(Label(index: index, text: names[index], x: x + 1))
            x += TextWidth.of(names[index]) + 3
        }
        more = (first > 0, (labels.last?.index ?? names.count - 1) < names.count - 1)
    }

    func label(atX x: Int) -> Label? { labels.first { x >= $0.x - 1 && x <= $0.x + $0.width } }

    func draw(_ field: TextField, cursor: Int, into buffer: inout CellBuffer, in line: Rect) {
        buffer.fill(line, with: Cell(" ", Style(.barText, on: .bar)))
        buffer.write(Self.title, x: line.x, y: line.y, Style(.barText, on: .bar, .bold), clip: line)
        buffer.write("/", x: search.x, y: line.y, Style(.key, on: .bar, .bold), clip: line)
        buffer.write(
            field.window(width: max(1, search.width - 2)).text, x: search.x + 1, y: line.y, Style(.barText, on: .bar),
            clip: search)
        if labels.isEmpty { buffer.write("no theme matches", x: search.maxX + 2, y: line.y, Style(.muted, on: .bar), clip: line) }
        for label in labels {
            let isChosen = label.index == cursor
            let style = isChosen ? Style(.selectionText, on: .selection, .bold) : Style(.barText, on: .bar)
            let room = Rect(x: label.x - 1, y: line.y, width: label.width + 2, height: 1)
            if isChosen { buffer.fill(room.intersection(line), with: Cell(" ", style)) }
            buffer.write(label.text, x: label.x, y: line.y, style, clip: line)
        }
        if more.left { buffer.write("‹", x: search.maxX + 1, y: line.y, Style(.key, on: .bar, .bold), clip: line) }
        let end = line.maxX - TextWidth.of(help)
        if more.right {
            buffer.write("›", x: end - 1 - (help.isEmpty ? 0 : 1), y: line.y, Style(.key, on: .bar, .bold), clip: line)
        }
        buffer.write(help, x: end, y: line.y, Style(.muted, on: .bar), clip: line)
    }
}
