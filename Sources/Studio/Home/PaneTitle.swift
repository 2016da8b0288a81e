import Cells

/// The top line of a pane: number and name, the filter while there is one, and on the right what is worth knowing at a glance.
struct PaneTitle {
    private let left: String
    /// Columns from the pane's left edge to the filter's cursor, while it is edited.
    private(set) var cursor: Int?
    private let pane: Pane
    private let filterText: String
    /// Characters of the filter that are scrolled out on the left.
    private var hiddenCharacters = 0
    private let filterStart: Int
    private let verdict: Verdict

    private enum Verdict {
        case fits, begun, unreadable, matchesNothing

        var words: String { self == .matchesNothing ? " no match" : "" }
        var isBad: Bool { self == .matchesNothing || self == .unreadable }
    }

    init(_ pane: Pane, _ state: AppState, width: Int) {
        self.pane = pane
        let name = "\(pane.rawValue) \(pane.title)"
        left = name
        filterStart = TextWidth.of(name) + 3
        let filter = state.filter(of: pane)
        if pane == .experiments, state.experiments.filterProblem != nil {
            verdict = state.experiments.isFilterBegun ? .begun : .unreadable
        } else {
            verdict = filter?.isBehind == true ? .matchesNothing : .fits
        }
        guard let filter, filter.isActive else {
            filterText = ""
            return
        }
        let room = max(4, width - filterStart - 4)
        let window = filter.field.window(width: room)
        filterText = "/" + window.text
        hiddenCharacters = max(0, filter.field.cursor - window.cursor)
        if filter.isEditing { cursor = min(filterStart + 1 + window.cursor, max(0, width - 2)) }
    }

    /// Whether a pane's number and name stand in a column, counted from its left edge.
    static func holds(_ pane: Pane, _ column: Int) -> Bool {
        column >= 1 && column < TextWidth.of("\(pane.rawValue) \(pane.title)") + 3
    }

    /// Columns from the pane's left edge to a character of the filter.
    func column(ofCharacter index: Int) -> Int { filterStart + 1 + max(0, index - hiddenCharacters) }

    /// Draws over the frame's top line.
    func draw(right parts: [TextLine.Part], isFocused: Bool, into buffer: inout CellBuffer, in rect: Rect) {
        let line = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
        let nameStyle = Style(isFocused ? .titleFocused : .title, on: .background, isFocused ? .bold : [])
        var x = buffer.write(" ", x: line.x, y: line.y, nameStyle, clip: line)
        x = buffer.write(left.prefix(1), x: x, y: line.y, Style(.key, on: .background, .bold), clip: line)
        x = buffer.write(left.dropFirst() + " ", x: x, y: line.y, nameStyle, clip: line)
        if !filterText.isEmpty {
            let role: ColorRole = verdict.isBad ? .bad : .accent
            x = buffer.write(filterText, x: rect.x + filterStart, y: line.y, Style(role, on: .field), clip: line)
            x = buffer.write(verdict.words, x: x, y: line.y, Style(.bad), clip: line)
            x = buffer.write(" ", x: x, y: line.y, nameStyle, clip: line)
        }
        // The parts on the right, the last the most important: those that do not fit are left out from the left.
        var end = line.maxX
        for part in parts.reversed() {
            let width = TextWidth.of(part.text) + 2
            guard end - width >= x + 1 else { break }
            buffer.write(
                " " + part.text + " ", x: end - width, y: line.y, Style(part.role, on: .background, part.attributes), clip: line)
            end -= width
        }
    }
}

extension AppState {
    /// The filter of a pane's list; nil for one that has none.
    func filter(of pane: Pane) -> ListFilter? {
        switch pane {
        case .datasets: isZoomed && focus == .datasets ? datasets.columnFilter : datasets.filter
        case .experiments: experiments.filter
        case .curves: nil
        case .alerts: alerts.filter
        }
    }
}
