import Testing

@testable import Terminal

@Suite struct ClipboardTests {
    @Test func `text goes to the clipboard as base64, and through tmux with each escape doubled`() {
        let plain = TerminalScreen.clipboardSequence(Array("loss".utf8), isInTmux: false)
        #expect(plain == "\u{1B}]52;c;bG9zcw==\u{07}")
        let wrapped = TerminalScreen.clipboardSequence(Array("loss".utf8), isInTmux: true)
        #expect(wrapped == plain + "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;bG9zcw==\u{07}\u{1B}\\")
    }
}
