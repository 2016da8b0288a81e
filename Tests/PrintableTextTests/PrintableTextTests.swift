import PrintableText
import Testing

struct PrintableTextTests {
    @Test(arguments: [
        ("\u{1B}[31mred\u{1B}[0m", "\\e[31mred\\e[0m"),
        ("\u{1B}]0;title\u{07}", "\\e]0;title\\u{7}"),
        ("\u{9B}2J", "\\u{9b}2J"),
        ("\u{9D}52;c;aGk=\u{9C}", "\\u{9d}52;c;aGk=\\u{9c}"),
        ("safe\rEVIL", "safe\\rEVIL"),
        ("abc\u{08}\u{08}x", "abc\\u{8}\\u{8}x"),
        ("a\u{202E}cod.exe", "a\\u{202e}cod.exe"),
        ("a\u{2066}b\u{2069}\u{200F}\u{61C}", "a\\u{2066}b\\u{2069}\\u{200f}\\u{61c}"),
        ("one\ntwo\tthree", "one\\ntwo\\tthree"),
        ("\u{2028}\u{2029}\u{FEFF}\u{200B}\u{7F}\u{0}", "\\u{2028}\\u{2029}\\u{feff}\\u{200b}\\u{7f}\\u{0}"),
    ])
    func `what a terminal would obey is spelled out`(text: String, shown: String) {
        #expect(text.printable == shown)
        #expect(!text.printable.unicodeScalars.contains { $0.actsOnTerminal })
    }

    @Test(arguments: ["", "plain", "Ünïcödé", "日本語", "👩‍👩‍👧", "नमस्ते", "مرحبا", "a — b … c"])
    func `text of any script stays as it is`(text: String) {
        #expect(text.printable == text)
    }

    @Test func `lines and tabs can stay`() {
        #expect("a\n\tb\u{1B}[2J\r\n".printableLines == "a\n\tb\\e[2J\\r\n")
    }
}
