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
    /// Whether the terminal understands xterm's private modes (and ignores those it lacks).
    public var isModern: Bool
    /// Whether the connection is likely to be slow: fewer frames a second are kinder.
    public var isRemote: Bool

    /// The characters charts should be drawn with.
    public var glyphs: GlyphSet {
        // The consoles' fonts have the box characters but neither braille nor quadrants.
        isUnicode && term != "linux" ? .braille : .ascii
    }

    /// The descriptions to try, in order, for what the environment says.
    static func candidates(_ environment: [String: String]) -> [String] {
        let term = environment["TERM"] ?? ""
        var names: [String] = []
        // Nearly all that call themselves xterm have 256 colours; this one says so.
        if term == "xterm", !(environment["COLORTERM"] ?? "").isEmpty { names.append("xterm-256color") }
        if !term.isEmpty { names.append(term) }
        if term != "dumb" { names += ["xterm-256color", "xterm", "vt100"] }
        names.append("dumb")
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// Chooses the character set from the environment as every program does; if it says nothing at all, as in a bare container,
    /// UTF-8, which is what such a terminal has.
    static func chooseLocale(_ environment: [String: String], term: String) -> Bool {
        setlocale(LC_CTYPE, "")
        if isUTF8 { return true }
        let isSilent = ["LC_ALL", "LC_CTYPE", "LANG"].allSatisfy { (environment[$0] ?? "").isEmpty }
        guard isSilent, term != "dumb", !term.hasPrefix("vt") else { return false }
        return setlocale(LC_CTYPE, "C.UTF-8") != nil && isUTF8
    }

    private static var isUTF8: Bool { cx_is_utf8() != 0 }

    static func depth(_ environment: [String: String], colors: Int32) -> ColorDepth {
        if !(environment["NO_COLOR"] ?? "").isEmpty { return .mono }
        return colors >= 256 ? .palette256 : colors >= 16 ? .sixteen : colors >= 8 ? .eight : .mono
    }
}
