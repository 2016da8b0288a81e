extension RunEdit {
    /// Everything the user wrote about a run.
    public init(of run: RunSummary) {
        self.init(name: run.record.name, tags: run.tags, note: run.note, isArchived: run.isArchived)
    }

    /// The edit that takes this one back.
    public func inverse(for run: RunSummary) -> RunEdit { inverse(for: run.labels) }
}
