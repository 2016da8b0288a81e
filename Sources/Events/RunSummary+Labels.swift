extension RunSummary {
    /// What the user says about the run.
    public var labels: EntityLabels {
        get {
            EntityLabels(name: record.name, tags: tags, note: note, isArchived: isArchived, isDeleted: isDeleted)
        }
        set {
            record.name = newValue.name
            (tags, note, isArchived, isDeleted) = (newValue.tags, newValue.note, newValue.isArchived, newValue.isDeleted)
        }
    }
}
