import PrintableText

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

    /// Everything the user wrote about a run.
    public init(of run: RunSummary) {
        self.init(name: run.record.name, tags: run.tags, note: run.note, isArchived: run.isArchived)
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

    /// The edit that takes this one back.
    public func inverse(for run: RunSummary) -> RunEdit {
        RunEdit(
            name: name.map { _ in run.record.name }, tags: tags.map { _ in run.tags },
            addedTags: removedTags.filter(run.tags.contains), removedTags: addedTags.filter { !run.tags.contains($0) },
            note: note.map { _ in run.note }, isArchived: isArchived.map { _ in run.isArchived })
    }

    /// A run's tags after the edit, each once.
    func tags(after before: [String]) -> [String] {
        var result = tags ?? before
        result.removeAll(where: removedTags.contains)
        for tag in addedTags where !result.contains(tag) { result.append(tag) }
        return result
    }

    /// A name of another program's made one that can be typed: without what would be taken for an option or for `@latest`, on one
    /// line, not too long.
    public static func usable(_ name: String, else otherwise: String = "run") -> String {
        var name = name.printable[...]
        while let first = name.first, first == "@" || first == "-" || first.isWhitespace { name.removeFirst() }
        while name.last?.isWhitespace == true { name.removeLast() }
        let short = String(name.prefix(120))
        return problem(withName: short) == nil ? short : otherwise
    }

    /// What is wrong with a name for a run; nil when it can be used.
    public static func problem(withName name: String) -> String? {
        if name.allSatisfy(\.isWhitespace) { return "a run needs a name: type one" }
        if name.allSatisfy({ $0 == "." }) { return "a run's name is more than dots: choose another" }
        if name.hasPrefix("@") || name.hasPrefix("-") {
            return "a run's name does not begin with \(name.prefix(1)): choose another"
        }
        if name.count > 120 { return "a run's name has at most 120 characters: shorten it" }
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        return isPlain ? nil : "a run's name is one line of plain characters: choose another"
    }
}
