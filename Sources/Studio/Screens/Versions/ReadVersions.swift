import Events

/// Asks what was in a file at other times.
package struct ReadVersions: StudioQuery {
    package static let lane = QueryLane.store

    package let path: String

    package init(path: String) { self.path = path }

    package func take(_ answer: [DatasetVersion], into state: inout AppState) -> [Effect] {
        state.changeScreen(VersionsPage.self) { page, _ in if page.path == path { page.versions = answer } }
        state.pageChanged()
        return []
    }
}
