/// What a colour is for. A theme gives each role a colour; nothing that draws knows a colour.
public enum ColorRole: UInt8, Hashable, Sendable, CaseIterable {
    /// The screen itself, ordinary text, less important text, barely visible guides.
    case background, text, muted, faint
    /// Pane frames and titles, focused and not.
    case border, borderFocused, title, titleFocused
    /// The row under the cursor, text on it, and marked rows.
    case selection, selectionText, mark
    /// What a key hint's key and a link look like.
    case key, accent
    /// States and severities.
    case good, warning, bad, info
    /// The bars at the top and the bottom.
    case bar, barText
    /// Popups, menus, forms: their background, and the field being edited.
    case popup, field, fieldText
    /// Behind the values that a curve reaches, and behind those that several do.
    case band, bandShared
    /// The colours that runs have.
    case series1, series2, series3, series4, series5, series6, series7, series8

    /// The role of series `index`, counted from 0 and repeating after eight.
    public static func series(_ index: Int) -> ColorRole {
        ColorRole(rawValue: ColorRole.series1.rawValue + UInt8(((index % 8) + 8) % 8)) ?? .series1
    }
}

/// Colours of a picture's cell, as indices into the palette of 256; nil = what the role has.
public struct PixelColors: Hashable, Sendable {
    public var front: UInt8?
    public var back: UInt8?

    public init(front: UInt8?, back: UInt8?) { (self.front, self.back) = (front, back) }
}

/// How a cell looks: roles for both colours, and attributes.
public struct Style: Hashable, Sendable {
    public struct Attributes: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let underline = Attributes(rawValue: 4)
        public static let reverse = Attributes(rawValue: 8)
        public static let italic = Attributes(rawValue: 16)
    }

    public var foreground: ColorRole
    public var background: ColorRole
    public var attributes: Attributes
    /// Of a picture's cell, the colours themselves.
    public var pixels: PixelColors?

    public init(_ foreground: ColorRole = .text, on background: ColorRole = .background, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    public static let text = Style()
    public static let muted = Style(.muted)
}
