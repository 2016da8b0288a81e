import Events

/// Whether a data file is still what it was when its profile was made.
package struct LookAtData: StudioQuery {
    package static let lane = QueryLane.store

    package let dataset: DatasetID
    package let path: String

    package init(_ dataset: DatasetID, at path: String) {
        self.dataset = dataset
        self.path = path
    }

    /// - Parameter answer: nil when the workspace does not know the file.
    package func take(_ answer: DatasetPlace.State?, into state: inout AppState) -> [Effect] {
        let drift: DatasetsState.Dataset.Unread? =
            switch answer {
            case .changed: .changed
            case .gone: .gone
            default: nil
            }
        state.datasets.note(drift, of: dataset, at: path)
        return []
    }

    /// Nobody asked, and whoever reads the file will be told.
    package func refuse(_ message: String, in state: inout AppState) -> [Effect] { [] }
}

extension AppState {
    /// The data set whose page is read; nil when none is.
    var shownDataset: DatasetsState.Dataset? { focus == .datasets && isZoomed && screens.isEmpty ? datasets.selected : nil }

    /// Asks whether the file of the open data page is still as it was.
    func lookAtShownDataQuery() -> LookAtData? {
        guard let shown = shownDataset, shown.profile != nil, let id = shown.id else { return nil }
        return LookAtData(id, at: shown.path)
    }

    mutating func lookAtShownData() -> [Effect] { lookAtShownDataQuery().map { ask($0) } ?? [] }
}

extension DatasetsState {
    /// Keeps what became of a file since it was read.
    mutating func note(_ drift: Dataset.Unread?, of id: DatasetID, at path: String) {
        guard let index = datasets.firstIndex(where: { $0.path == path && $0.id == id && $0.profile != nil }) else { return }
        datasets[index].drift = drift
    }
}
