import Terminal
import Testing

@Suite struct DesktopNotificationTests {
    private static let one = DesktopNotification(title: "Overfit; in r", text: "it\u{1B}]0;x\u{07} grows\nmuch")

    @Test func eachTerminalIsSentWhatItKnows() {
        func sequence(_ environment: [String: String]) -> String { Self.one.sequence(environment) }
        let body = "it\\e]0,x\\u{7} grows much"
        #expect(sequence(["TERM_PROGRAM": "iTerm.app"]) == "\u{1B}]9;Overfit, in r: \(body)\u{1B}\\")
        #expect(sequence(["TERM": "foot"]) == "\u{1B}]777;notify;Overfit, in r;\(body)\u{1B}\\")
        #expect(
            sequence(["TERM": "xterm-kitty"])
                == "\u{1B}]99;i=descent:d=0:p=title;Overfit, in r\u{1B}\\\u{1B}]99;i=descent:d=1:p=body;\(body)\u{1B}\\")
        #expect(sequence(["TERM": "xterm-256color"]) == "\u{07}" && sequence([:]) == "\u{07}")
    }

    @Test func withinTmuxItIsWrappedAndTheBellIsRungToo() {
        let text = Self.one.sequence(["TERM_PROGRAM": "WezTerm", "TMUX": "/tmp/x,1,0"])
        #expect(text.hasPrefix("\u{1B}Ptmux;\u{1B}\u{1B}]9;Overfit") && text.hasSuffix("\u{1B}\u{1B}\\\u{1B}\\\u{07}"))
    }

    @Test func digitsAreNoCommandAndALongTextIsCut() {
        let text = DesktopNotification(title: "4;2;50", text: String(repeating: "x", count: 10_000)).sequence(["TERM": "ghostty"])
        #expect(text.hasPrefix("\u{1B}]9;Descent: 4,2,50") && text.count < 400)
    }
}
