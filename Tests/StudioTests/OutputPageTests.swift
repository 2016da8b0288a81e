import Cells
import Events
import Testing

@testable import Studio

@Suite("A script's output")
struct OutputPageTests {
    private func piece(_ text: String, file: Int = 0, at offset: Int, gap: Bool = false) -> OutputText.Piece {
        OutputText.Piece(
            Array(text.utf8), end: OutputText.Place(file: file, offset: offset), isAnew: false, hasGap: gap, hasMore: false)
    }

    private func lines(_ range: Range<Int>) -> String { range.map { "line \($0) of it\n" }.joined() }

    /// The page of a script that runs, with what it wrote so far.
    private func bench(_ text: String) -> Bench {
        var bench = Bench(width: 80, height: 24)
        var record = Bench.record("s", name: "script")
        record.request.algorithm = JobRequest.scriptAlgorithm
        bench.post("s", .run(.registered(record)))
        bench.post("s", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))))
        bench.press("2", "O")
        bench.answer(ReadOutput(run: RunID("s"), after: OutputText.Place()), piece(text, at: text.utf8.count))
        return bench
    }

    private func page(_ bench: Bench) -> OutputPage? { bench.state.screens.last as? OutputPage }

    private func shown(_ bench: Bench) -> String {
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        return buffer.textPlane.joined(separator: "\n")
    }

    @Test("the newest line stays in view until one goes up, and again at the end")
    func following() throws {
        var bench = bench(lines(0..<100))
        #expect(shown(bench).contains("line 99 of it") && shown(bench).contains("100 lines") && shown(bench).contains("FOLLOW"))
        let after = try #require(page(bench)?.text.end)
        bench.send(.tick(now: 2000))
        #expect(bench.asked(ReadOutput(run: RunID("s"), after: after)))
        bench.answer(ReadOutput(run: RunID("s"), after: after), piece(lines(100..<120), at: after.offset + 300))
        #expect(shown(bench).contains("line 119 of it"))
        bench.press("k")
        let next = try #require(page(bench)?.text.end)
        bench.send(.tick(now: 2001))
        bench.answer(ReadOutput(run: RunID("s"), after: next), piece(lines(120..<200), at: next.offset + 900))
        #expect(!shown(bench).contains("line 199 of it") && shown(bench).contains("FROZEN"))
        bench.press("G")
        #expect(shown(bench).contains("line 199 of it") && page(bench)?.follows == true)
        bench.press("g")
        #expect(shown(bench).contains("line 0 of it"))
    }

    @Test("a text is found in it, whatever the case of its letters, and lines that are long go on to the right")
    func finding() {
        var bench = bench(lines(0..<500) + "An ERROR came: " + String(repeating: "x", count: 100) + "end\n" + lines(501..<900))
        bench.press("/")
        bench.type("error")
        bench.press("enter")
        #expect(shown(bench).contains("An ERROR came") && shown(bench).contains("1 of 1 lines"))
        bench.press("right", "right", "right")
        #expect(shown(bench).contains("xend") && shown(bench).contains("from column 49"))
    }

    @Test("what is not kept is said, and what a terminal would obey is spelled out")
    func gaps() {
        var text = OutputText()
        text.take(piece("first\nsec", at: 9))
        text.take(piece("ond\n", at: 13))
        text.take(piece("far \u{1B}[31m\n", file: 4, at: 9, gap: true))
        #expect((0..<text.count).map(text.line) == ["first", "second", "… what came here is not kept …", "far \u{1B}[31m"])
        #expect(text.lines(with: "FAR") == [3] && text.lines(with: "ö").isEmpty)
        #expect(!shown(bench("a \u{1B}[31mred\u{7}\n")).contains("\u{1B}"))
    }

    @Test("a run of a learner has none, and the key says so")
    func refusal() {
        var bench = Bench()
        bench.addRun("a")
        bench.press("2", "O")
        #expect(bench.state.screens.isEmpty && bench.state.toast?.text.contains("only a script writes output") == true)
    }
}
