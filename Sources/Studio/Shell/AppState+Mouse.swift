import Cells

extension AppState {
    mutating func reduceMouse(_ mouse: MouseEvent) -> [Effect] {
        switch mouse.kind {
        case .press where mouse.button == .left:
            drag = nil
            return click(mouse)
        case .drag where mouse.button == .left: return drag(mouse)
        case .wheelUp, .wheelDown: return wheel(mouse)
        case .release: return release()
        case .press, .drag: return []
        }
    }

    private mutating func click(_ mouse: MouseEvent) -> [Effect] {
        if let hint = HintBar.hint(self, atX: mouse.x, y: mouse.y) { return perform(hint.action) }
        if popups.isEmpty, mouse.y == layout.header.y {
            needsRedraw = true
            if let depth = Breadcrumb.depth(self, atX: mouse.x) { return goUp(to: depth) }
            if let pane = Header(self, width: layout.header.width).pane(atX: mouse.x) { return goHome(pane) }
        }
        if let top { return click(mouse, top) }
        let layout = layout
        guard let pane = layout.pane(atX: mouse.x, y: mouse.y), let rect = layout.panes[pane] else { return [] }
        focus(on: pane)
        let isOnName = mouse.y == rect.y && PaneTitle.holds(pane, mouse.x - rect.x)
        if isOnName, mouse.clicks == 2 { return perform(.zoom) }
        if !isOnName, let effects = pressBorder(mouse) { return effects }
        if isOnScrollbar(mouse) {
            drag = .scrollbar(pane)
            return drag(mouse)
        }
        // What had no focus may stand elsewhere now.
        guard self.layout == layout else { return [] }
        return click(mouse, in: pane, layout.interior(pane))
    }

    private mutating func focus(on pane: Pane) {
        if focus != pane, focusedFilter.isEditing { endFilter() }
        focus = pane
        needsRedraw = true
    }

    /// A click on what a pane shows; a double click opens what it selects, as enter does.
    private mutating func click(_ mouse: MouseEvent, in pane: Pane, _ interior: Rect) -> [Effect] {
        guard interior.contains(x: mouse.x, y: mouse.y) else { return [] }
        switch pane {
        case .datasets where isZoomed:
            let area = datasets.page(in: interior).columns, row = datasets.columnCursor.top + mouse.y - area.y
            if area.contains(x: mouse.x, y: mouse.y), datasets.columnRows.indices.contains(row) {
                datasets.columnCursor.index = row
            }
        case .datasets:
            let area = StudioLayout.datasetRows(interior).list, row = datasets.cursor.top + mouse.y - area.y
            guard area.contains(x: mouse.x, y: mouse.y), datasets.rows.indices.contains(row) else { return [] }
            datasets.cursor.index = row
            if mouse.clicks == 2 { return perform(.showData) }
        case .experiments: return clickRuns(mouse, interior)
        case .curves: return clickCurves(mouse, interior)
        case .alerts: return clickAlert(mouse, interior)
        }
        return []
    }

    /// In a chart, moves the cursor; a double click shows the whole curve again, or in place of many charts that one.
    private mutating func clickCurves(_ mouse: MouseEvent, _ interior: Rect) -> [Effect] {
        if let run = legendRun(atX: mouse.x, y: mouse.y) {
            experiments.select(run)
            return mouse.clicks == 2 ? perform(.showRun) : []
        }
        drag = .chart
        pointInChart(x: mouse.x, y: mouse.y)
        return mouse.clicks == 2 ? perform(showsTiles ? .tiles : .resetView) : []
    }

    /// Selects a run; on the header, sorts by the column, or the other way round if the runs are sorted by it.
    private mutating func clickRuns(_ mouse: MouseEvent, _ interior: Rect) -> [Effect] {
        let area = StudioLayout.runRows(interior)
        if area.contains(x: mouse.x, y: mouse.y) {
            let row = experiments.cursor.top + mouse.y - area.y
            guard experiments.lines.indices.contains(row) else { return [] }
            experiments.cursor.index = row
            experiments.selectAtCursor()
            experiments.isChosen = true
            if mouse.clicks == 2 { return perform(.showRun) }
        } else if mouse.y < area.y, interior.contains(x: mouse.x, y: mouse.y),
            let field = RunTable(self, in: interior).column(at: mouse.x - interior.x)?.sortField
        {
            return sort(by: field)
        }
        return []
    }

    private mutating func clickAlert(_ mouse: MouseEvent, _ interior: Rect) -> [Effect] {
        let unfolded = AlertText.height(self, in: interior)
        let selectedRow = interior.y + alerts.cursor.index - alerts.cursor.top
        if mouse.y <= selectedRow {
            alerts.cursor.index = alerts.cursor.top + mouse.y - interior.y
        } else if mouse.y > selectedRow + unfolded {
            alerts.cursor.index = min(alerts.rows.count - 1, alerts.cursor.top + mouse.y - interior.y - unfolded)
        } else {
            return mouse.clicks == 2 ? perform(.showAlert) : []
        }
        alerts.remedy = 0
        return mouse.clicks == 2 ? perform(.showAlert) : []
    }

    private mutating func click(_ mouse: MouseEvent, _ layer: any Layer) -> [Effect] {
        let place = layer.place(on: size)
        guard place.contains(x: mouse.x, y: mouse.y) else { return perform(.back) }
        needsRedraw = true
        if mouse.x == place.maxX - 1, scrollTop(to: mouse) {
            drag = .topScrollbar
            return []
        }
        return layer.click(mouse, in: place, &self)
    }

    // MARK: - Dragging

    private mutating func drag(_ mouse: MouseEvent) -> [Effect] {
        switch drag {
        case .borders(let held, _): drag(held, to: mouse)
        case .chart where top == nil: pointInChart(x: mouse.x, y: mouse.y, isHeld: true)
        case .scrollbar(let pane) where top == nil:
            guard let rect = layout.panes[pane], let extent = scrolling(of: pane) else { break }
            moveCursor(of: pane, to: Self.row(atY: mouse.y, in: rect, count: extent.count))
        case .topScrollbar: _ = scrollTop(to: mouse)
        case .chart, .scrollbar, nil: break
        }
        return []
    }

    private mutating func release() -> [Effect] {
        defer { drag = nil }
        guard case .borders(_, let before) = drag else { return [] }
        needsRedraw = true
        return settings.paneSizes == before ? [] : [.saveSettings(settings)]
    }

    /// Whether a cell is on a scrollbar of a pane.
    func isOnScrollbar(_ mouse: MouseEvent) -> Bool {
        guard let pane = layout.pane(atX: mouse.x, y: mouse.y), let rect = layout.panes[pane],
            let extent = scrolling(of: pane)
        else { return false }
        return extent.isScrolled && mouse.x == rect.maxX - 1 && mouse.y > rect.y && mouse.y < rect.maxY - 1
    }

    /// The row that stands for a place on the scrollbar of a frame.
    private static func row(atY y: Int, in rect: Rect, count: Int) -> Int {
        let track = max(1, rect.height - 3), place = min(max(0, y - rect.y - 1), track)
        return place * max(0, count - 1) / track
    }

    private mutating func moveCursor(of pane: Pane, to row: Int) {
        switch pane {
        case .datasets where isZoomed: datasets.columnCursor.index = row
        case .datasets: datasets.cursor.index = row
        case .experiments:
            experiments.cursor.index = row
            experiments.selectAtCursor()
            experiments.isChosen = true
        case .alerts:
            alerts.cursor.index = row
            alerts.remedy = 0
        case .curves: break
        }
        needsRedraw = true
    }

    /// Scrolls what lies on top to where the mouse is beside it.
    /// - Returns: whether there is more of it than fits.
    private mutating func scrollTop(to mouse: MouseEvent) -> Bool {
        guard let top else { return false }
        let place = top.place(on: size), frame = top.scrollbarFrame(in: place)
        let track = max(1, frame.height - 3)
        let share = Double(min(max(0, mouse.y - frame.y - 1), track)) / Double(track)
        needsRedraw = true
        return changeTop { layer, state in layer.scroll(to: share, in: place, state) } ?? false
    }

    // MARK: - The wheel

    /// Lines of a page to read that a notch of the wheel scrolls.
    private static let linesPerNotch = 3

    private mutating func wheel(_ mouse: MouseEvent) -> [Effect] {
        let isDown = mouse.kind == .wheelDown
        needsRedraw = true
        if let top {
            if popups.isEmpty, var screen = screens.popLast() {
                screen.scroll(byLines: isDown ? Self.linesPerNotch : -Self.linesPerNotch, self)
                screens.append(screen)
                return []
            }
            guard let wheel = top.wheel(atX: mouse.x, y: mouse.y, in: top.place(on: size)) else { return [] }
            return perform(isDown ? wheel.down : wheel.up)
        }
        guard let pane = layout.pane(atX: mouse.x, y: mouse.y) else { return [] }
        if pane == .curves {
            guard legendRun(atX: mouse.x, y: mouse.y) == nil else {
                focusRun(by: isDown ? 1 : -1)
                return []
            }
            guard !mouse.modifiers.contains(.shift) else {
                panByWheel(isRight: isDown)
                return []
            }
            wheelInChart(x: mouse.x, y: mouse.y, isIn: !isDown)
            return []
        }
        let before = focus
        focus = pane
        move(isDown ? .down : .up)
        focus = before
        return []
    }
}

/// How much of a list is in view.
struct Scrolling {
    var top: Int
    var shown: Int
    var count: Int

    var isScrolled: Bool { shown > 0 && count > shown }
}

extension AppState {
    /// How much of a pane's list is in view; nil for one that has no list.
    func scrolling(of pane: Pane) -> Scrolling? {
        let interior = layout.interior(pane)
        switch pane {
        case .datasets where isZoomed:
            return Scrolling(
                top: datasets.columnCursor.top, shown: datasets.page(in: interior).columns.height,
                count: datasets.columnRows.count)
        case .datasets:
            return Scrolling(
                top: datasets.cursor.top, shown: StudioLayout.datasetRows(interior).list.height, count: datasets.rows.count)
        case .experiments:
            return Scrolling(
                top: experiments.cursor.top, shown: StudioLayout.runRows(interior).height, count: experiments.lines.count)
        case .curves: return nil
        case .alerts:
            return Scrolling(
                top: alerts.cursor.top, shown: interior.height - AlertText.height(self, in: interior), count: alerts.rows.count)
        }
    }
}
