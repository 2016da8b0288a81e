import Cells
import PseudoTerminals
import Testing

@testable import Terminal

/// How little it takes to show one frame after another.
extension TerminalScreenTests {
    private func written(_ terminal: PseudoTerminal, _ screen: TerminalScreen, _ frame: CellBuffer) throws -> String {
        let before = terminal.output.count, frames = terminal.screen.frames
        screen.present(frame, theme: .descentDark)
        try terminal.wait(for: "the frame") { $0.frames > frames }
        return String(decoding: terminal.output[before...], as: UTF8.self)
            .replacing("\u{1B}[?2026h", with: "").replacing("\u{1B}[?2026l", with: "").replacing("\u{1B}", with: "^")
    }

    @Test func `only what differs is sent, and of a look only what differs`() throws {
        let terminal = try PseudoTerminal(width: 60, height: 4)
        let screen = try open(terminal)
        defer { screen.close() }
        var buffer = CellBuffer(size: Size(width: 60, height: 4))
        buffer.write("one two three", x: 0, y: 1)
        _ = try written(terminal, screen, buffer)
        let text = Theme.descentDark.resolve(.text, depth: .palette256)
        let ground = text.background.map { "^[48;5;\($0)m" } ?? ""
        let front = { (style: Style) in
            Theme.descentDark.resolve(style, depth: .palette256).foreground.map { "^[38;5;\($0)m" } ?? ""
        }
        buffer.write("ONE", x: 0, y: 1)
        #expect(try written(terminal, screen, buffer) == "^[2;1H\(front(.text))\(ground)ONE^(B^[m")
        // Another colour on the same background, three columns on; a blank has none.
        buffer.write("a", x: 20, y: 2, .muted)
        buffer.write("b", x: 24, y: 2, Style(.good, on: .background))
        #expect(try written(terminal, screen, buffer) == "^[3;21H\(front(.muted))\(ground)a   \(front(Style(.good)))b^(B^[m")
        // A row that becomes empty.
        buffer.fill(Rect(x: 0, y: 1, width: 60, height: 1), with: Cell())
        #expect(try written(terminal, screen, buffer) == "^[2;1H\(front(.text))\(ground)^[K^(B^[m")
        #expect(terminal.screen.lines == ["", "", "                    a   b", ""])
    }
}
