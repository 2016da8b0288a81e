import JSON
import Testing

@testable import Notebooks

/// Notebooks as they are read on a terminal.
@Suite struct NotebookTextTests {
    private func markdown(_ source: String, width: Int = 30) -> [String] {
        MarkdownText.lines(source, width: width).map(\.text)
    }

    @Test func markdownIsFilledAndItsMarksAreGone() {
        #expect(markdown("# A *big* title\n\ntext **with** `code`") == ["A big title", "", "text with code"])
        #expect(markdown("one two three four\nfive six seven", width: 14) == ["one two three", "four five six", "seven"])
        #expect(markdown("* a item that is long\n* b", width: 12) == ["- a item", "  that is", "  long", "- b"])
        #expect(markdown("1. first\n2. second") == ["1. first", "2. second"])
        #expect(markdown("see [here](http://x.y) and ![plot](a.png)", width: 60) == ["see here (http://x.y) and [picture: plot]"])
        #expect(markdown("```python\nx  = 1\n\n# no title\n```\nend") == ["    x  = 1", "    ", "    # no title", "end"])
        #expect(
            markdown("| a | long |\n|---|---:|\n| `x` \\| y | 2 |\nend")
                == ["a      long", "───────────", "x | y     2", "end"])
        // Marks that nothing closes are text, and so are signs of multiplication.
        #expect(markdown("2 * 3 ** 4 and `open [x](") == ["2 * 3 ** 4 and `open [x]("])
    }

    @Test func codeIsToldApart() {
        let lines = CodeText.lines("def f(x):  # why\n    return \"a # b\" + '''x\ny''' + 1.5e3")
        let words = { (line: Int, role: NotebookLine.Role) in lines[line].parts.filter { $0.role == role }.map(\.text) }
        #expect(lines.map(\.text) == ["def f(x):  # why", "    return \"a # b\" + '''x", "y''' + 1.5e3"])
        #expect(words(0, .keyword) == ["def"] && words(0, .comment) == ["# why"])
        #expect(words(1, .keyword) == ["return"] && words(1, .literal) == ["\"a # b\"", "'''x"] && words(1, .comment).isEmpty)
        #expect(words(2, .literal) == ["y'''", "1.5e3"])
    }

    @Test(arguments: [
        ("10%\r 50%\r100%\n", "100%\n"), ("ab\u{8}c", "ac"), ("\u{1B}[31mred\u{1B}[0m", "red"), ("abc\rX", "Xbc"),
        ("\u{1B}]0;title\u{7}x\u{1B}P1;2q\u{1B}\\y", "xy"), ("\u{1B}[", ""), ("a\r\nb", "a\nb"), ("\u{1B}", ""),
    ])
    func whatWasPrintedStandsAsOnATerminal(_ text: String, _ expected: String) {
        #expect(TerminalText.plain(text) == expected)
    }

    private func lines(_ json: String, most: Int = 40) throws -> [String] {
        var text = NotebookText(width: 40)
        text.mostOutputLines = most
        return text.lines(of: NotebookOutput(json: try JSONValue(parsing: json))).map(\.text)
    }

    @Test func outputsAreShownInTheirBestForm() throws {
        #expect(
            try lines(
                #"{"output_type":"display_data","data":{"image/png":"iVBORw0KGgoAAAANSUhEUgAAAoAAAAHgCAY=","text/plain":"<Figure>"}}"#
            )
                == ["[picture: image/png 640 × 480, 26 bytes]"])
        #expect(try lines(#"{"output_type":"display_data","data":{"text/markdown":"**x**","text/plain":"y"}}"#) == ["x"])
        #expect(try lines(#"{"output_type":"display_data","data":{"text/html":"<b>"}}"#) == ["[text/html]"])
        #expect(
            try lines(#"{"output_type":"error","ename":"E","evalue":"v","traceback":["\u001b[31mE\u001b[0m: v"]}"#) == ["E: v"])
        #expect(try lines(#"{"output_type":"error","ename":"E","evalue":"v","traceback":[]}"#) == ["E: v"])
        #expect(try lines(#"{"output_type":"novel"}"#) == ["an output of a kind 'novel'"])
        let many = (1...100).map { "\($0)\\n" }.joined()
        #expect(
            try lines("{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"\(many)\"}", most: 4)
                == ["1", "2", "… 96 lines …", "99", "100"])
    }

    @Test func nothingThatIsShownActsOnATerminal() throws {
        let cell = NotebookCell(.code, "x = '\u{1B}[2J'")
        #expect(NotebookText(width: 40).lines(of: cell).map(\.text) == ["x = '\\e[2J'"])
        #expect(try lines(#"{"output_type":"stream","name":"stdout","text":"a\u202eb"}"#) == ["a\\u{202e}b"])
    }
}
