/// Writes a notebook as one page for a browser, beside it.
package struct ExportNotebook: StudioQuery {
    package static let lane = QueryLane.files

    /// From the studio's folder.
    package let path: String

    package init(_ path: String) { self.path = path }

    /// The page's path.
    package typealias Answer = String

    package func take(_ answer: String, into state: inout AppState) -> [Effect] {
        state.say("wrote \(answer), one page for a browser", .good)
        return []
    }
}
