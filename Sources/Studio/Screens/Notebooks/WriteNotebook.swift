/// Writes what became of a run, a model or a job as a notebook beside the others, and shows it.
package struct WriteNotebook: StudioQuery {
    package static let lane = QueryLane.compute

    /// As a command line names it.
    package let subject: String

    package init(of subject: String) { self.subject = subject }

    /// The notebook's path from the studio's folder.
    package typealias Answer = String

    package var slot: QuerySlot { QuerySlot(of: Self.self, subject) }

    package func take(_ answer: String, into state: inout AppState) -> [Effect] {
        state.say("wrote \(answer)", .good)
        return state.open(NotebookPage(answer))
    }
}
