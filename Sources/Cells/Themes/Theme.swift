/// How the roles look: a colour for each, at every depth a terminal may have, and attributes that carry the difference where
/// colours cannot.
public struct Theme: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable { case dark, light }

    public var name: String
    public var kind: Kind
    var entries: [ColorRole: Entry] = [:]

    /// One line of a theme.
    struct Entry: Hashable, Sendable {
        /// An index into the 256-colour palette; nil is the terminal's own colour.
        var color256: UInt8?
        /// An index into the 16 ANSI colours; nil is the terminal's own colour.
        var color16: UInt8?
        var attributes: Style.Attributes = []
    }

    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A style in a terminal's own terms.
public struct ResolvedStyle: Hashable, Sendable {
    /// An index into the terminal's palette; nil is its default colour.
    public var foreground: UInt8?
    public var background: UInt8?
    public var attributes: Style.Attributes
}
