import PrintableText

/// A notification that a terminal hands to the desktop. A terminal that knows none rings its bell instead.
///
/// - Source: xterm control sequences as terminals document them: OSC 9 (iTerm2, WezTerm, Windows Terminal's neighbours), OSC 777
///   (rxvt-unicode, foot, VTE), OSC 99 (kitty).
public struct DesktopNotification: Hashable, Sendable {
    public var title: String
    public var text: String

    public init(title: String, text: String) { (self.title, self.text) = (title, text) }

    /// The bell alone.
    public static let bell = "\u{07}"

    private enum Form { case osc9, osc777, osc99, none }

    /// What the terminal is sent.
    /// - Parameter environment: says which terminal it is.
    public func sequence(_ environment: [String: String]) -> String {
        let plain: String
        switch Self.form(environment) {
        case .osc9: plain = "\u{1B}]9;\(Self.safe(title + ": " + text, startsPlain: true))\u{1B}\\"
        case .osc777: plain = "\u{1B}]777;notify;\(Self.safe(title));\(Self.safe(text))\u{1B}\\"
        case .osc99:
            plain =
                "\u{1B}]99;i=descent:d=0:p=title;\(Self.safe(title))\u{1B}\\\u{1B}]99;i=descent:d=1:p=body;\(Self.safe(text))\u{1B}\\"
        case .none: return Self.bell
        }
        guard !(environment["TMUX"] ?? "").isEmpty else { return plain }
        // Within the wrapping each escape is written twice; the bell is for a tmux that lets nothing through.
        return "\u{1B}Ptmux;" + plain.replacing("\u{1B}", with: "\u{1B}\u{1B}") + "\u{1B}\\" + Self.bell
    }

    private static func form(_ environment: [String: String]) -> Form {
        let program = (environment["TERM_PROGRAM"] ?? "").lowercased(), term = (environment["TERM"] ?? "").lowercased()
        if environment["KITTY_WINDOW_ID"] != nil || term.contains("kitty") { return .osc99 }
        if ["iterm.app", "wezterm", "ghostty"].contains(program) || term.contains("ghostty") || term.contains("wezterm") {
            return .osc9
        }
        if term.hasPrefix("foot") || term.hasPrefix("rxvt") || environment["VTE_VERSION"] != nil { return .osc777 }
        return .none
    }

    /// A line that ends no sequence and separates nothing, at most some hundred characters.
    /// - Parameter startsPlain: whether digits at its start would be a command of their own.
    private static func safe(_ text: String, startsPlain: Bool = false) -> String {
        var line = text.replacing("\n", with: " ").printable.replacing(";", with: ",")
        if line.count > 300 { line = line.prefix(299) + "…" }
        return startsPlain && line.first?.isNumber == true ? "Descent: " + line : line
    }
}
