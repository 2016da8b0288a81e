import Events

/// The first rows of a data file, as it would be read with some options.
package struct PreviewData: StudioQuery {
    package static let lane = QueryLane.glances

    package let path: String
    /// By read option.
    package let reading: [String: String]

    package init(_ path: String, reading: [String: String] = [:]) {
        self.path = path
        self.reading = reading
    }

    package func take(_ answer: DataPreview.Outcome, into state: inout AppState) -> [Effect] {
        state.changeTop(ReadingDialog.self) { dialog, _ in dialog.take(answer, to: self) }
        state.changeTop(NewRunForm.self) { form, state in form.take(answer, to: self, state) }
        return []
    }

    /// That a file cannot be looked at is said where it is asked for, and rings no bell.
    package func refuse(_ message: String, in state: inout AppState) -> [Effect] { take(.unreadable(message), into: &state) }
}
