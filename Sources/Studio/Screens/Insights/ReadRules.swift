import Events

/// How each rule stands in a run, after what it recorded.
package struct ReadRules: StudioQuery {
    package static let lane = QueryLane.compute
    package static let isLive = true

    package let run: RunID

    package init(_ run: RunID) { self.run = run }

    package func take(_ answer: [RuleReport], into state: inout AppState) -> [Effect] {
        state.changeScreen(InsightsPage.self) { page, _ in if page.run == run { page.take(answer) } }
        return []
    }

    package func renewed(in state: AppState) -> Self? {
        state.screens.contains { ($0 as? InsightsPage)?.run == run } ? self : nil
    }
}
