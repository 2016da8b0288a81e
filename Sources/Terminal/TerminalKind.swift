/// What is known of a terminal by what its environment says: how to describe it, and what it understands beyond its description.
struct TerminalKind: Hashable, Sendable {
    enum Family: Hashable, Sendable {
        /// A terminal emulator that understands xterm's private modes, or ignores those it lacks.
        case emulator
        /// tmux or screen, which passes on what the terminal around it understands.
        case multiplexer
        /// The text console of Linux or BSD: colours and box characters, but neither braille nor a mouse.
        case console
        /// A terminal of glass and wire, or a program that says it is one.
        case hardware
        /// It cannot move its cursor.
        case dumb
        /// Nothing is known of it.
        case unknown
    }

    var family: Family
    /// Descriptions to try, the best first: the terminal's own, then the nearest that most machines have.
    var descriptions: [String]
    /// The most colours it has, whatever the description says.
    var depthLimit: Int32?

    init(_ environment: [String: String]) {
        let term = environment["TERM"] ?? ""
        family = Self.family(of: term)
        let has256 = Self.isModern(environment)
        // Millions of colours by number are none of our 256.
        let own = term.hasSuffix("-direct") ? term.dropLast(7) + "-256color" : term
        if term.contains("16color") { depthLimit = 16 }
        if term.contains("88color") { depthLimit = 16 }
        var names: [String] = []
        switch family {
        case .emulator:
            // Nearly all that call themselves xterm have 256 colours; these say so.
            if term == "xterm", has256 { names.append("xterm-256color") }
            names += [own, own.hasPrefix("rxvt") ? "rxvt" : "", "xterm-256color", "xterm", "vt220"]
        case .multiplexer:
            let isTmux = term.hasPrefix("tmux")
            let many = has256 || term.contains("256") || isTmux
            names = [own] + (isTmux ? ["tmux-256color", "tmux"] : []) + (many ? ["screen-256color"] : []) + ["screen", "vt220"]
        case .console: names = [own, "linux", "xterm-color", "xterm", "ansi", "vt220"]
        case .hardware: names = [own, "vt220", "vt100"]
        case .dumb: names = [own]
        case .unknown:
            let isLike = has256 || term.contains("256color")
            names = [own] + (isLike ? ["xterm-256color", "xterm"] : []) + ["vt220", "vt100"]
            if isLike { family = .emulator }
        }
        var seen: Set<String> = [""]
        descriptions = names.filter { seen.insert($0).inserted }
    }

    /// Whether it understands bracketed paste, focus reports, the clipboard and the mouse.
    var hasModes: Bool { family == .emulator || family == .multiplexer }

    /// Whether its font is likely to have braille and quadrants.
    var hasBraille: Bool { hasModes || family == .unknown }

    /// Whether frames may stand between the marks of synchronized output: GNU screen shows no frame at once, and consoles need not
    /// know the mode.
    func synchronizes(_ term: String) -> Bool { family == .emulator || term.hasPrefix("tmux") }

    private static func family(of term: String) -> Family {
        if term == "dumb" || term == "emacs" || term == "network" { return .dumb }
        func isOne(_ names: [String]) -> Bool {
            names.contains { term == $0 || term.hasPrefix($0 + "-") || term.hasPrefix($0 + ".") || term.hasPrefix($0 + "+") }
        }
        if isOne(["tmux", "screen"]) { return .multiplexer }
        if isOne(["linux", "cons25", "wsvt25", "wsvt25m", "pcvt25", "ansi", "pcansi", "hurd", "mach", "cygwin", "sun", "bterm"]) {
            return .console
        }
        if isOne(["vt52", "vt100", "vt102", "vt220", "vt320", "vt420", "vt510", "vt520"]) { return .hardware }
        if isOne([
            "xterm", "rxvt", "foot", "alacritty", "kitty", "ghostty", "wezterm", "contour", "konsole", "vte", "gnome", "mintty",
            "iterm", "iterm2", "iTerm.app", "iTerm2.app", "ms-terminal", "ms", "st", "putty", "mlterm", "Eterm", "nsterm", "rio",
            "terminator", "terminology", "domterm", "hterm",
        ]) {
            return .emulator
        }
        return .unknown
    }

    /// Whether something beside its name says that it is one of today's emulators: they have 256 colours at least.
    private static func isModern(_ environment: [String: String]) -> Bool {
        [
            "COLORTERM", "TERM_PROGRAM", "WT_SESSION", "VTE_VERSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "WEZTERM_PANE",
            "ALACRITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR",
        ].contains { !(environment[$0] ?? "").isEmpty }
    }
}
