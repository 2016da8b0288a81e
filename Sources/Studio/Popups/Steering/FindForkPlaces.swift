import Events

/// Where a run can be forked.
package struct FindForkPlaces: StudioQuery {
    package static let lane = QueryLane.files

    package let run: RunID

    package init(_ run: RunID) { self.run = run }

    package func take(_ answer: ForkPlaces, into state: inout AppState) -> [Effect] {
        let isAccepted = state.changeTop(SteerPrompt.self) { prompt, _ in
            guard prompt.run == run else { return false }
            prompt.fork?.take(answer)
            return prompt.isAccepted
        }
        return isAccepted == true ? state.performSteering(.steerAccept) : []
    }
}
