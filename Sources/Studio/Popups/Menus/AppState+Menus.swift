import Cells
import Events

extension AppState {
    mutating func performMenu(_ action: StudioAction) -> [Effect] {
        guard var menu = popups.last as? Menu else { return [] }
        let entries = MenuEntry.entries(of: menu, self)
        if action == .menuRun {
            guard entries.indices.contains(menu.cursor.index) else { return [] }
            return choose(entries[menu.cursor.index])
        }
        if [.menuHide, .menuRaise, .menuLower].contains(action) { return arrangeMetric(action, menu, entries) }
        if action == .menuDelete {
            guard entries.indices.contains(menu.cursor.index), case .view(let name) = entries[menu.cursor.index].outcome else {
                return []
            }
            return deleteView(name)
        }
        let page = menu.rows(in: menu.place(on: size)).height
        switch action {
        case .menuDown, .themeRight: menu.cursor.index = entries.isEmpty ? 0 : (menu.cursor.index + 1) % entries.count
        case .menuUp, .themeLeft:
            menu.cursor.index = entries.isEmpty ? 0 : (menu.cursor.index + entries.count - 1) % entries.count
        case .menuPageDown: menu.cursor.index += max(1, page - 1)
        case .menuPageUp: menu.cursor.index -= max(1, page - 1)
        default: break
        }
        menu.cursor.clamp(count: entries.count, page: menu.isFramed ? page : entries.count)
        popups[popups.count - 1] = menu
        return previewTheme()
    }

    /// Hides or shows the metric under the cursor, or moves it among the others.
    private mutating func arrangeMetric(_ action: StudioAction, _ menu: Menu, _ entries: [MenuEntry]) -> [Effect] {
        guard entries.indices.contains(menu.cursor.index),
            case .metric(let word) = entries[menu.cursor.index].outcome
        else { return [] }
        if action == .menuHide {
            if settings.hiddenMetrics.remove(word) == nil { settings.hiddenMetrics.insert(word) }
            return [.saveSettings(settings)]
        }
        var order = settings.orderedMetrics(CurvesScene.metrics(of: shownRuns.compactMap { runs[$0] }))
        guard let place = order.firstIndex(of: word) else { return [] }
        let target = place + (action == .menuRaise ? -1 : 1)
        guard order.indices.contains(target) else { return [] }
        order.swapAt(place, target)
        settings.metricOrder = order + settings.metricOrder.filter { !order.contains($0) }
        var menu = menu
        menu.cursor.index = MenuEntry.entries(of: menu, self).firstIndex { $0.outcome == .metric(word) } ?? menu.cursor.index
        popups[popups.count - 1] = menu
        return [.saveSettings(settings)]
    }

    private mutating func choose(_ entry: MenuEntry) -> [Effect] {
        if let refusal = entry.refusal {
            say(refusal, .warning)
            return []
        }
        popups.removeLast()
        switch entry.outcome {
        case .metric(let word):
            setMetric(word)
            return []
        case .sort(let field):
            focus = .experiments
            return sort(by: field)
        case .group(let field):
            focus = .experiments
            return group(by: field)
        case .view(let name): return showView(name)
        case .search(let text):
            focus = .experiments
            experiments.filter.clear()
            experiments.filter.field.text = text
            experiments.isStale = true
            return []
        case .run(let id): return showRun(id)
        case .dataset(let path): return showData(at: path)
        case .tuning(let id): return showTuning(id)
        case .automl(let id): return showAutoML(id)
        case .endpoint(let id): return showEndpoint(id)
        case .model(let id): return showModel(id)
        case .monitor(let name): return showMonitor(name)
        case .value(let value): return copyIntoForm(value)
        case .theme(let name):
            settings.theme = name
            return [.setTheme(name), .saveSettings(settings)]
        case .action(let action):
            // A pane's own action is done in its pane, so that what it does is seen.
            let panes = keyMap.binding(for: action)?.contexts ?? []
            if !contexts.contains(where: panes.contains), let pane = Pane.allCases.first(where: { panes.contains($0.context) }) {
                let effects = goHome(pane)
                if isZoomed { isZoomed = false }
                return effects + perform(action)
            }
            if !contexts.contains(where: panes.contains), panes.contains(.home) { return goHome(focus) + perform(action) }
            return perform(action)
        }
    }

    /// Shows the theme under the cursor of the theme menu.
    mutating func previewTheme() -> [Effect] {
        guard let menu = popups.last as? Menu, case .themes = menu.kind else { return [] }
        let entries = MenuEntry.entries(of: menu, self)
        guard entries.indices.contains(menu.cursor.index), case .theme(let name) = entries[menu.cursor.index].outcome else {
            return []
        }
        return [.setTheme(name)]
    }
}
