extension RunEdit {
    /// Everything the user wrote about a run.
    public init(of run: RunSummary) {
        self.init(name: run.record.name, tags: run.tags, note: run.note, isArchived: run.isArchived)
    }

    /// The edit that takes this one back.
    public func inverse(for run: RunSummary) -> RunEdit {
        RunEdit(
            name: name.map { _ in run.record.name }, tags: tags.map { _ in run.tags },
            addedTags: removedTags.filter(run.tags.contains), removedTags: addedTags.filter { !run.tags.contains($0) },
            note: note.map { _ in run.note }, isArchived: isArchived.map { _ in run.isArchived })
    }
}
