/// The paths that start with a prefix; folders end in a slash.
package struct ListPaths: StudioQuery {
    package static let lane = QueryLane.glances

    package let prefix: String

    package init(_ prefix: String) { self.prefix = prefix }

    /// Puts the paths where the prefix is typed, if that is still so.
    package func take(_ answer: [String], into state: inout AppState) -> [Effect] {
        let paths = Array(answer.prefix(1000))
        state.changeTop(PathPrompt.self) { prompt, _ in
            if prompt.field.text == prefix { (prompt.paths, prompt.listedPrefix) = (paths, prefix) }
        }
        state.changeTop(NewRunForm.self) { form, _ in
            if form.focused?.isPath == true, form.focused?.input.text == prefix { form.paths = paths }
        }
        return []
    }
}
