/// What a user changes about a thing that has a name; what is nil stays as it is.
public struct EntityEdit: Hashable, Sendable {
    public var name: String?
    /// All tags it has from now on. Who adds or takes away single ones says so instead, so that of two terminals that each add one
    /// neither undoes what the other did.
    public var tags: [String]?
    /// Tags to add, after `tags` if those are given.
    public var addedTags: [String]
    /// Tags to take away, before any is added.
    public var removedTags: [String]
    public var note: String?
    /// Archived things are hidden from lists unless they are asked for.
    public var isArchived: Bool?
    /// Moves it to the bin, or takes it back out. Runs have facts of their own for that.
    public var isDeleted: Bool?

    public init(
        name: String? = nil, tags: [String]? = nil, addedTags: [String] = [], removedTags: [String] = [], note: String? = nil,
        isArchived: Bool? = nil, isDeleted: Bool? = nil
    ) {
        self.name = name
        self.tags = tags
        self.addedTags = addedTags
        self.removedTags = removedTags
        self.note = note
        self.isArchived = isArchived
        self.isDeleted = isDeleted
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

    /// The tags after the edit, each once.
    func tags(after before: [String]) -> [String] {
        var result = tags ?? before
        result.removeAll(where: removedTags.contains)
        for tag in addedTags where !result.contains(tag) { result.append(tag) }
        return result
    }

    /// What is wrong with a name; nil when it can be used.
    /// - Parameter noun: what has the name, such as `run`.
    public static func problem(withName name: String, of noun: String) -> String? {
        if name.allSatisfy(\.isWhitespace) { return "a \(noun) needs a name: type one" }
        if name.allSatisfy({ $0 == "." }) { return "a \(noun)'s name is more than dots: choose another" }
        if name.hasPrefix("@") || name.hasPrefix("-") {
            return "a \(noun)'s name does not begin with \(name.prefix(1)): choose another"
        }
        if name.count > 120 { return "a \(noun)'s name has at most 120 characters: shorten it" }
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        return isPlain ? nil : "a \(noun)'s name is one line of plain characters: choose another"
    }
}
