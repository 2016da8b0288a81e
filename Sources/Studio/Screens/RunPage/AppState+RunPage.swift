import Cells
import Events

extension AppState {
    /// The run whose page is open.
    var runOnPage: RunID? {
        for case .page(let page) in popups { if case .run(let id) = page.kind { return id } }
        return nil
    }

    /// The curves that a run's page draws.
    var curvesOnPage: [SeriesLibrary.Key] {
        for case .page(let page) in popups where page.tab == .system {
            if case .run(let id) = page.kind, let run = runs[id] { return run.systemMetrics.map { SeriesLibrary.Key(id, $0) } }
        }
        return []
    }

    mutating func showRun(_ id: RunID) -> [Effect] {
        if details?.run != id { details = nil }
        popups.append(.page(Page(.run(id))))
        return ask(detailsQuery(id))
    }

    /// What to ask about the run of a page: what is known is not read again.
    func detailsQuery(_ id: RunID) -> ReadRunDetails {
        ReadRunDetails(id, after: details.flatMap { $0.run == id ? $0.end : nil } ?? .beginning)
    }

    /// Takes in what the workspace says of a run, unless its page was left by now.
    mutating func take(_ found: RunDetails) {
        guard runOnPage == found.run else { return }
        details = found.following(details)
        needsRedraw = true
    }

    /// Has the open page read again when something happened to its run.
    mutating func detailEffects(changed: (RunID) -> Bool) -> [Effect] {
        guard let id = runOnPage, changed(id) else { return [] }
        return ask(detailsQuery(id))
    }

    /// Turns the run's page on top, if there is one, to a tab.
    mutating func turnPage(to tab: RunTab?) {
        guard let tab, let index = popups.indices.last, case .page(var page) = popups[index], page.isOfRun else { return }
        page.turn(to: tab)
        popups[index] = .page(page)
        needsRedraw = true
    }
}
