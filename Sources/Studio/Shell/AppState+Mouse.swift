import Cells

extension AppState {
    mutating func reduceMouse(_ mouse: MouseEvent) -> [Effect] {
        switch mouse.kind {
        case .press where mouse.button == .left: return click(mouse)
        case .drag where mouse.button == .left:
            if top == nil, focus == .curves { pointInChart(x: mouse.x, y: mouse.y) }
            return []
        case .wheelUp, .wheelDown: return wheel(mouse)
        case .press, .release, .drag: return []
        }
    }

    private mutating func click(_ mouse: MouseEvent) -> [Effect] {
        if let hint = HintBar.hint(self, atX: mouse.x, y: mouse.y) { return perform(hint.action) }
        if popups.isEmpty, mouse.y == layout.header.y, let depth = Breadcrumb.depth(self, atX: mouse.x) {
            needsRedraw = true
            return goUp(to: depth)
        }
        if let top { return click(mouse, top) }
        let layout = layout
        guard let pane = layout.pane(atX: mouse.x, y: mouse.y) else { return [] }
        let wasFocused = focus == pane
        if !wasFocused, focusedFilter.isEditing {
            var filter = focusedFilter
            filter.end(keeping: true)
            setFilter(filter)
        }
        focus = pane
        needsRedraw = true
        let interior = layout.interior(pane)
        switch pane {
        case .datasets where isZoomed:
            let area = datasets.page(in: interior).columns
            if area.contains(x: mouse.x, y: mouse.y) {
                datasets.columnCursor.index = datasets.columnCursor.top + mouse.y - area.y
            }
        case .datasets:
            let area = StudioLayout.datasetRows(interior).list
            if area.contains(x: mouse.x, y: mouse.y) { datasets.cursor.index = datasets.cursor.top + mouse.y - area.y }
        case .experiments: return clickRuns(mouse, interior)
        case .curves: pointInChart(x: mouse.x, y: mouse.y)
        case .alerts: clickAlert(mouse, interior)
        }
        return []
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
        } else if mouse.y < area.y, interior.contains(x: mouse.x, y: mouse.y),
            let field = RunTable(self, in: interior).column(at: mouse.x - interior.x)?.sortField
        {
            return sort(by: field)
        }
        return []
    }

    private mutating func clickAlert(_ mouse: MouseEvent, _ interior: Rect) {
        guard interior.contains(x: mouse.x, y: mouse.y) else { return }
        let unfolded = AlertText.height(self, in: interior)
        let selectedRow = interior.y + alerts.cursor.index - alerts.cursor.top
        if mouse.y <= selectedRow {
            alerts.cursor.index = alerts.cursor.top + mouse.y - interior.y
        } else if mouse.y > selectedRow + unfolded {
            alerts.cursor.index = min(alerts.rows.count - 1, alerts.cursor.top + mouse.y - interior.y - unfolded)
        }
        alerts.remedy = 0
    }

    private mutating func click(_ mouse: MouseEvent, _ layer: any Layer) -> [Effect] {
        let place = layer.place(on: size)
        guard place.contains(x: mouse.x, y: mouse.y) else { return perform(.back) }
        needsRedraw = true
        return layer.click(mouse, in: place, &self)
    }

    private mutating func wheel(_ mouse: MouseEvent) -> [Effect] {
        let isDown = mouse.kind == .wheelDown
        needsRedraw = true
        if let top {
            guard let wheel = top.wheel else { return [] }
            return perform(isDown ? wheel.down : wheel.up)
        }
        guard let pane = layout.pane(atX: mouse.x, y: mouse.y) else { return [] }
        if pane == .curves {
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
