import Cells
import Glibc
import PseudoTerminals
import Testing

@testable import Terminal

/// Curses has one state a process, so these run one after another.
@MainActor
@Suite(.serialized) struct TerminalScreenTests {
    static let utf8 = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]

    init() {
        // The locale is the process's, as its users set it.
        setenv("LC_ALL", "C.UTF-8", 1)
    }

    func open(
        _ terminal: PseudoTerminal, _ environment: [String: String] = utf8, mouse: Bool = true
    ) throws -> TerminalScreen {
        var options = TerminalScreen.Options(environment: environment)
        options.input = terminal.slave
        options.output = terminal.slave
        options.usesMouse = mouse
        return try TerminalScreen.open(options)
    }

    private func frame(_ lines: [String], width: Int = 30, height: Int = 6, _ style: Style = .text) -> CellBuffer {
        var buffer = CellBuffer(size: Size(width: width, height: height))
        for (y, line) in lines.enumerated() { buffer.write(line, x: 0, y: y, style) }
        return buffer
    }

    @Test func `a frame appears on the terminal as drawn`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal)
        defer { screen.close() }
        #expect(screen.size == Size(width: 30, height: 6))
        let lines = ["┌─ Curves ─┐ ⣿⡇⠑ 漢字 é", "│▸ run A   │ ▲ ✔ ‖ …", "", "", "", "bottom right corner is here: x"]
        screen.present(frame(lines), theme: .descentDark)
        try terminal.wait(forText: "corner")
        #expect(terminal.screen.lines == lines)
        #expect(terminal.screen.frames == 1)
    }

    @Test func `frames after frames show what the last one says`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal)
        defer { screen.close() }
        var state: UInt64 = 7
        for number in 0..<60 {
            var buffer = frame([])
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1
                let x = Int(state >> 33) % 30, y = Int(state >> 40) % 6
                buffer.write(["a", "漢", "⣿", "│"][Int(state >> 50) % 4], x: x, y: y, Style(.series(Int(state >> 45))))
            }
            screen.present(buffer, theme: .descentDark)
            try terminal.wait(for: "the frame") { $0.frames > number }
            let expected = buffer.textPlane.map { line in
                var line = line.unicodeScalars
                while line.last == " " { line.removeLast() }
                return String(line)
            }
            // Half a wide character, overwritten, is a space on the terminal.
            if !buffer.cells.indices.contains(where: { isTorn(buffer, $0) }) { #expect(terminal.screen.lines == expected) }
        }
    }

    private func isTorn(_ buffer: CellBuffer, _ index: Int) -> Bool {
        let isWide = TextWidth.of(buffer.cells[index].scalar) == 2
        let isLast = index % buffer.size.width == buffer.size.width - 1
        let isFollowed = !isLast && buffer.cells[index + 1].isContinuation
        let follows = index % buffer.size.width > 0 && TextWidth.of(buffer.cells[index - 1].scalar) == 2
        return isWide != isFollowed || (buffer.cells[index].isContinuation && !follows)
    }

    @Test func `showing the same frame again writes nothing`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal)
        defer { screen.close() }
        screen.present(frame(["still"]), theme: .descentDark)
        try terminal.wait(forText: "still")
        try terminal.waitForIdle(quiet: 30)
        let before = terminal.output.count
        #expect(screen.present(frame(["still"]), theme: .descentDark) == 0)
        try terminal.waitForIdle(quiet: 30)
        #expect(terminal.output.count == before)
        // A text field that nobody types in, neither.
        #expect(screen.present(frame(["still"]), theme: .descentDark, cursor: (x: 2, y: 0)) > 0)
        #expect(screen.present(frame(["still"]), theme: .descentDark, cursor: (x: 2, y: 0)) == 0)
        #expect(screen.present(frame(["still"]), theme: .descentDark, cursor: (x: 3, y: 0)) > 0)
        #expect(screen.present(frame(["still"]), theme: .descentDark) > 0)
    }

    @Test func `the last of many colours is shown as well`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal)
        defer { screen.close() }
        var theme = Theme(name: "many")
        for color in 0..<150 {
            theme[.text] = Theme.Entry(palette: .init(UInt8(color + 50)), ansi: .init(nil))
            theme[.bad] = Theme.Entry(palette: .init(UInt8(color), .bold), ansi: .init(nil))
            var buffer = frame(["a"])
            buffer[1, 0] = Cell("b", Style(.bad))
            screen.present(buffer, theme: theme)
        }
        try terminal.wait(for: "the last frame") { $0.frames == 150 }
        #expect(String(decoding: terminal.output, as: UTF8.self).contains("\u{1B}[38;5;149mb"))
    }

    @Test func `opening and closing leaves modes, cursor and screen as found`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let before = terminal.modes
        let screen = try open(terminal)
        terminal.pump(milliseconds: 200)
        screen.present(frame(["x"]), theme: .descentDark)
        try terminal.wait(forText: "x")
        #expect(terminal.screen.modes.isSuperset(of: [1049, 1002, 1004, 1006, 2004]))
        #expect(!terminal.screen.modes.contains(25))
        #expect(terminal.modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0)
        screen.close()
        try terminal.waitForIdle(quiet: 30)
        #expect(terminal.screen.modes == [7, 25])
        let after = terminal.modes
        #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag && after.c_oflag == before.c_oflag)
    }

    @Test func `a text field has a visible cursor where it asks for it`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal)
        defer { screen.close() }
        screen.present(frame(["name: x"]), theme: .descentDark, cursor: (x: 7, y: 0))
        try terminal.wait(for: "the cursor") { $0.modes.contains(25) && $0.cursor == (7, 0) }
        screen.present(frame(["name: x"]), theme: .descentDark)
        try terminal.wait(for: "no cursor") { !$0.modes.contains(25) }
    }

    @Test func `a resized terminal is drawn at its new size`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal)
        defer { screen.close() }
        screen.present(frame(["before"]), theme: .descentDark)
        try terminal.wait(forText: "before")
        terminal.resize(width: 50, height: 3)
        #expect(screen.updateSize())
        #expect(!screen.updateSize())
        let line = "after, and much longer than thirty columns are."
        screen.present(frame([line, "two", "three"], width: 50, height: 3), theme: .descentDark)
        try terminal.wait(forText: "three")
        #expect(terminal.screen.lines == [line, "two", "three"])
    }

    @Test func `frames of any size fit a terminal of any size`() throws {
        for (width, height) in [(1, 1), (2, 1), (1, 5), (7, 3), (200, 60)] {
            let terminal = try PseudoTerminal(width: width, height: height)
            let screen = try open(terminal)
            for size in [Size(width: 0, height: 0), Size(width: 1, height: 1), Size(width: 40, height: 9)] {
                screen.present(CellBuffer(size: size, fill: Cell("漢")), theme: .descentDark)
                terminal.pump(milliseconds: 1)
            }
            screen.close()
        }
    }

    @Test func `an unknown terminal is given a description that works`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal, ["TERM": "no-such-terminal", "LC_ALL": "C.UTF-8"])
        defer { screen.close() }
        #expect(screen.capabilities.term == "vt220")
        #expect(screen.capabilities.notice?.hasPrefix("this machine has no description of TERM=no-such-terminal") == true)
        screen.present(frame(["fine"]), theme: .descentDark)
        try terminal.wait(forText: "fine")
    }

    @Test(arguments: [
        ("linux", "linux", ColorDepth.eight, GlyphSet.ascii), ("xterm-kitty", "xterm-256color", .palette256, .braille),
        ("screen", "screen", .eight, .braille), ("vt100", "vt100", .mono, .ascii),
        ("xterm-16color", "xterm-256color", .sixteen, .braille), ("tmux-direct", "tmux-256color", .palette256, .braille),
    ]) func `each terminal is used for what it is`(term: String, described: String, depth: ColorDepth, glyphs: GlyphSet) throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal, ["TERM": term, "LC_ALL": "C.UTF-8"])
        // A machine with more descriptions than the fewest has the terminal's own.
        let used = screen.capabilities.term
        #expect(used == described || used == term)
        #expect(screen.capabilities.depth == depth)
        #expect(screen.capabilities.glyphs == glyphs)
        #expect((screen.capabilities.notice == nil) == (term == used || term.hasSuffix("-direct")))
        screen.present(frame(["fine"], Style(.bad)), theme: .descentDark)
        try terminal.wait(forText: "fine")
        screen.close()
        terminal.pump(milliseconds: 1)
        let output = String(decoding: terminal.output, as: UTF8.self)
        // Nothing is sent that a console or a terminal of glass might show.
        if !screen.capabilities.isModern { #expect(!output.contains("[?2004") && !output.contains("[?1002")) }
        if !screen.capabilities.isSynchronized { #expect(!output.contains("[?2026h")) }
        if depth < .palette256 { #expect(!output.contains("38;5")) }
    }

    @Test func `without UTF-8 everything drawn is ASCII`() throws {
        setenv("LC_ALL", "C", 1)
        defer { setenv("LC_ALL", "C.UTF-8", 1) }
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal, ["TERM": "xterm-256color", "LC_ALL": "C"])
        defer { screen.close() }
        #expect(screen.capabilities.glyphs == .ascii)
        screen.present(frame(["┌─ Curves ─┐ ⣿⡇ 漢", "│▸ run… │ ▲ ✔"]), theme: .descentDark)
        try terminal.wait(forText: "Curves")
        #expect(terminal.screen.lines.prefix(2) == ["+- Curves -+ :: ??", "|> run~ | ^ +"])
        #expect(terminal.output.allSatisfy { $0 < 0x80 })
    }

    @Test func `NO_COLOR leaves attributes only`() throws {
        let terminal = try PseudoTerminal(width: 30, height: 6)
        let screen = try open(terminal, ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"])
        defer { screen.close() }
        #expect(screen.capabilities.depth == .mono)
        screen.present(frame(["alarm"], Style(.bad)), theme: .descentDark)
        try terminal.wait(forText: "alarm")
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("38;5;"))
    }

    @Test func `what is no terminal is refused with advice`() {
        var options = TerminalScreen.Options(environment: [:])
        options.output = -1
        let error = #expect(throws: TerminalError.self) { try TerminalScreen.open(options) }
        #expect(error?.code == .notATerminal)
        #expect(error?.message == "not a terminal: start it in one, or use a subcommand (descent help)")
    }

    @Test func `keys typed too early are kept, sequences dropped`() throws {
        for (typed, kept) in [("jj\r", "jj\n"), ("j\u{1B}[A\r", "")] {
            let terminal = try PseudoTerminal(width: 30, height: 6)
            terminal.send(typed)
            // The kernel hands it over in its own time.
            var ready = pollfd(fd: terminal.slave, events: Int16(POLLIN), revents: 0)
            #expect(poll(&ready, 1, 10_000) == 1)
            let screen = try open(terminal)
            #expect(String(decoding: screen.typedAhead, as: UTF8.self) == kept)
            screen.close()
        }
    }
}
