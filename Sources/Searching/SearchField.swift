/// Something that can be searched by its name, over runs, rows or whatever has values.
public protocol SearchField: Hashable, Sendable {
    /// The name that a user types.
    var word: String { get }
    /// What its values are, and so how it compares and how it is typed.
    var kind: SearchFieldKind { get }
    /// Whether `name:word` looks for a word in it.
    var isSearchedByWord: Bool { get }
    /// Whether the name may be one that nothing has.
    var mayBeUnknown: Bool { get }
}

/// What values a field takes.
public enum SearchFieldKind: Hashable, Sendable {
    /// Compared without regard to case.
    case text
    case number
    /// Seconds since 1970.
    case time
    /// Seconds.
    case duration
    /// Number or text, whatever there is.
    case either
}

/// A field that may be unknown: where its name stands in the text.
public struct SearchMention<Field: SearchField>: Hashable, Sendable {
    public let field: Field
    public let range: Range<Int>

    public init(field: Field, range: Range<Int>) { (self.field, self.range) = (field, range) }
}
