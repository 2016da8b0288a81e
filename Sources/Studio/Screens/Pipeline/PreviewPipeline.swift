import PipelineSteps

/// Asks what the steps of a pipeline do to a data file, one after the other.
package struct PreviewPipeline: StudioQuery {
    package static let lane = QueryLane.compute

    package let file: RowsFile
    package let pipeline: DataPipeline

    package init(_ file: RowsFile, _ pipeline: DataPipeline) { (self.file, self.pipeline) = (file, pipeline) }

    /// Of a large file its first rows are looked at.
    package static let mostRows = 200_000

    package func take(_ answer: PipelinePreview, into state: inout AppState) -> [Effect] {
        state.changeScreen(PipelinePage.self) { page, _ in page.take(answer, to: self) }
        state.pageChanged()
        return []
    }
}

/// Reads the steps in a file, for the data set whose pipeline they become.
package struct ReadPipeline: StudioQuery {
    package static let lane = QueryLane.files

    package let path: String
    package let file: RowsFile

    package init(path: String, file: RowsFile) { (self.path, self.file) = (path, file) }

    package func take(_ answer: DataPipeline, into state: inout AppState) -> [Effect] {
        state.setPipeline(answer, of: file, "read \(answer.words) from \(path); u undoes")
    }
}

/// Writes the rows of a data file as its pipeline prepares them, and opens what was written.
package struct KeepPrepared: StudioQuery {
    package static let lane = QueryLane.compute

    package let file: RowsFile
    package let pipeline: DataPipeline
    package let path: String

    package init(_ file: RowsFile, _ pipeline: DataPipeline, path: String) {
        (self.file, self.pipeline, self.path) = (file, pipeline, path)
    }

    package func take(_ answer: KeepRows.Kept, into state: inout AppState) -> [Effect] {
        state.say("wrote \(answer.rowCount) rows to \(answer.path)", .good)
        let focus = state.focus
        let effects = state.openDataset(answer.path)
        state.focus = focus
        return effects
    }
}
