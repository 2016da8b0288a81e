import Events

/// Runs side by side, the first being what the others are compared with: first what is recorded, then what the models make of
/// held-out rows, too.
package struct CompareRuns: StudioQuery {
    package static let lane = QueryLane.compute
    package static let isLive = true

    package let runs: [RunID]
    /// Runs that may be alike to one of them but for the seed.
    package let siblings: [RunID]

    package init(_ runs: [RunID], siblings: [RunID]) {
        self.runs = runs
        self.siblings = siblings
    }

    package func take(_ answer: RunComparison, into state: inout AppState) -> [Effect] {
        state.changeScreen(ComparePage.self) { page, state in if page.runs == runs { page.take(answer, at: state.now) } }
        return []
    }

    package func renewed(in state: AppState) -> Self? {
        state.screens.contains { ($0 as? ComparePage)?.runs == runs } ? state.comparisonQuery(runs) : nil
    }
}
