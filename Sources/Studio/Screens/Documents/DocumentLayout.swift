import Cells

/// A document laid out for a width: lines to scroll, and charts that stand on them.
package struct DocumentLayout: Sendable {
    /// Where a section begins.
    package struct Section: Hashable, Sendable {
        package var name: String
        package var line: Int
    }

    /// A chart, and the line its block begins at.
    struct PlacedChart: Sendable {
        var chart: DocumentChart
        var line: Int
    }

    package let head: [TextLine]
    package private(set) var lines: [TextLine] = []
    private(set) var charts: [PlacedChart] = []
    private var pictures: [PlacedCells] = []

    /// A picture, and the line that it begins on.
    private struct PlacedCells: Sendable {
        var picture: PictureCells
        var file: PictureFile?
        var x: Int, line: Int
    }
    /// Those that have a name.
    package private(set) var sections: [Section] = []
    /// Names that lead somewhere and rows of tables, in the order in which one goes through them.
    package private(set) var stops: [DocumentStop] = []
    private(set) var tables: [DocumentTable] = []
    let hiddenColumns: Int

    package init(_ document: Document) {
        head = document.head
        hiddenColumns = document.hiddenColumns
        for section in document.sections {
            if !lines.isEmpty { lines.append(TextLine()) }
            if !section.name.isEmpty { sections.append(Section(name: section.name, line: lines.count)) }
            for block in section.blocks { add(block) }
        }
        // Charts stand beside lines that were added after them.
        stops.sort { ($0.line, $0.x) < ($1.line, $1.x) }
    }

    private mutating func add(_ block: Document.Block) {
        switch block {
        case .text(let text): text.forEach { add($0) }
        case .picture(let picture, let file, let indent):
            pictures.append(PlacedCells(picture: picture, file: file, x: indent, line: lines.count))
            lines += [TextLine](repeating: TextLine(), count: picture.size.height)
        case .cell(let number, let text):
            stops.append(DocumentStop(line: lines.count, x: 0, width: nil, cell: number))
            lines += text
        case .table(let table):
            if let headLine = table.headLine { lines.append(headLine) }
            for (index, row) in table.rows.enumerated() {
                stops.append(
                    DocumentStop(
                        line: lines.count, x: 0, width: nil, link: row.link ?? row.line.parts.lazy.compactMap(\.link).first,
                        row: .init(table: tables.count, index: index)))
                lines.append(row.line)
            }
            tables.append(table)
        case .charts(let added, let height):
            for chart in added {
                if chart.hasCursor {
                    stops.append(
                        DocumentStop(
                            line: lines.count + chart.rect.y, x: chart.rect.x, width: chart.rect.width, chart: charts.count))
                }
                charts.append(PlacedChart(chart: chart, line: lines.count))
            }
            lines += [TextLine](repeating: TextLine(), count: height)
        }
    }

    private mutating func add(_ line: TextLine) {
        var x = line.indent, previous: ObjectLink?
        for part in line.parts {
            let width = TextWidth.of(part.text)
            if let link = part.link {
                // A badge and a name beside it are one.
                if link == previous, let last = stops.indices.last {
                    stops[last].width = x + width - stops[last].x
                } else {
                    stops.append(DocumentStop(line: lines.count, x: x, width: width, link: link))
                }
            }
            previous = part.link
            x += width
        }
        lines.append(line)
    }

    /// Where a stop is now that the page may say something else: the same, else the one nearest to where it was.
    package func stop(like stop: DocumentStop?) -> DocumentStop? {
        guard let stop else { return nil }
        if stops.contains(stop) { return stop }
        return stops.min { distance($0, stop) < distance($1, stop) }
    }

    private func distance(_ one: DocumentStop, _ other: DocumentStop) -> Int {
        (one.link == other.link && (one.row == nil) == (other.row == nil) && one.chart == other.chart && one.cell == other.cell
            ? 0 : 10_000)
            + abs(one.line - other.line)
    }

    /// The last line of a notebook's cell and of what it gave; nil where it is not on the page.
    func end(ofCell cell: Int) -> Int? {
        guard let place = stops.firstIndex(where: { $0.cell == cell }) else { return nil }
        // An empty line keeps cells apart.
        return stops[(place + 1)...].first { $0.cell != nil }.map { $0.line - 2 } ?? lines.count - 1
    }

    /// The stop at a place of a line; nil beside them.
    func stop(onLine line: Int, x: Int) -> DocumentStop? {
        stops.first { stop in
            stop.line == line && (stop.width.map { width in (stop.x..<stop.x + width).contains(x) } ?? true)
        }
    }

    /// The section that is read when the page is scrolled to a line.
    package func section(atTop top: Int) -> Int { max(0, (sections.lastIndex { $0.line <= top }) ?? 0) }

    /// The furthest a page of `height` rows scrolls: the last section can always be brought to the top.
    func lastTop(height: Int) -> Int { max(0, lines.count - height, sections.last?.line ?? 0) }

    /// Draws the lines from `top` on, and the charts on them.
    /// - Parameters:
    ///   - stop: what is under the cursor.
    ///   - chartCursor: where the cursor stands in the chart under it.
    ///   - asPixels: whether the terminal draws pictures.
    func draw(
        into buffer: inout CellBuffer, in room: Rect, top: Int, stop: DocumentStop?, chartCursor: Double?, asPixels: Bool = false
    ) {
        for (row, line) in lines.dropFirst(top).prefix(room.height).enumerated() {
            buffer.write(line, x: room.x + 1, y: room.y + row, on: .popup, clip: room)
        }
        for placed in pictures {
            let x = room.x + 1 + placed.x, y = room.y + placed.line - top
            let place = Rect(x: x, y: y, width: placed.picture.size.width, height: placed.picture.size.height)
            let shown = place.intersection(room)
            // One that is cut off at its side is drawn in cells.
            if asPixels, let file = placed.file, !shown.isEmpty, shown.width == place.width {
                buffer.pictures.append(
                    PlacedPicture(file, in: shown, rows: place.height, hiddenRows: max(0, shown.y - place.y)))
            } else {
                placed.picture.draw(into: &buffer, x: x, y: y, clip: room, on: .popup)
            }
        }
        for (index, placed) in charts.enumerated() {
            let chart = index == stop?.chart ? chartCursor.map(placed.chart.with) ?? placed.chart : placed.chart
            chart.draw(into: &buffer, at: room.x + 1, room.y + placed.line - top, clip: room)
        }
        guard let stop, stop.line >= top, stop.line < top + room.height else { return }
        let y = room.y + stop.line - top
        buffer.highlight(
            stop.width.map { Rect(x: room.x + 1 + stop.x, y: y, width: $0, height: 1).intersection(room) }
                ?? Rect(x: room.x, y: y, width: room.width, height: 1))
    }
}

extension DocumentLayout {
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

    /// Draws the line that names the sections.
    func drawLabels(current: Int, into buffer: inout CellBuffer, in head: Rect) {
        let line = head.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        for label in labels(current: current, width: line.width) {
            let isCurrent = label.section == current
            let style = Style(isCurrent ? .title : .muted, on: .popup, isCurrent ? [.bold, .underline] : [])
            buffer.write(label.name, x: line.x + label.x, y: line.y, style, clip: line)
        }
    }
}
