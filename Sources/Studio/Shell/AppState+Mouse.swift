import Cells

extension AppState {
    mutating func reduceMouse(_ mouse: MouseEvent) -> [Effect] {
        switch mouse.kind {
        case .press where mouse.button == .left: return click(mouse)
        case .drag where mouse.button == .left:
            if popups.isEmpty, focus == .curves { pointInChart(x: mouse.x, y: mouse.y) }
            return []
        case .wheelUp, .wheelDown: return wheel(mouse)
        case .press, .release, .drag: return []
        }
    }

    private mutating func click(_ mouse: MouseEvent) -> [Effect] {
        if let hint = HintBar.hint(self, atX: mouse.x, y: mouse.y) { return perform(hint.action) }
        if !popups.isEmpty { return clickPopup(mouse) }
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
            let area = StudioLayout.datasetPage(interior, columns: datasets.columnCount).columns
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

    private mutating func clickPopup(_ mouse: MouseEvent) -> [Effect] {
        guard let index = popups.indices.last else { return [] }
        let rect = StudioLayout.popup(popups[index], in: size)
        guard rect.contains(x: mouse.x, y: mouse.y) else { return perform(.back) }
        needsRedraw = true
        switch popups[index] {
        case .menu(var menu):
            let area = StudioLayout.menuRows(rect, menu)
            guard area.contains(x: mouse.x, y: mouse.y) else { return [] }
            let row = menu.cursor.top + mouse.y - area.y
            let wasSelected = row == menu.cursor.index
            menu.cursor.index = row
            popups[index] = .menu(menu)
            return wasSelected ? perform(.menuRun) : previewTheme()
        case .form(var form):
            let area = StudioLayout.formRows(rect).fields
            guard area.contains(x: mouse.x, y: mouse.y) else { return [] }
            form.cursor.index = min(form.cursor.top + mouse.y - area.y, form.fields.count - 1)
            popups[index] = .form(form)
        case .question(let question):
            let area = StudioLayout.answerRows(rect, question)
            guard area.contains(x: mouse.x, y: mouse.y), question.answers.indices.contains(mouse.y - area.y) else { return [] }
            return take(question.answers[mouse.y - area.y].outcome)
        case .columns(var chooser):
            let area = StudioLayout.columnRows(rect)
            guard area.contains(x: mouse.x, y: mouse.y) else { return [] }
            chooser.cursor.index = min(chooser.cursor.top + mouse.y - area.y, max(0, chooser.entries.count - 1))
            chooser.toggle()
            popups[index] = .columns(chooser)
        case .page(let page):
            let (text, head, _, top) = placed(page)
            let line = head.inset(horizontal: 1, vertical: 0), x = mouse.x - line.x
            guard head.contains(x: mouse.x, y: mouse.y), mouse.y == head.y else { return [] }
            if page.isOfRun {
                let labels = RunTab.labels(chosen: page.tab, width: line.width)
                turnPage(to: labels.first { $0.x <= x && x < $0.x + $0.width }?.tab)
            } else {
                let labels = text.labels(current: text.section(atTop: top), width: line.width)
                let label = labels.first { $0.x <= x && x < $0.x + TextWidth.of($0.name) }
                if let label { turnPage(toSection: label.section) }
            }
        case .path, .steer, .line: break
        }
        return []
    }

    private mutating func wheel(_ mouse: MouseEvent) -> [Effect] {
        let isDown = mouse.kind == .wheelDown
        needsRedraw = true
        if let popup = popups.last {
            switch popup {
            case .menu: return perform(isDown ? .menuDown : .menuUp)
            case .form: return perform(isDown ? .fieldNext : .fieldPrevious)
            case .page: return perform(isDown ? .detailDown : .detailUp)
            case .columns: return perform(isDown ? .columnNext : .columnPrevious)
            case .path, .steer, .line, .question: return []
            }
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
