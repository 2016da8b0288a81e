/// How the roles look: a colour for each, at every depth a terminal may have, and attributes that carry the difference where
/// colours cannot.
public struct Theme: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable { case dark, light }

    public var name: String
    /// Whether the background is dark: what the terminal's own background is taken to be.
    public var kind: Kind
    private var entries: [ColorRole: Entry] = [:]

    /// What a theme says about one role.
    public struct Entry: Hashable, Sendable {
        public var palette: Paint
        public var ansi: Paint
        /// What tells the role apart without colours; nil is the role's usual attributes.
        public var mono: Style.Attributes?

        public init(palette: Paint, ansi: Paint, mono: Style.Attributes? = nil) {
            self.palette = palette
            self.ansi = ansi
            self.mono = mono
        }
    }

    /// A colour and attributes at one depth.
    public struct Paint: Hashable, Sendable {
        /// An index into the palette of 256 or 16; nil is the terminal's own colour.
        public var color: UInt8?
        public var attributes: Style.Attributes

        public init(_ color: UInt8?, _ attributes: Style.Attributes = []) {
            self.color = color
            self.attributes = attributes
        }
    }

    public init(name: String, kind: Kind = .dark) {
        self.name = name
        self.kind = kind
    }

    /// What the theme itself says about a role; nil if it leaves the role to its relatives.
    public subscript(role: ColorRole) -> Entry? {
        get { entries[role] }
        set { entries[role] = newValue }
    }

    /// A style in the terms of a terminal with that many colours.
    ///
    /// Reverse video of a role and of the style cancel each other, so that a reversed word stands out on a reversed line.
    /// Dim text is mixed with its background where there are 256 colours, since many terminals cannot draw it.
    public func resolve(_ style: Style, depth: ColorDepth) -> ResolvedStyle {
        guard depth > .mono else {
            let roles = monoAttributes(style.foreground).union(backgroundAttributes(monoAttributes(style.background)))
            return ResolvedStyle(foreground: nil, background: nil, attributes: combine(roles, style.attributes))
        }
        let front = paint(style.foreground, depth), back = paint(style.background, depth)
        var attributes = combine(front.attributes.union(backgroundAttributes(back.attributes)), style.attributes)
        var foreground = front.color
        var background = back.color
        if depth == .palette256, attributes.contains(.dim), let color = foreground {
            foreground = Palette.mix(color, background ?? (kind == .dark ? 234 : 255), share: 0.5)
            attributes.remove(.dim)
        }
        if let pixels = style.pixels {
            return ResolvedStyle(
                foreground: pixels.front.map { Self.pixel($0, depth) } ?? foreground,
                background: pixels.back.map { Self.pixel($0, depth) } ?? background, attributes: [])
        }
        if style.background == .selection { foreground = legible(foreground, style.foreground, on: background, depth) }
        if depth == .eight {
            if let color = foreground, color >= 8 {
                foreground = color - 8
                attributes.insert(.bold)
            }
            if let color = background, color >= 8 { background = color - 8 }
        }
        // Equal colours would hide the text, which a theme that sets only some roles can bring about.
        let isGround = style.foreground == .background || style.foreground.isBand
        if foreground != nil, foreground == background, style.foreground != style.background, !isGround { foreground = nil }
        return ResolvedStyle(foreground: foreground, background: background, attributes: attributes)
    }

    /// The colour of what stands on the row under the cursor. A role's colour is made for the screen's background: where it can
    /// hardly be read on the row it takes in as much of the row's own text as it needs, and with few colours is that.
    private func legible(_ color: UInt8?, _ role: ColorRole, on background: UInt8?, _ depth: ColorDepth) -> UInt8? {
        let isGuide = [.selectionText, .faint, .border, .background, .selection].contains(role)
        guard let color, let background, !isGuide,
            Palette.contrast(color, background) < Self.leastContrast, let text = paint(.selectionText, depth).color
        else { return color }
        // What the 16 look like is the terminal's user's choice: there is nothing to mix.
        let isMixed = depth == .palette256 && color > 15 && text > 15
        let mixed = isMixed ? [0.75, 0.5, 0.25].map { Palette.mix(color, text, share: $0) } : []
        return mixed.first { Palette.contrast($0, background) >= Self.leastContrast } ?? text
    }

    /// A picture's colour where there are fewer.
    private static func pixel(_ color: UInt8, _ depth: ColorDepth) -> UInt8 {
        switch depth {
        case .palette256: color
        case .sixteen: Palette.nearest16(color)
        case .eight, .mono: Palette.nearest16(color) & 7
        }
    }

    /// What text needs to be read with ease. (WCAG 2.2, 1.4.3)
    private static let leastContrast = 4.5

    /// Whether bands can be told from the background by a colour of their own.
    public func hasTint(depth: ColorDepth) -> Bool {
        guard depth == .palette256, let band = paint(.band, depth).color else { return false }
        return band != paint(.background, depth).color
    }

    private func combine(_ roles: Style.Attributes, _ style: Style.Attributes) -> Style.Attributes {
        var both = roles.union(style)
        if roles.contains(.reverse), style.contains(.reverse) { both.remove(.reverse) }
        return both
    }

    /// Of a background's attributes, those that say something about the text on it.
    private func backgroundAttributes(_ attributes: Style.Attributes) -> Style.Attributes {
        attributes.intersection([.reverse, .underline, .bold])
    }

    private func paint(_ role: ColorRole, _ depth: ColorDepth) -> Paint {
        var role = role
        while true {
            if let entry = entries[role] { return depth == .palette256 ? entry.palette : entry.ansi }
            if role.isBand { return Paint(depth == .palette256 ? tint(role) : nil) }
            if let ansi = role.usualColor { return Paint(ansi) }
            guard let related = role.related else {
                return Paint(nil, role == .selection ? .reverse : [])
            }
            role = related
        }
    }

    /// A little of the text in the background; nil where the theme leaves them to the terminal.
    private func tint(_ role: ColorRole) -> UInt8? {
        guard let text = paint(.text, .palette256).color, let back = paint(.background, .palette256).color else { return nil }
        return Palette.mix(text, back, share: role == .band ? 0.1 : 0.15)
    }

    private func monoAttributes(_ role: ColorRole) -> Style.Attributes { entries[role]?.mono ?? role.usualAttributes }
}

/// A style in a terminal's own terms.
public struct ResolvedStyle: Hashable, Sendable {
    /// An index into the terminal's palette; nil is its default colour.
    public var foreground: UInt8?
    public var background: UInt8?
    public var attributes: Style.Attributes

    public init(foreground: UInt8?, background: UInt8?, attributes: Style.Attributes) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
