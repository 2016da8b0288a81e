import Cells
import Events

/// What a page says: lines that stay at its top, and those that scroll under them, in sections.
package struct PageText {
    /// A part of a page that can be jumped to.
    package struct Section: Hashable, Sendable {
        package var name: String
        /// Where it begins.
        package var line: Int
    }

    package var head: [TextLine] = []
    package var lines: [TextLine]
    /// Charts that stand on the lines.
    package var charts: [PageChart] = []
    package var sections: [Section] = []
    /// How many columns of a table that is wider than the page can be scrolled away.
    package var hiddenColumns = 0

    init(_ lines: [TextLine]) { self.lines = lines }

    package init(_ page: Page, _ state: AppState, width: Int) {
        switch page.kind {
        case .importance: self = state.importanceText(width: width)
        case .comparison(let ids): self = state.comparisonText(ids, page, width: width)
        case .log: lines = Self.log(state)
        case .run(let id):
            guard let run = state.runs[id] else {
                lines = [TextLine("The run is gone.", .muted)]
                break
            }
            let text = RunPageText(run: run, state: state, width: width)
            lines = text.lines(page.tab)
            if page.tab == .system { charts = text.systemCharts }
        }
    }

    /// Begins a section with these lines, under an empty one.
    mutating func add(_ name: String, _ section: [TextLine]) {
        if !lines.isEmpty { lines.append(TextLine()) }
        sections.append(Section(name: name, line: lines.count))
        lines += section
    }

    /// The section that is read when the page is scrolled to a line.
    package func section(atTop top: Int) -> Int { max(0, (sections.lastIndex { $0.line <= top }) ?? 0) }

    /// The furthest a page of `height` rows scrolls: the last section can always be brought to the top.
    func lastTop(height: Int) -> Int { max(0, lines.count - height, sections.last?.line ?? 0) }

    private static func log(_ state: AppState) -> [TextLine] {
        if state.log.isEmpty { return [TextLine("Nothing was logged yet.", .muted)] }
        return state.log.reversed().map { line in
            TextLine(NumberFormat.clock(line.time, utcOffsetSeconds: state.utcOffsetSeconds), .muted)
                .adding("  " + line.text, line.role)
        }
    }
}

extension PageText {
    /// A section's name on the line that has them all.
    package struct Label: Hashable, Sendable {
        package var section: Int
        package var name: String
        /// Columns from the line's start.
        package var x: Int
    }

    /// The names of the sections on a line: all where they fit, else the current one with its number.
    package func labels(current: Int, width: Int) -> [Label] {
        for gap in [3, 2, 1] {
            var x = 0
            let labels = sections.enumerated().map { index, section in
                defer { x += TextWidth.of(section.name) + gap }
                return Label(section: index, name: section.name, x: x)
            }
            if x - gap <= width { return labels }
        }
        guard sections.indices.contains(current) else { return [] }
        return [Label(section: current, name: "\(sections[current].name)  \(current + 1) of \(sections.count)", x: 0)]
    }
}

extension AppState {
    /// A page's text at this screen's size, and where it stands: the lines that stay, and those that scroll, from line `top` on.
    package func placed(_ page: Page) -> (text: PageText, head: Rect, rows: Rect, top: Int) {
        let interior = StudioLayout.interior(StudioLayout.popup(.page(page), in: size))
        let text = PageText(page, self, width: interior.width)
        // On the last few rows what scrolls counts for more.
        let tabs = page.isOfRun ? (interior.height >= 8 ? 2 : 1) : !text.sections.isEmpty && interior.height >= 8 ? 1 : 0
        let (head, rest) = interior.splitTop(tabs)
        let (names, rows) = rest.splitTop(rest.height > text.head.count + 1 ? text.head.count : 0)
        let fixed = Rect(x: head.x, y: head.y, width: head.width, height: head.height + names.height)
        return (text, fixed, rows, min(max(0, page.top), text.lastTop(height: rows.height)))
    }

    /// Turns a page of several sections to another one.
    mutating func turnPage(toSection index: Int) {
        guard let place = popups.indices.last, case .page(var page) = popups[place] else { return }
        let sections = placed(page).text.sections
        guard sections.indices.contains(index) else { return }
        page.top = sections[index].line
        popups[place] = .page(page)
        needsRedraw = true
    }
}
