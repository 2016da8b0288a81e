import Testing

@testable import Terminal

/// What is decided from the environment alone.
@Suite struct TerminalKindTests {
    @Test(arguments: [
        ("xterm-kitty", ["xterm-kitty", "xterm-256color", "xterm", "vt220"]),
        ("xterm-ghostty", ["xterm-ghostty", "xterm-256color", "xterm", "vt220"]),
        ("alacritty", ["alacritty", "xterm-256color", "xterm", "vt220"]),
        ("xterm-16color", ["xterm-16color", "xterm-256color", "xterm", "vt220"]),
        ("xterm-direct", ["xterm-256color", "xterm", "vt220"]),
        ("rxvt-unicode-256color", ["rxvt-unicode-256color", "rxvt", "xterm-256color", "xterm", "vt220"]),
        ("tmux-256color", ["tmux-256color", "tmux", "screen-256color", "screen", "vt220"]),
        ("screen.xterm-256color", ["screen.xterm-256color", "screen-256color", "screen", "vt220"]),
        ("screen", ["screen", "vt220"]),
        ("linux", ["linux", "xterm-color", "xterm", "ansi", "vt220"]),
        ("vt100", ["vt100", "vt220"]),
        ("no-such-terminal", ["no-such-terminal", "vt220", "vt100"]),
        ("blackbox-256color", ["blackbox-256color", "xterm-256color", "xterm", "vt220", "vt100"]),
        ("", ["vt220", "vt100"]),
    ]) func `the descriptions to try, the nearest first`(term: String, names: [String]) {
        #expect(TerminalKind(["TERM": term]).descriptions == names)
    }

    @Test(arguments: ["COLORTERM", "WT_SESSION", "VTE_VERSION", "TERM_PROGRAM"])
    func `what an emulator of today says beside its name gives it its colours`(variable: String) {
        #expect(TerminalKind(["TERM": "xterm", variable: "1"]).descriptions.first == "xterm-256color")
        #expect(TerminalKind(["TERM": "new-one", variable: "1"]).descriptions.dropFirst().first == "xterm-256color")
        #expect(TerminalKind(["TERM": "new-one", variable: "1"]).hasModes)
        #expect(TerminalKind(["TERM": "vt100", variable: "1"]).descriptions == ["vt100", "vt220"])
    }

    @Test func `what each family understands`() {
        func kind(_ term: String) -> TerminalKind { TerminalKind(["TERM": term]) }
        for term in ["xterm-256color", "xterm-kitty", "foot", "st-256color", "tmux-256color"] {
            #expect(kind(term).hasModes && kind(term).hasBraille && kind(term).synchronizes(term), "\(term)")
        }
        #expect(kind("screen").hasModes && !kind("screen").synchronizes("screen"))
        for term in ["linux", "linux-16color", "vt220", "cons25"] {
            #expect(!kind(term).hasModes && !kind(term).hasBraille && !kind(term).synchronizes(term), "\(term)")
        }
        #expect(kind("dumb").family == .dumb)
        // A name that only begins alike is another terminal.
        #expect(kind("stupid").family == .unknown)
        #expect(!kind("stupid").hasModes)
    }

    @Test func `colours are as many as the terminal has, not as its description says`() {
        func depth(_ environment: [String: String], _ colors: Int32) -> Int {
            TerminalCapabilities(environment, description: "x", colors: colors, isUnicode: true).depth.rawValue
        }
        #expect(depth(["TERM": "xterm-256color"], 256) == 256)
        #expect(depth(["TERM": "xterm-16color"], 256) == 16)
        #expect(depth(["TERM": "linux"], 8) == 8)
        #expect(depth(["TERM": "vt100"], -1) == 0)
        #expect(depth(["TERM": "xterm-256color", "NO_COLOR": "1"], 256) == 0)
    }

    @Test func `a missing description is told with what is used in its place`() {
        func notice(_ term: String, _ description: String) -> String? {
            TerminalCapabilities(["TERM": term], description: description, colors: 8, isUnicode: true).notice
        }
        #expect(notice("xterm-256color", "xterm-256color") == nil)
        #expect(notice("xterm", "xterm-256color") == nil)
        #expect(
            notice("xterm-kitty", "xterm-256color")
                == "this machine has no description of TERM=xterm-kitty: it is used as xterm-256color; the package ncurses-term or the "
                + "terminal's own may bring it")
        #expect(notice("odd", "vt220")?.contains("set TERM to what the terminal is like") == true)
        #expect(notice("", "vt220")?.hasPrefix("TERM is not set: it is used as vt220") == true)
    }
}
