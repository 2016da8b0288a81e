/// How far a data file is that is being read.
package struct LookAtReading: StudioQuery {
    package static let lane = QueryLane.glances

    package let path: String

    package init(_ path: String) { self.path = path }

    package var slot: QuerySlot { QuerySlot(of: Self.self, path) }

    /// - Parameter answer: the share of it that was gone through; nil where that is not known.
    package func take(_ answer: Double?, into state: inout AppState) -> [Effect] {
        state.datasets.note(progress: answer, of: path)
        return []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] { [] }
}

extension AppState {
    /// Asks how far the files are that are being read.
    mutating func lookAtReading() -> [Effect] {
        datasets.datasets.filter { $0.content == .loading }.flatMap { ask(LookAtReading($0.path)) }
    }

    /// Whether a file is being read.
    var isReadingData: Bool { datasets.datasets.contains { $0.content == .loading } }
}

extension DatasetsState {
    mutating func note(progress: Double?, of path: String) {
        guard let index = datasets.firstIndex(where: { $0.path == path && $0.content == .loading }) else { return }
        datasets[index].progress = progress
    }
}
