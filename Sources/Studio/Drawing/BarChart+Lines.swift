import Cells

extension BarChart {
    /// The bars as lines of text: name, bar, amount, and what else is to be said.
    /// - Parameters:
    ///   - cursor: the bar that stands out.
    ///   - role: the bars' colour; negative ones warn.
    func lines(width: Int, cursor: Int? = nil, role: ColorRole = .accent, indent: Int = 0) -> [TextLine] {
        let room = max(8, width - indent)
        let names = min(max(6, bars.map { TextWidth.of($0.name) }.max() ?? 0), max(12, room * 38 / 100))
        let amounts = bars.map { TextWidth.of($0.text) }.max() ?? 0
        let notes = bars.map { TextWidth.of($0.note) }.max() ?? 0
        let bar = max(0, room - names - amounts - (notes > 0 ? notes + 2 : 0) - 3)
        // Longer ones say no more.
        let length = min(bar, 60)
        return bars.enumerated().map { index, entry in
            let isChosen = index == cursor
            let name = entry.name.shortened(to: names)
            var line = TextLine(indent: indent)
            line.add(name + Self.spaces(names - TextWidth.of(name) + 1), isChosen ? .mark : .text, isChosen ? .bold : [])
            let text = text(of: entry, room: length)
            line.add(text, isChosen ? .mark : entry.value < 0 ? .warning : role, isChosen ? .bold : [])
            line.add(Self.spaces(length - TextWidth.of(text) + 1))
            line.add(Self.spaces(amounts - TextWidth.of(entry.text)) + entry.text, isChosen ? .mark : .text)
            if !entry.note.isEmpty {
                line.add(
                    Self.spaces(2 + (entry.noteRole == .muted ? notes - TextWidth.of(entry.note) : 0)) + entry.note,
                    entry.noteRole)
            }
            return line
        }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
