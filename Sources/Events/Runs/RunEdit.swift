/// What a user changes about a run that is there already; what is nil stays as it is.
public struct RunEdit: Hashable, Sendable {
    public var name: String?
    /// All tags the run has from now on. Who adds or takes away single ones says so instead, so that of two terminals that each
    /// add one neither undoes what the other did.
    public var tags: [String]?
    /// Tags to add, after `tags` if those are given.
    public var addedTags: [String]
    /// Tags to take away, before any is added.
    public var removedTags: [String]
    public var note: String?
    /// Archived runs are hidden from lists unless they are asked for.
    public var isArchived: Bool?

    public init(
        name: String? = nil, tags: [String]? = nil, addedTags: [String] = [], removedTags: [String] = [], note: String? = nil,
        isArchived: Bool? = nil
    ) {
        self.name = name
        self.tags = tags
        self.addedTags = addedTags
        self.removedTags = removedTags
        self.note = note
        self.isArchived = isArchived
    }

    /// Adds `base` and takes away `-old`: words apart by spaces or commas. Of one tag the last word counts.
    public init(tagWords words: String) {
        self.init()
        for word in words.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let isRemoved = word.hasPrefix("-")
            let tag = String(isRemoved || word.hasPrefix("+") ? word.dropFirst() : word)
            guard !tag.isEmpty else { continue }
            addedTags.removeAll { $0 == tag }
            removedTags.removeAll { $0 == tag }
            if isRemoved { removedTags.append(tag) } else { addedTags.append(tag) }
        }
    }

    /// A run's tags after the edit, each once.
    func tags(after before: [String]) -> [String] {
        var result = tags ?? before
        result.removeAll(where: removedTags.contains)
        for tag in addedTags where !result.contains(tag) { result.append(tag) }
        return result
    }
}
