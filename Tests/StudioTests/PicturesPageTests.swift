import Cells
import Events
import Pictures
import Testing

@testable import Studio

@Suite("Pictures")
struct PicturesPageTests {
    private static let path = "/d/digits.csv"

    /// Classes of so many pictures each, of 8 by 8 pixels: a bright bar whose place says which class it is.
    private func answer(_ query: ReadPictures, counts: [Int] = [30, 20, 10]) -> PicturesAnswer {
        var answer = PicturesAnswer(
            width: 8, height: 8, words: "8 × 8 pixels by the 64 columns p_0_0 to p_7_7, 0 black to 16 white",
            classColumn: "digit",
            lookedAt: counts.reduce(0, +))
        answer.sections = counts.enumerated().map { .init(label: "\($0)", count: $1) }
        for window in query.windows {
            for place in window.first..<min(window.first + window.count, counts[window.section]) {
                var pixels = [UInt8](repeating: 255, count: 256)
                for pixel in 0..<64 where pixel % 8 != window.section {
                    pixels.replaceSubrange(pixel * 4..<pixel * 4 + 3, with: [0, 0, 0])
                }
                var tile = PicturesAnswer.Tile(
                    section: window.section, place: place, row: place * 3 + window.section, label: "\(window.section)",
                    picture: Picture(width: 8, height: 8, pixels: pixels))
                if query.question.wrongOf != nil { (tile.predicted, tile.sureness) = ("9", 0.93) }
                answer.tiles.append(tile)
            }
        }
        return answer
    }

    private func bench(_ width: Int = 120, _ height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.send(
            .datasetsLoaded([
                DatasetSummary(
                    id: DatasetID("d"), labels: EntityLabels(name: "digits.csv"), firstSeen: 1, lastSeen: 2,
                    places: [DatasetPlace(path: Self.path, lastSeen: 2, state: .unchanged)])
            ]))
        bench.press("1", "I")
        settle(&bench)
        return bench
    }

    /// Answers whatever is asked until nothing is.
    private func settle(_ bench: inout Bench) {
        for _ in 0..<4 {
            let asked = bench.questions.compactMap { $0 as? ReadPictures }
            bench.effects = []
            guard let query = asked.last else { return }
            bench.answer(query, answer(query))
        }
    }

    private func page(_ bench: Bench) throws -> PicturesPage { try #require(bench.state.screens.last as? PicturesPage) }
    private func text(_ bench: Bench) -> String { bench.frame(bench.state.size.width, bench.state.size.height) }

    @Test("all classes stand side by side, a line each, with the number and the class below each picture")
    func beside() throws {
        var bench = bench()
        #expect(text(bench).contains("60 pictures   digit 3 classes side by side"))
        #expect(text(bench).contains("0 black to 16 white"))
        #expect(try page(bench).tile?.row == 0)
        bench.press("j", "l")
        settle(&bench)
        #expect(try page(bench).tile?.row == 4)
        #expect(text(bench).contains("4 0"))
    }

    @Test("a class is chosen by a key or by its name, and pages go on to its last picture")
    func classes() throws {
        var bench = bench()
        bench.press("]", "]")
        settle(&bench)
        #expect(try page(bench).chosen == 1)
        #expect(text(bench).contains("digit 1 (20)"))
        bench.press("G")
        settle(&bench)
        #expect(try page(bench).tile?.row == 58)
        bench.press("c")
        bench.type("2")
        bench.press("enter")
        settle(&bench)
        #expect(try page(bench).chosen == 2)
        bench.press("x")
        #expect(try page(bench).chosen == nil)
        bench.press("[")
        #expect(try page(bench).chosen == 2)
    }

    @Test("enter leads to the picture's row, as soon as it is found")
    func row() throws {
        var bench = bench()
        bench.press("]", "G")
        settle(&bench)
        bench.press("enter")
        let view = RowsView(.file(RowsFile(path: Self.path)))
        let asked = try #require(bench.questions.compactMap { $0 as? ReadRows }.first)
        var count = RowsCount()
        (count.found, count.all) = (50, 50)
        bench.answer(
            asked,
            RowsPiece(
                columns: [RowsColumn(name: "p", kind: "integer", width: 3)], count: count, first: 0, numbers: Array(0..<50),
                shown: [0], cells: (0..<50).map { ["\($0)"] }))
        #expect((bench.state.screens.last as? RowsPage)?.cursor.index == 0)
        (count.found, count.all, count.isComplete) = (1797, 1797, true)
        bench.answer(FindRows(view), .count(count))
        #expect((bench.state.screens.last as? RowsPage)?.cursor.index == 87)
        bench.press("esc")
        #expect(bench.state.screens.last is PicturesPage)
    }

    @Test("what a run's model gets wrong is asked of the runs of this data, and says what was taken for what")
    func wrong() throws {
        var bench = bench()
        bench.press("w")
        #expect(bench.state.toast?.text.contains("no run that chooses between classes learned from this data yet") == true)
        var record = Bench.record("r", name: "net-1")
        record.request.datasetPath = Self.path
        bench.post("r", .run(.registered(record)))
        bench.press("w", "enter")
        let asked = try #require(bench.questions.compactMap { $0 as? ReadPictures }.last)
        #expect(asked.question.wrongOf == RunID("r"))
        bench.effects = []
        bench.answer(asked, answer(asked, counts: [3, 1]))
        let more = try #require(bench.questions.compactMap { $0 as? ReadPictures }.last)
        bench.answer(more, answer(more, counts: [3, 1]))
        #expect(text(bench).contains("4 of 4 that net-1 gets wrong"))
        #expect(text(bench).contains("1 0→9 93 %"))
    }

    @Test("a shape is said where none is seen, and what is wrong with it stays on the page")
    func shape() throws {
        var bench = Bench(width: 80, height: 24)
        bench.send(
            .datasetsLoaded([
                DatasetSummary(
                    id: DatasetID("d"), labels: EntityLabels(name: "t.csv"), firstSeen: 1, lastSeen: 2,
                    places: [DatasetPlace(path: Self.path, lastSeen: 2, state: .unchanged)])
            ]))
        bench.press("1", "I")
        let query = try #require(bench.questions.compactMap { $0 as? ReadPictures }.last)
        var refused = bench.state.answer(to: query, answer(query))
        refused = QueryAnswer(to: refused.request, .refused("no pictures are seen in this data"))
        bench.send(.answered(refused))
        #expect(text(bench).contains("no pictures are seen in this data") && text(bench).contains("S says how large"))
        bench.press("S")
        bench.type("4by4")
        bench.press("enter")
        #expect((bench.state.popups.last as? LinePrompt)?.problem != nil)
        bench.press("ctrl-u")
        bench.type("4x16")
        bench.press("enter")
        #expect((bench.questions.last as? ReadPictures)?.question.shape == "4x16")
    }

    @Test("pictures are drawn larger and smaller, and fit every size", arguments: [(24, 6), (40, 12), (80, 24), (200, 60)])
    func sizes(_ width: Int, _ height: Int) throws {
        var bench = bench(width, height)
        let usual = try page(bench).grid(Rect(Size(width: width, height: height))).picture
        bench.press("+", "+")
        settle(&bench)
        let larger = try page(bench).grid(Rect(Size(width: width, height: height))).picture
        #expect(larger.width >= usual.width && larger.height <= height)
        bench.press("-", "-", "-", "-", "-")
        settle(&bench)
        #expect(try page(bench).grid(Rect(Size(width: width, height: height))).picture.width <= usual.width)
        #expect(text(bench).contains("Pictures"))
    }

    @Test("the page as it is seen", arguments: [(80, 24), (120, 40)])
    func golden(_ width: Int, _ height: Int) {
        let bench = bench(width, height)
        Frame(bench.state).expectMatches("pictures-\(width)x\(height)")
    }
}
