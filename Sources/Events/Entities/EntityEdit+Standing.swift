extension EntityEdit {
    /// Whether what the edit said is still said: nobody gave another name or note, or moved it to or from the archive, since.
    public func stands(in labels: EntityLabels) -> Bool {
        (name ?? labels.name) == labels.name && (note ?? labels.note) == labels.note
            && (isArchived ?? labels.isArchived) == labels.isArchived
    }
}
