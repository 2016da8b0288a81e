import Cells
import CheckedNumbers

extension Screen {
    /// The document laid out for the screen's size; as it was, where nothing happened since.
    func layout(_ state: AppState) -> DocumentLayout {
        if reading.key == state.readingKey, let layout = reading.layout { return layout }
        let width = StudioLayout.interior(place(on: state.size)).width
        var document = document(state, width: width)
        let notices = notices(state).flatMap { notice in
            TextWrap.lines(notice, width: max(8, width - 4)).enumerated().map { row, text in
                TextLine((row == 0 ? "▲ " : "  ") + text, .warning, .bold)
            }
        }
        document.head = notices + document.head
        return DocumentLayout(document)
    }

    /// Keeps the layout for as long as nothing happens.
    mutating func layOut(_ state: AppState) {
        guard reading.key != state.readingKey else { return }
        reading.layout = layout(state)
        reading.key = state.readingKey
    }

    func placed(_ state: AppState) -> PlacedDocument {
        let layout = layout(state)
        let interior = StudioLayout.interior(place(on: state.size))
        // On the last few rows what scrolls counts for more.
        let names = !layout.sections.isEmpty && interior.height >= 8 ? 1 : 0
        let (own, rest) = interior.splitTop(max(names, ownRows(height: interior.height)))
        let (head, rows) = rest.splitTop(rest.height > layout.head.count + 1 ? layout.head.count : 0)
        let top = min(max(0, reading.top), layout.lastTop(height: rows.height))
        let stop = layout.stop(like: reading.stop).flatMap { (top..<top + rows.height).contains($0.line) ? $0 : nil }
        return PlacedDocument(
            layout: layout, head: Rect(x: own.x, y: own.y, width: own.width, height: own.height + head.height), rows: rows,
            top: top, stop: stop)
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        drawDocument(state, into: &buffer, in: place)
    }

    /// Draws what the page says, as far as it is scrolled.
    func drawDocument(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let placed = placed(state), text = placed.layout, head = placed.head
        if !text.sections.isEmpty, head.height > text.head.count {
            text.drawLabels(current: text.section(atTop: placed.top), into: &buffer, in: head)
        }
        drawOwnRows(into: &buffer, in: head)
        for (row, line) in text.head.enumerated() where row < head.height {
            buffer.write(line, x: head.x + 1, y: head.maxY - text.head.count + row, on: .popup, clip: head)
        }
        text.draw(
            into: &buffer, in: placed.rows, top: placed.top, stop: placed.stop, chartCursor: reading.chartCursor,
            // What lies over the page would not cover them.
            asPixels: state.showsPictures && state.popups.isEmpty && state.toast == nil)
        if let search = state.pageSearch { buffer.markHits(of: search.text, in: placed.rows) }
        buffer.scrollbar(
            place, top: placed.top, shown: placed.rows.height, count: text.lines.count, Style(.borderFocused, on: .popup))
    }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let placed = placed(state), head = placed.head
        let line = head.inset(horizontal: 1, vertical: 0), x = mouse.x - line.x
        if placed.rows.contains(x: mouse.x, y: mouse.y) {
            return click(
                placed.layout.stop(onLine: placed.top + mouse.y - placed.rows.y, x: mouse.x - placed.rows.x - 1), placed, &state)
        }
        let lines = placed.layout.head, row = mouse.y - (head.maxY - lines.count)
        if lines.indices.contains(row), let link = lines[row].link(atColumn: x) {
            return state.follow(link)
        }
        guard head.contains(x: mouse.x, y: mouse.y), mouse.y == head.y else { return [] }
        if placed.layout.sections.isEmpty {
            clickOwnRows(atX: x, width: line.width, &state)
            return []
        }
        let labels = placed.layout.labels(current: placed.layout.section(atTop: placed.top), width: line.width)
        if let label = labels.first(where: { $0.x <= x && x < $0.x + TextWidth.of($0.name) }) {
            _ = state.changeTop(Self.self) { page, _ in page.reading.top = placed.layout.sections[label.section].line }
        }
        return []
    }

    /// A click on a name follows it; one on a row chooses it, and follows where it leads when it was chosen already.
    private func click(_ stop: DocumentStop?, _ placed: PlacedDocument, _ state: inout AppState) -> [Effect] {
        guard let stop else { return [] }
        if let link = stop.link, stop.row == nil || placed.stop == stop { return state.follow(link) }
        _ = state.changeTop(Self.self) { page, _ in page.reading.stop = stop }
        return []
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        layOut(state)
        let placed = placed(state)
        guard placed.layout.lines.count > placed.rows.height else { return false }
        bring(Int(nearestWithin: share * Double(placed.layout.lastTop(height: placed.rows.height))), placed)
        return true
    }

    /// Scrolls as the wheel does: lines, whatever stands on them.
    mutating func scroll(byLines lines: Int, _ state: AppState) {
        layOut(state)
        let placed = placed(state)
        bring(placed.top + lines, placed)
    }

    /// Brings a line to the top, as far as there are lines.
    private mutating func bring(_ top: Int, _ placed: PlacedDocument) {
        reading.top = min(max(0, top), placed.layout.lastTop(height: placed.rows.height))
        // What is out of view is under no cursor.
        if let stop = reading.stop, !(reading.top..<reading.top + placed.rows.height).contains(stop.line) { reading.stop = nil }
    }

    /// Scrolls as a key of the document says.
    mutating func scroll(_ action: StudioAction, _ state: AppState) {
        layOut(state)
        let placed = placed(state), text = placed.layout, rows = placed.rows
        var top = placed.top
        switch action {
        // From name to name and row to row, as far as there are any in view; else line by line.
        case .detailDown: step(to: text.stops.first { isAfter($0, placed) && $0.line <= top + rows.height }, 1, &top, rows.height)
        case .detailUp: step(to: text.stops.last { isBefore($0, placed) && $0.line >= top - 1 }, -1, &top, rows.height)
        case .detailPageDown: top += max(1, rows.height - 1)
        case .detailPageUp: top -= max(1, rows.height - 1)
        case .detailHalfDown: top += max(1, rows.height / 2)
        case .detailHalfUp: top -= max(1, rows.height / 2)
        case .detailStart: top = 0
        case .detailEnd: top = text.lines.count - rows.height
        case .nextSection: top = text.sections.first { $0.line > top }?.line ?? top
        case .previousSection: top = text.sections.last { $0.line < top }?.line ?? 0
        default: break
        }
        bring(top, placed)
        hiddenColumns = min(max(0, hiddenColumns), text.hiddenColumns)
    }

    /// Whether a stop comes after the one under the cursor, or after the beginning of what is in view where there is none.
    private func isAfter(_ stop: DocumentStop, _ placed: PlacedDocument) -> Bool {
        guard let current = placed.stop else { return stop.line >= placed.top }
        return (stop.line, stop.x) > (current.line, current.x)
    }

    private func isBefore(_ stop: DocumentStop, _ placed: PlacedDocument) -> Bool {
        guard let current = placed.stop else { return stop.line < placed.top }
        return (stop.line, stop.x) < (current.line, current.x)
    }

    /// Goes to the next stop, and scrolls a line where it is just out of view or there is none.
    private mutating func step(to stop: DocumentStop?, _ direction: Int, _ top: inout Int, _ height: Int) {
        if let stop { reading.stop = stop }
        guard stop.map({ (top..<top + height).contains($0.line) }) != true else { return }
        top += direction
    }

    /// Moves the cursor in the chart under it, else in the first chart in view.
    mutating func moveInChart(by cells: Int, _ state: AppState) {
        layOut(state)
        let placed = placed(state), text = placed.layout
        let inView = text.stops.first { stop in
            stop.chart != nil && (placed.top..<placed.top + placed.rows.height).contains(stop.line)
        }
        guard let stop = placed.stop?.chart == nil ? inView : placed.stop, let index = stop.chart else { return }
        reading.stop = stop
        reading.chartCursor = text.charts[index].chart.cursor(reading.chartCursor, movedBy: cells)
    }
}
