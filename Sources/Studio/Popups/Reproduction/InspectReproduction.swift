import Events

/// What stands in the way of running a run again.
package struct InspectReproduction: StudioQuery {
    package static let lane = QueryLane.compute

    package let run: RunID

    package init(_ run: RunID) { self.run = run }

    package func take(_ answer: ReproductionOutlook, into state: inout AppState) -> [Effect] {
        state.askToReproduce(answer)
        return []
    }
}
