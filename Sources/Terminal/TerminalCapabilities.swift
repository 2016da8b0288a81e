import CNcurses
import Cells
import Glibc

/// What the terminal and its locale can do.
public struct TerminalCapabilities: Hashable, Sendable {
    /// The description that was found for it.
    public var term: String
    public var depth: ColorDepth
    /// Whether characters beyond ASCII reach the screen.
    public var isUnicode: Bool
    /// Whether the terminal understands bracketed paste, focus reports, the mouse and the clipboard as xterm does (and ignores what
    /// it lacks of them).
    public var isModern: Bool
    /// Whether it shows a frame at once when it is told where one begins and ends, or ignores that.
    public var isSynchronized: Bool
    /// Whether its font has braille.
    public var hasBraille: Bool
    /// Whether the connection is likely to be slow: fewer frames a second are kinder.
    public var isRemote: Bool
    /// What to say about a terminal that is not described on this machine; nil when it is.
    public var notice: String?

    /// - Parameters:
    ///   - description: the name of the description that was found.
    ///   - colors: how many colours it tells of.
    init(_ environment: [String: String], description: String, colors: Int32, isUnicode: Bool) {
        let kind = TerminalKind(environment), wanted = environment["TERM"] ?? ""
        term = description
        depth = Self.depth(environment, colors: min(colors, kind.depthLimit ?? .max))
        self.isUnicode = isUnicode
        isModern = kind.hasModes
        isSynchronized = kind.synchronizes(wanted)
        hasBraille = kind.hasBraille
        isRemote = !(environment["SSH_TTY"] ?? "").isEmpty || !(environment["SSH_CONNECTION"] ?? "").isEmpty
        if wanted != description, !wanted.hasSuffix("-direct"), wanted != "xterm" || description != "xterm-256color" {
            let name = wanted.isEmpty ? "TERM is not set" : "this machine has no description of TERM=\(wanted)"
            let advice =
                kind.family == .unknown
                ? "if colours or keys are missing, set TERM to what the terminal is like, such as xterm-256color"
                : "the package ncurses-term or the terminal's own may bring it"
            notice = "\(name): it is used as \(description); \(advice)"
        }
    }

    /// The characters charts should be drawn with.
    public var glyphs: GlyphSet { isUnicode && hasBraille ? .braille : .ascii }

    /// Chooses the character set from the environment as every program does; if it says nothing at all, as in a bare container,
    /// UTF-8, which is what such a terminal has.
    static func chooseLocale(_ environment: [String: String]) -> Bool {
        setlocale(LC_CTYPE, "")
        if isUTF8 { return true }
        let isSilent = ["LC_ALL", "LC_CTYPE", "LANG"].allSatisfy { (environment[$0] ?? "").isEmpty }
        let family = TerminalKind(environment).family
        guard isSilent, family != .dumb, family != .hardware else { return false }
        return setlocale(LC_CTYPE, "C.UTF-8") != nil && isUTF8
    }

    private static var isUTF8: Bool { cx_is_utf8() != 0 }

    static func depth(_ environment: [String: String], colors: Int32) -> ColorDepth {
        if !(environment["NO_COLOR"] ?? "").isEmpty { return .mono }
        return colors >= 256 ? .palette256 : colors >= 16 ? .sixteen : colors >= 8 ? .eight : .mono
    }
}
