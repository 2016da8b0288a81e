import Events

/// The runs of the workspace: asked for when something is told of a run that nobody knows, as another process registered it.
package struct ReadRuns: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    package init() {}

    package func take(_ answer: [RunSummary], into state: inout AppState) -> [Effect] { state.load(answer) }
}

extension AppState {
    /// Takes over runs as the workspace has them.
    mutating func load(_ summaries: [RunSummary]) -> [Effect] {
        runs.load(summaries)
        for summary in summaries { experiments.noteChange(summary.record.id) }
        if closeMootQuestions() { say("it has ended by itself", .text) }
        needsRedraw = true
        return screens.isEmpty ? [] : askForScreens(loaded: Set(summaries.map(\.record.id)))
    }

    /// Takes in that runs are not in the workspace any more.
    mutating func remove(_ ids: [RunID]) {
        for id in ids {
            runs.remove(id)
            experiments.noteChange(id)
        }
        needsRedraw = true
    }
}
