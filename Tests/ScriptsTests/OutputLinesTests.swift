import Testing

@testable import Scripts

struct OutputLinesTests {
    private func lines(_ pieces: String..., finishes: Bool = true) -> [String] {
        var reader = OutputLines()
        var found: [String] = []
        for piece in pieces {
            Array(piece.utf8).withUnsafeBytes {
                reader.take($0) { line, _ in found.append(String(decoding: line, as: UTF8.self)) }
            }
        }
        if finishes { reader.finish { line, _ in found.append(String(decoding: line, as: UTF8.self)) } }
        return found
    }

    @Test func coloursAndMovementsOfATerminalAreLeftOut() {
        #expect(lines("\u{1B}[1m3/3\u{1B}[0m \u{1B}[32m━━\u{1B}[0m loss: 0.5\n") == ["3/3 ━━ loss: 0.5"])
        #expect(lines("\u{1B}]0;title\u{7}a\n", "\u{1B}]8;;http://x\u{1B}\\b\u{1B}]8;;\u{1B}\\\n") == ["a", "b"])
        #expect(lines("\u{1B}", "[3", "1mred\u{1B}(B\n") == ["red"])
    }

    @Test func whatABarWritesOverIsGone() {
        #expect(lines("10%\r50%\r100%\n") == ["100%"])
        #expect(lines("one\r\ntwo\r\n") == ["one", "two"])
        #expect(lines("12\u{8}\u{8}34\n", "é\u{8}e\n") == ["34", "e"])
    }

    @Test func aLineWithoutEndIsALineWhenNothingMoreComes() {
        #expect(lines("loss: 0.", "5", finishes: false).isEmpty)
        #expect(lines("loss: 0.", "5") == ["loss: 0.5"])
    }

    @Test func aLineOfTwoMegabytesIsCut() {
        var reader = OutputLines()
        var found: [(Int, Bool)] = []
        let text = [UInt8](repeating: 120, count: 2 << 20) + [10, 121, 10]
        text.withUnsafeBytes { reader.take($0) { found.append(($0.count, $1)) } }
        #expect(found.map(\.0) == [OutputLines.longest, 1] && found.map(\.1) == [true, false])
    }
}
