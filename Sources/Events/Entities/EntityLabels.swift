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
}
