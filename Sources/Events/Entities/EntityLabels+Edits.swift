extension EntityLabels {
    /// Takes over what the user changed.
    public mutating func apply(_ edit: EntityEdit) {
        if let name = edit.name { self.name = name }
        tags = edit.tags(after: tags)
        if let note = edit.note { self.note = note }
        if let isArchived = edit.isArchived { self.isArchived = isArchived }
        if let isDeleted = edit.isDeleted { self.isDeleted = isDeleted }
    }
}

extension EntityEdit {
    /// The edit that takes this one back.
    /// - Parameter labels: what was said before.
    public func inverse(for labels: EntityLabels) -> EntityEdit {
        EntityEdit(
            name: name.map { _ in labels.name }, tags: tags.map { _ in labels.tags },
            addedTags: removedTags.filter(labels.tags.contains), removedTags: addedTags.filter { !labels.tags.contains($0) },
            note: note.map { _ in labels.note }, isArchived: isArchived.map { _ in labels.isArchived },
            isDeleted: isDeleted.map { _ in labels.isDeleted })
    }
}
