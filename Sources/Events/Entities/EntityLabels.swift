/// What a user says about a thing that has a name, whatever its kind.
public struct EntityLabels: Hashable, Sendable {
    /// Unique among the things of its kind.
    public var name: String
    /// Each once, in the order in which they were given.
    public var tags: [String]
    public var note: String
    /// Hidden from lists unless archived things are asked for.
    public var isArchived: Bool
    /// In the workspace's bin: hidden until it is restored.
    public var isDeleted: Bool

    public init(
        name: String, tags: [String] = [], note: String = "", isArchived: Bool = false, isDeleted: Bool = false
    ) {
        self.name = name
        self.tags = tags
        self.note = note
        self.isArchived = isArchived
        self.isDeleted = isDeleted
    }

    /// Takes over what the user changed.
    public mutating func apply(_ edit: EntityEdit) {
        if let name = edit.name { self.name = name }
        tags = edit.tags(after: tags)
        if let note = edit.note { self.note = note }
        if let isArchived = edit.isArchived { self.isArchived = isArchived }
        if let isDeleted = edit.isDeleted { self.isDeleted = isDeleted }
    }
}

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
