import Notebooks

/// Asks for a notebook, unless it is as it was read last.
package struct ReadNotebook: StudioQuery {
    package static let lane = QueryLane.files
    package static let isLive = true

    package let path: String
    /// When the file that was read last was written, in seconds since 1970; nil where none was.
    package let known: Double?

    /// nil where it is as it was.
    package typealias Answer = Content?

    package struct Content: Sendable {
        package var notebook: Notebook
        package var changedAt: Double
        /// From the root.
        package var wholePath: String
        package var pictures: NotebookPictures

        package init(_ notebook: Notebook, changedAt: Double, wholePath: String = "") {
            (self.notebook, self.changedAt, self.wholePath) = (notebook, changedAt, wholePath)
            pictures = NotebookPictures(notebook)
        }
    }

    package init(_ path: String, known: Double?) { (self.path, self.known) = (path, known) }

    package var slot: QuerySlot { QuerySlot(of: Self.self, path) }

    package func take(_ answer: Content?, into state: inout AppState) -> [Effect] {
        guard let answer else { return [] }
        state.changeScreen(NotebookPage.self) { page, _ in if page.path == path { page.take(answer) } }
        return state.askForPictures(answer.pictures)
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.changeScreen(NotebookPage.self) { page, _ in if page.path == path { page.take(fault: message) } }
        return []
    }

    package func renewed(in state: AppState) -> ReadNotebook? {
        let page = state.screens.lazy.compactMap { $0 as? NotebookPage }.first { $0.path == path }
        return page.map { ReadNotebook(path, known: $0.changedAt) }
    }
}
