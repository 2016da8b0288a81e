import Events

/// Where a run can be forked.
package struct FindForkPlaces: StudioQuery {
    package static let lane = QueryLane.store

    package let run: RunID

    package init(_ run: RunID) { self.run = run }

    package func take(_ answer: ForkPlaces, into state: inout AppState) -> [Effect] {
        guard case .steer(var prompt) = state.popups.last, prompt.run == run, prompt.fork != nil else { return [] }
        prompt.fork?.places = answer
        state.popups[state.popups.count - 1] = .steer(prompt)
        return []
    }
}
