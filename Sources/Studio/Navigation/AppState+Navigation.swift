import Cells
import Events

extension AppState {
    /// Where one is, to come back to.
    private var place: Place {
        Place(
            screens: screens, focus: focus, isZoomed: isZoomed, run: experiments.selected, dataset: datasets.selected?.path,
            column: datasets.columnCursor, alert: alerts.cursor,
            filters: [datasets.filter, datasets.columnFilter, experiments.filter, alerts.filter])
    }

    /// Where one is, in words such as `demo › A adam`.
    public var wayHere: String { ([workspaceName] + screens.map { $0.crumb(self) }).joined(separator: " › ") }

    /// Remembers where one is before going somewhere else.
    mutating func depart() { history.leave(place) }

    /// Goes to a pane of the home screen from anywhere.
    mutating func goHome(_ pane: Pane) -> [Effect] {
        var effects: [Effect] = []
        if !screens.isEmpty {
            depart()
            effects = leaveScreens()
        }
        focus = pane
        return effects
    }

    /// The same, remembering the home screen too when one is there already.
    mutating func jumpHome(_ pane: Pane) -> [Effect] {
        if screens.isEmpty { depart() }
        return goHome(pane)
    }

    /// Takes all screens off; nobody wants to know any more what they asked.
    private mutating func leaveScreens() -> [Effect] {
        let left = screens
        screens = []
        pageSearch = nil
        pageChanged()
        return left.flatMap { $0.dismiss(&self) }
    }

    /// Takes screens off until so many are left, as a click on the way to them does.
    mutating func goUp(to count: Int) -> [Effect] {
        guard count < screens.count else { return [] }
        depart()
        let left = screens[count...]
        pageSearch = nil
        screens.removeLast(left.count)
        pageChanged()
        return left.flatMap { $0.dismiss(&self) }
    }

    /// Closes what lies on top; a screen can be gone back to.
    mutating func closeTop() -> [Effect]? {
        if let popup = popups.popLast() { return popup.dismiss(&self) }
        guard let screen = screens.last else { return nil }
        var left = place
        left.wasLeftForAnother = false
        history.leave(left)
        screens.removeLast()
        pageSearch = nil
        pageChanged()
        return screen.dismiss(&self)
    }

    /// Back to the home screen's or a screen's place that was left for this one; nil when there is none.
    mutating func returnFromJump() -> [Effect]? { history.back.last?.wasLeftForAnother == true ? stepBack() : nil }

    mutating func stepBack() -> [Effect] { history.stepBack(from: place).map { go(to: $0) } ?? [] }

    mutating func stepForward() -> [Effect] { history.stepForward(from: place).map { go(to: $0) } ?? [] }

    private mutating func go(to place: Place) -> [Effect] {
        var effects = leaveScreens()
        (focus, isZoomed) = (place.focus, place.isZoomed)
        (datasets.filter, datasets.columnFilter) = (place.filters[0], place.filters[1])
        if experiments.filter != place.filters[2] {
            experiments.filter = place.filters[2]
            experiments.isFilterStale = true
        }
        alerts.filter = place.filters[3]
        // What is selected is found again after the lists were derived.
        refreshLists(layout)
        if let run = place.run { experiments.select(run) }
        if let path = place.dataset { datasets.select(path) }
        (datasets.columnCursor, alerts.cursor) = (place.column, place.alert)
        screens = place.screens
        effects += screens.compactMap { $0.query(self) }.flatMap { ask($0) }
        return effects
    }

    mutating func performNavigation(_ action: StudioAction) -> [Effect] {
        switch action {
        case .stepBack: return stepBack()
        case .stepForward: return stepForward()
        case .focusDatasets: return goHome(.datasets)
        case .focusExperiments: return goHome(.experiments)
        case .focusCurves: return goHome(.curves)
        case .focusAlerts: return goHome(.alerts)
        case .closeScreen: return closeTop() ?? []
        case .related: return openRelated()
        default: unhandled(action)
        }
        return []
    }
}
