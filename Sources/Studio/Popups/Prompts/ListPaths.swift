import Cells

/// The paths that start with a prefix; folders end in a slash.
package struct ListPaths: StudioQuery {
    package static let lane = QueryLane.files

    package let prefix: String

    package init(_ prefix: String) { self.prefix = prefix }

    package func take(_ answer: [String], into state: inout AppState) -> [Effect] {
        state.takePaths(prefix: prefix, answer)
        return []
    }
}

extension AppState {
    /// Puts paths where they are typed, if that is still so.
    mutating func takePaths(prefix: String, _ paths: [String]) {
        guard let index = popups.indices.last else { return }
        switch popups[index] {
        case .path(var prompt) where prompt.field.text == prefix:
            prompt.paths = Array(paths.prefix(1000))
            prompt.listedPrefix = prefix
            popups[index] = .path(prompt)
        case .form(var form) where form.focused?.isPath == true && form.focused?.input.text == prefix:
            form.paths = Array(paths.prefix(1000))
            popups[index] = .form(form)
        default: return
        }
        needsRedraw = true
    }
}
