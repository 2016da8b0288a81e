/// Writes the rows of a view to a file, which becomes a data set.
package struct KeepRows: StudioQuery {
    package static let lane = QueryLane.compute

    package let view: RowsView
    package let path: String

    package init(view: RowsView, path: String) { (self.view, self.path) = (view, path) }

    /// Where the file is, and its rows.
    package struct Kept: Sendable {
        package let path: String
        package let rowCount: Int

        package init(path: String, rowCount: Int) { (self.path, self.rowCount) = (path, rowCount) }
    }

    package func take(_ answer: Kept, into state: inout AppState) -> [Effect] {
        state.say("wrote \(answer.rowCount) rows to \(answer.path)", .good)
        let focus = state.focus
        let effects = state.openDataset(answer.path)
        state.focus = focus
        return effects
    }
}
