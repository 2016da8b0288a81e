import Cells

/// What is looked for on the open page.
package struct PageSearch: Hashable, Sendable {
    package let text: String
    /// Counts the lines that have it, from the page's first.
    package var hit: Int
}

extension AppState {
    mutating func performPageSearch(_ action: StudioAction) -> [Effect] {
        switch action {
        case .find:
            open(
                LinePrompt(
                    "Find on this page", help: "n goes to the next line that has it, N to the one before; esc ends it.",
                    accept: { text, state in state.find(text) }))
        case .nextHit, .previousHit: goToHit(by: action == .nextHit ? 1 : -1)
        case .endFind: pageSearch = nil
        default: unhandled(action)
        }
        return []
    }

    private mutating func find(_ text: String) -> [Effect] {
        guard let screen = screens.last, !text.isEmpty else { return [] }
        let lines = screen.hits(of: text, self)
        guard let first = lines.firstIndex(where: { $0 >= screen.reading.top }) ?? lines.indices.first else {
            say("“\(text)” is nowhere on this page", .warning)
            return []
        }
        pageSearch = PageSearch(text: text, hit: first)
        goToHit(by: 0)
        return []
    }

    private mutating func goToHit(by step: Int) {
        guard var search = pageSearch, var screen = screens.popLast() else { return }
        let lines = screen.hits(of: search.text, self)
        if !lines.isEmpty {
            search.hit = ((search.hit + step) % lines.count + lines.count) % lines.count
            let height = screen.placed(self).rows.height
            screen.reading.top = max(0, lines[search.hit] - height / 3)
            say("\(search.hit + 1) of \(lines.count) lines with “\(search.text)”", .text)
        } else {
            say("“\(search.text)” is nowhere on this page", .warning)
        }
        screens.append(screen)
        pageSearch = search
        needsRedraw = true
    }
}

extension Screen {
    /// The lines of the page that have a text.
    package func hits(of text: String, _ state: AppState) -> [Int] {
        let lines = layout(state).lines
        return lines.indices.filter { lines[$0].parts.map(\.text).joined().containsIgnoringCase(text) }
    }
}

extension CellBuffer {
    /// Makes every place of a text in some rows stand out.
    mutating func markHits(of text: String, in rows: Rect) {
        let pattern = Array(text.lowercased().unicodeScalars)
        guard !pattern.isEmpty, rows.width >= pattern.count else { return }
        for y in rows.y..<rows.maxY {
            let line = (rows.x..<rows.maxX).map { self[$0, y].scalar.properties.lowercaseMapping.unicodeScalars.first ?? " " }
            var start = 0
            while start + pattern.count <= line.count {
                if line[start..<start + pattern.count].elementsEqual(pattern) {
                    restyle(Rect(x: rows.x + start, y: y, width: pattern.count, height: 1)) {
                        $0 = Style(.selectionText, on: .selection, [.bold, .underline])
                    }
                    start += pattern.count
                } else {
                    start += 1
                }
            }
        }
    }
}
