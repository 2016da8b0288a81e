import Testing

@testable import Notebooks

/// The ends of long outputs.
@Suite struct LineWindowTests {
    private func shown(_ text: String, most: Int) -> [String] {
        var notebook = NotebookText(width: 40)
        notebook.mostOutputLines = most
        return notebook.lines(of: .stream(name: "stdout", text: text)).map(\.text)
    }

    @Test func theFirstAndTheLastLinesAreShownAndTheOthersCounted() {
        let lines = (1...10).map { "line \($0)" }, text = lines.joined(separator: "\n")
        for text in [text, text + "\n"] {
            #expect(shown(text, most: 10) == lines)
            #expect(shown(text, most: 4) == ["line 1", "line 2", "… 6 lines …", "line 9", "line 10"])
            #expect(shown(text, most: .max) == lines)
        }
        #expect(shown("", most: 4).isEmpty)
        #expect(shown("\n\nü\n", most: 4) == ["", "", "ü"])
    }

    @Test func aFloodIsBounded() {
        let bar = (0..<200_000).map { "\r\($0) of 200000" }.joined()
        #expect(shown(bar, most: 40).count == 1 && shown(bar, most: 40)[0].hasPrefix("199999 of 200000"))
        let wide = String(repeating: "x", count: 1 << 20)
        #expect(shown(wide, most: 40).first?.utf8.count ?? 0 < 1 << 17)
        let long = String(repeating: "a line\n", count: 600_000)
        #expect(shown(long, most: 40).count == 41)
    }
}
