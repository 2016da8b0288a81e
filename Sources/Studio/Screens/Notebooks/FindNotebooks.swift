/// A notebook in a folder, as the list of them shows it.
package struct NotebookSummary: Sendable, Hashable {
    /// From the studio's folder.
    package var path: String
    /// Its first heading; empty where it has none.
    package var title = ""
    package var language = ""
    package var codeCount = 0
    /// Cells of code that have been run, and those of them that raised an error.
    package var runCount = 0, errorCount = 0
    /// Seconds since 1970.
    package var changedAt = 0.0
    /// Why it cannot be read; nil where it can.
    package var fault: String?

    package init(path: String) { self.path = path }
}

/// Asks for the notebooks below the studio's folder, those that changed last first.
package struct FindNotebooks: StudioQuery {
    package static let lane = QueryLane.files

    /// Notebooks that are listed; of more the newest.
    package static let most = 500

    package init() {}

    package func take(_ answer: [NotebookSummary], into state: inout AppState) -> [Effect] {
        state.changeScreen(NotebooksPage.self) { page, _ in page.take(answer) }
        return []
    }
}
