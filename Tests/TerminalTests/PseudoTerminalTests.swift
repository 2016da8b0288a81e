import PseudoTerminals
import Cells
import Glibc
import Testing

@testable import Terminal

/// The harness itself: what it says about programs must be so.
@Suite struct PseudoTerminalTests {
    @Test func `a program's output is on the screen and its exit code is told`() throws {
        let terminal = try PseudoTerminal("/bin/sh", ["-c", "printf 'one\\r\\ntwo'; exit 3"], width: 20, height: 4)
        #expect(try terminal.waitForExit() == .exited(3))
        #expect(terminal.screen.lines == ["one", "two", "", ""])
    }

    @Test func `keys are read and signals end a program`() throws {
        let terminal = try PseudoTerminal("/bin/cat", width: 30, height: 4)
        terminal.send("hello\r")
        try terminal.wait(for: "the echo and the line") { $0.lines[1] == "hello" }
        terminal.signal(SIGTERM)
        #expect(try terminal.waitForExit() == .killed(SIGTERM))
    }

    @Test func `the size is the one asked for and a change arrives`() throws {
        let script = "trap 'stty size' WINCH; stty size; while :; do read x || :; done"
        let terminal = try PseudoTerminal("/bin/sh", ["-c", script], width: 57, height: 13)
        try terminal.wait(forText: "13 57")
        terminal.resize(width: 40, height: 10)
        terminal.send("\r")
        try terminal.wait(forText: "10 40")
    }

    @Test func `the directory and the environment are those given`() throws {
        let terminal = try PseudoTerminal(
            "/bin/sh", ["-c", "pwd; echo $COLOUR"], environment: ["COLOUR": "teal"], directory: "/usr")
        _ = try terminal.waitForExit()
        #expect(terminal.screen.lines.prefix(2) == ["/usr", "teal"])
    }

    @Test func `modes changed by a program can be seen after its end`() throws {
        let terminal = try PseudoTerminal("/bin/sh", ["-c", "stty -echo"])
        _ = try terminal.waitForExit()
        #expect(terminal.modes.c_lflag & tcflag_t(ECHO) == 0)
    }

    @Test func `waiting in vain says what is on the screen`() throws {
        let terminal = try PseudoTerminal("/bin/sh", ["-c", "printf here; read x"])
        let error = #expect(throws: PseudoTerminal.Failure.self) {
            try terminal.wait(forText: "nowhere", milliseconds: 300)
        }
        #expect("\(String(describing: error))".contains("here"))
    }
}

@Suite struct VirtualScreenTests {
    private func screen(_ text: String, width: Int = 10, height: Int = 4) -> VirtualScreen {
        var screen = VirtualScreen(width: width, height: height)
        screen.feed(text.utf8)
        return screen
    }

    @Test func `text wraps at the edge and the screen scrolls`() {
        #expect(screen("abcdefghijkl\r\n2\r\n3\r\n4").lines == ["kl", "2", "3", "4"])
    }

    @Test func `the cursor moves and lines are erased`() {
        #expect(screen("aaaa\u{1B}[2;3Hb\u{1B}[1;2H\u{1B}[K").lines == ["a", "  b", "", ""])
        #expect(screen("abcdef\u{1B}[4D\u{1B}[2P\u{1B}[1@").lines[0] == "ab ef")
    }

    @Test func `a character is repeated`() {
        #expect(screen("-\u{1B}[5b|").lines[0] == "------|")
    }

    @Test func `only the scroll region scrolls`() {
        #expect(screen("1\r\n2\r\n3\r\n4\u{1B}[2;3r\u{1B}[3;1H\n").lines == ["1", "3", "", "4"])
    }

    @Test func `the alternate screen comes and goes`() {
        #expect(screen("shell\u{1B}[?1049hstudio", width: 20).lines[0].hasSuffix("studio"))
        #expect(screen("shell\u{1B}[?1049hstudio\u{1B}[?1049l").lines[0] == "shell")
    }

    @Test func `wide characters take two cells`() {
        #expect(screen("漢字ab").lines[0] == "漢字ab")
        #expect(screen("漢字ab").cursor.x == 6)
    }
}
