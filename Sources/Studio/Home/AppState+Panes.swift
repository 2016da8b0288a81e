import Cells
import Events

extension AppState {
    mutating func performPane(_ action: StudioAction) -> [Effect] {
        switch action {
        case .nextPane: focus = next(after: focus, in: Pane.allCases)
        case .previousPane: focus = next(after: focus, in: Pane.allCases, by: -1)
        case .zoom: isZoomed.toggle()
        default: unhandled(action)
        }
        return []
    }

    /// Begins to type the focused list's filter; in the curves, opens the menu of metrics.
    mutating func beginFilter() {
        guard focus != .curves else { return open(Menu(.metrics)) }
        var filter = focusedFilter
        filter.begin()
        experiments.completions = []
        setFilter(filter)
    }

    mutating func performFilter(_ action: StudioAction) -> [Effect] {
        switch action {
        case .filterComplete: completeFilter()
        case .filterPageDown: move(.pageDown)
        case .filterPageUp: move(.pageUp)
        default: acceptFilter()
        }
        return []
    }

    /// Keeps the filter that was typed; one that cannot be read stays open, and says why.
    private mutating func acceptFilter() {
        if focus == .experiments, let problem = experiments.filterProblem { return say(problem.message, .warning) }
        endFilter()
    }

    /// Ends typing; where nothing is let through the filter is as it was before, and that is said.
    mutating func endFilter() {
        var filter = focusedFilter
        if filter.isBehind {
            let shown = filter.before.isEmpty ? "all are shown" : "the filter is “\(filter.before)” as before"
            let cannot = focus == .experiments && experiments.filterProblem != nil
            say("“\(filter.field.text)” \(cannot ? "cannot be read" : "matches nothing"): \(shown)", .warning)
        }
        filter.end(keeping: true)
        setFilter(filter)
    }

    mutating func performMove(_ action: StudioAction) -> [Effect] {
        move(action)
        return []
    }

    /// Moves the selection of the focused list.
    mutating func move(_ action: StudioAction) {
        switch focus {
        case .datasets where isZoomed:
            let page = datasets.page(in: layout.interior(.datasets)).columns.height
            Self.move(&datasets.columnCursor, action, count: datasets.columnRows.count, page: page)
        case .datasets:
            let page = StudioLayout.datasetRows(layout.interior(.datasets)).list.height
            Self.move(&datasets.cursor, action, count: datasets.rows.count, page: page)
            datasets.columnCursor = ListCursor()
        case .experiments, .curves:
            let page = StudioLayout.runRows(layout.interior(.experiments)).height
            Self.move(&experiments.cursor, action, count: experiments.lines.count, page: page)
            experiments.selectAtCursor()
            experiments.isChosen = true
        case .alerts:
            Self.move(&alerts.cursor, action, count: alerts.rows.count, page: layout.interior(.alerts).height)
            alerts.remedy = 0
        }
    }

    private static func move(_ cursor: inout ListCursor, _ action: StudioAction, count: Int, page: Int) {
        switch action {
        case .down: cursor.index += 1
        case .up: cursor.index -= 1
        case .first: cursor.index = 0
        case .last: cursor.index = count - 1
        case .pageDown: cursor.index += max(1, page - 1)
        case .pageUp: cursor.index -= max(1, page - 1)
        case .halfDown: cursor.index += max(1, page / 2)
        case .halfUp: cursor.index -= max(1, page / 2)
        default: break
        }
        cursor.clamp(count: count, page: page)
    }
}
