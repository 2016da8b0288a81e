import Events

/// Which settings bear on the runs' objective.
package struct FindImportance: StudioQuery {
    package static let lane = QueryLane.compute

    package let runs: [RunID]

    package init(_ runs: [RunID]) { self.runs = runs }

    package func take(_ answer: ParameterImportance, into state: inout AppState) -> [Effect] {
        state.changeScreen(ImportancePage.self) { page, _ in page.take(answer) }
        return []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.refuseImportance(message)
        return []
    }
}
