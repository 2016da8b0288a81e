import Events

/// What only the workspace knows of the run whose page is open: its files, and what happened to it since it was last asked.
package struct ReadRunDetails: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    package let run: RunID
    /// How much of what happened is known.
    package let known: RunDetails.Place

    package init(_ run: RunID, after known: RunDetails.Place = .beginning) {
        self.run = run
        self.known = known
    }

    package func take(_ answer: RunDetails, into state: inout AppState) -> [Effect] {
        state.changeScreen(RunPage.self) { page, _ in if page.run == run { page.take(answer) } }
        return []
    }

    package func renewed(in state: AppState) -> Self? {
        state.screens.lazy.compactMap { ($0 as? RunPage)?.detailsQuery }.last { $0.run == run }
    }
}
