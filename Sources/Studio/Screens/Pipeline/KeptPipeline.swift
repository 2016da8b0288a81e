import PipelineSteps

/// Asks for the steps that the workspace keeps for a data set.
package struct FindPipeline: StudioQuery {
    package static let lane = QueryLane.store

    package let file: RowsFile
    /// Whether warnings are answered by more steps when they are known.
    package let answersWarnings: Bool

    package init(_ file: RowsFile, answersWarnings: Bool = false) { (self.file, self.answersWarnings) = (file, answersWarnings) }

    package func take(_ answer: DataPipeline?, into state: inout AppState) -> [Effect] {
        state.knowPipeline(answer, of: file) + (answersWarnings ? state.performPipeline(.answerWarnings) : [])
    }

    /// What the session has is what there is then.
    package func refuse(_ message: String, in state: inout AppState) -> [Effect] { take(nil, into: &state) }
}

/// Keeps a data set's steps in the workspace.
package struct KeepPipeline: StudioQuery {
    package static let lane = QueryLane.store

    package let file: RowsFile
    /// Without steps nothing is kept.
    package let pipeline: DataPipeline

    package init(_ file: RowsFile, _ pipeline: DataPipeline) { (self.file, self.pipeline) = (file, pipeline) }

    package var slot: QuerySlot { QuerySlot(of: Self.self, file.path) }

    /// What tells of the steps beneath the pipeline's page is asked again.
    package func take(_ answer: Bool, into state: inout AppState) -> [Effect] {
        let shows = state.screens.contains { ($0 as? VersionsPage)?.path == file.path }
        return shows ? state.ask(ReadVersions(path: file.path)) : []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.say("the steps are not kept in the workspace: \(message)", .warning)
        return []
    }
}

extension AppState {
    /// Takes in what the workspace keeps for a data set, unless its steps were changed in this session.
    mutating func knowPipeline(_ kept: DataPipeline?, of file: RowsFile) -> [Effect] {
        guard pipelines[file.path] == nil else { return [] }
        guard let kept else {
            soughtPipelines.insert(file.path)
            return []
        }
        return putPipeline(kept, of: file)
    }

    /// Asks for what the workspace keeps for a data set, once.
    /// - Returns: nil where that is known.
    mutating func askForKeptPipeline(_ file: RowsFile, answersWarnings: Bool = false) -> [Effect]? {
        guard pipelines[file.path] == nil, !soughtPipelines.contains(file.path) else { return nil }
        return ask(FindPipeline(file, answersWarnings: answersWarnings))
    }
}
