import Events

/// Data sets that the workspace knows: the same content is one row, wherever it lies.
extension DatasetsState {
    /// Brings the rows up to date with what the workspace knows, by the data sets' ids.
    mutating func merge(_ summaries: [DatasetSummary]) { for summary in summaries { merge(summary) } }

    private mutating func merge(_ summary: DatasetSummary) {
        let own = datasets.firstIndex { $0.id == summary.id }
        if summary.labels.isDeleted {
            if let own { removeRow(at: own) }
            return
        }
        // Of an older version of a file only the run's page tells.
        guard let place = summary.place else { return }
        if let own {
            let shown = datasets[own]
            let at = summary.places.first { $0.path == shown.path && !$0.isSuperseded && $0.state == place.state } ?? place
            datasets[own].known = summary
            datasets[own].options = summary.reading
            let content = Dataset.Content(summary, at)
            // The profile of a file that was just opened may not be in the workspace yet.
            if content == .unread(.waiting), shown.profile != nil || shown.content == .loading { return }
            (datasets[own].path, datasets[own].content) = (at.path, content)
            datasets[own].drift = nil
        } else if let index = datasets.firstIndex(where: { $0.path == place.path }) {
            // Other data than was there before; while it is being read, that tells more.
            if datasets[index].content == .loading { return }
            datasets[index].content = Dataset.Content(summary, place)
            datasets[index].known = summary
            datasets[index].options = summary.reading
        } else {
            datasets.append(
                Dataset(
                    path: place.path, content: Dataset.Content(summary, place), options: summary.reading, known: summary))
        }
    }

    /// After a file was read: a row with the same content at another path is the same data set.
    mutating func join(_ id: DatasetID, at path: String) {
        guard !id.text.isEmpty, let index = datasets.firstIndex(where: { $0.path == path }) else { return }
        if datasets[index].known?.id != id { datasets[index].known = nil }
        guard let other = datasets.firstIndex(where: { $0.path != path && $0.id == id }) else { return }
        datasets[index].known = datasets[other].known
        removeRow(at: other)
    }

    /// Takes over what the user said about a data set.
    mutating func apply(_ edit: EntityEdit, to id: DatasetID) {
        guard let index = datasets.firstIndex(where: { $0.id == id }) else { return }
        datasets[index].known?.labels.apply(edit)
        if edit.isDeleted == true { removeRow(at: index) }
    }
}

extension DatasetsState.Dataset.Content {
    /// What a row shows of a data set at one of its places.
    init(_ summary: DatasetSummary, _ place: DatasetPlace) {
        switch place.state {
        case .unchanged, .unsure:
            guard var profile = summary.profile else {
                self = .unread(.waiting)
                return
            }
            profile.path = place.path
            self = .profiled(profile)
        case .unreadable(let words): self = .failed(words)
        case .changed: self = .unread(.changed)
        case .gone: self = .unread(.gone)
        }
    }
}

extension DatasetsState.Dataset.Unread {
    package var word: String {
        switch self {
        case .waiting: "not read"
        case .changed: "△ changed"
        case .gone: "gone"
        }
    }

    /// What happened to a data set's file, and what to do.
    /// - Parameter file: the file's name, or where there is room its path.
    package func text(_ file: String) -> String {
        switch self {
        case .waiting: "\(file) was trained on and not looked at yet: r reads it"
        case .changed: "\(file) has changed since it was last read: r reads it as it is now"
        case .gone: "\(file) is gone: bring it back, or d takes it off the list"
        }
    }
}
