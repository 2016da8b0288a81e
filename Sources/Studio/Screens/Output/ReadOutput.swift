import Events

/// What a script wrote since a place.
package struct ReadOutput: StudioQuery {
    package static let lane = QueryLane.glances
    package static let isLive = true

    package let run: RunID
    package let after: OutputText.Place

    package var slot: QuerySlot { QuerySlot(of: Self.self, run.text) }

    package func take(_ answer: OutputText.Piece, into state: inout AppState) -> [Effect] {
        state.changeScreen(OutputPage.self) { page, state in if page.run == run { page.take(answer, state) } }
        guard answer.hasMore, let next = renewed(in: state) else { return [] }
        return state.ask(next)
    }

    package func renewed(in state: AppState) -> Self? {
        state.screens.lazy.compactMap { $0 as? OutputPage }.last { $0.run == run }?.outputQuery
    }
}
