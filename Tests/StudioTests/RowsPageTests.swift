import Cells
import Events
import Testing

@testable import Studio

@Suite("Rows of data")
struct RowsPageTests {
    private static let file = RowsFile(path: "/d/people.csv")
    private static let view = RowsView(.file(file))
    private static let columns = [
        RowsColumn(name: "id", kind: "integer", width: 3), RowsColumn(name: "home town", kind: "categorical", width: 12),
        RowsColumn(name: "score", kind: "numeric", width: 8),
    ]

    private func piece(_ first: Int, _ count: Int, of all: Int, isComplete: Bool = true) -> RowsPiece {
        var found = RowsCount()
        (found.found, found.all, found.isComplete, found.progress) = (all, all, isComplete, isComplete ? 1 : 0.4)
        let rows = first..<min(first + count, all)
        return RowsPiece(
            columns: Self.columns, count: found, first: first, numbers: Array(rows), shown: [0, 1, 2],
            cells: rows.map { ["\($0)", $0 % 2 == 0 ? "York" : nil, "\(Double($0) / 2)"] })
    }

    private func bench(width: Int = 80, height: Int = 24, rows: Int = 1_000_000, isComplete: Bool = true) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.send(
            .datasetsLoaded([
                DatasetSummary(
                    id: DatasetID("d"), labels: EntityLabels(name: "people.csv"), firstSeen: 1, lastSeen: 2,
                    places: [DatasetPlace(path: Self.file.path, lastSeen: 2, state: .unchanged)])
            ]))
        bench.press("1", "v")
        if let first = bench.questions.compactMap({ $0 as? ReadRows }).first {
            bench.answer(first, piece(0, first.count, of: rows, isComplete: isComplete))
            #expect(bench.asked(FindRows(Self.view)))
        } else {
            Issue.record("no rows were asked for")
        }
        return bench
    }

    private func page(_ bench: Bench) throws -> RowsPage { try #require(bench.state.screens.last as? RowsPage) }

    private func shown(_ bench: Bench) -> String {
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        return buffer.textPlane.joined(separator: "\n")
    }

    @Test("rows are read when they come into view, and only then")
    func reading() throws {
        var bench = bench()
        #expect(shown(bench).contains("row 1 of 1,000,000") && shown(bench).contains("York"))
        bench.press("j")
        #expect(bench.questions.isEmpty)
        bench.press("G")
        let asked = try #require(bench.questions.last as? ReadRows)
        #expect(asked.first < 999_990 && asked.first + asked.count >= 1_000_000)
        bench.answer(asked, piece(asked.first, asked.count, of: 1_000_000))
        #expect(shown(bench).contains("row 1,000,000 of 1,000,000") && shown(bench).contains("999,999"))
        #expect(shown(bench).contains("999998"))
        // The same is not asked for ever where nothing came.
        bench.effects = []
        bench.send(.tick(now: 1010))
        #expect(bench.questions.isEmpty)
    }

    @Test("more rows are there as the file is gone through")
    func progress() throws {
        var bench = bench(rows: 40, isComplete: false)
        #expect(shown(bench).contains("reading 40 %"))
        var count = RowsCount()
        (count.found, count.all, count.isComplete, count.progress) = (500, 500, true, 1)
        bench.answer(FindRows(Self.view), .count(count))
        #expect(shown(bench).contains("row 1 of 500") && !shown(bench).contains("reading"))
    }

    @Test("a condition is typed, shown and taken back; one that cannot be read stays to be corrected")
    func filtering() throws {
        var bench = bench()
        bench.press("/")
        bench.type("score > 3")
        bench.press("enter")
        var filtered = Self.view
        filtered.filter = "score > 3"
        #expect(bench.asked(FindRows(filtered)))
        #expect(try page(bench).view == filtered)
        bench.answer(FindRows(filtered), .fault("there is no column scor", place: 0))
        let prompt = try #require(bench.state.popups.last as? LinePrompt)
        #expect(prompt.field.text == "score > 3" && prompt.problem?.message == "there is no column scor")
        #expect(try page(bench).view == Self.view)
        bench.press("esc", "x")
        #expect(bench.state.toast?.text.contains("all rows are shown") == true)
    }

    @Test("rows like the one under the cursor are found by its value, and sorted by its column")
    func valueHere() throws {
        var bench = bench()
        bench.press("l", ",")
        #expect(try page(bench).view.filter == #""home town" = "York""#)
        bench.press("x")
        let again = try #require(bench.questions.compactMap { $0 as? ReadRows }.last)
        bench.answer(again, piece(0, again.count, of: 1_000_000))
        bench.press("j", "~")
        #expect(try page(bench).view.filter == #"not not has:"home town""#)
        bench.press("x", "]")
        #expect(try page(bench).view.sort == RowsView.Sort(column: 1, isDescending: true))
        bench.press("]")
        #expect(try page(bench).view.sort == nil)
    }

    @Test("columns are pinned, hidden and scrolled; the cursor stays in view")
    func columns() throws {
        var bench = bench(width: 34)
        bench.press("$")
        #expect(try page(bench).column == 2)
        #expect(shown(bench).contains("score"))
        bench.press("!")
        #expect(try page(bench).order == [2, 0, 1])
        bench.press("0", "-")
        #expect(try page(bench).order == [0, 1])
        bench.press("+")
        #expect(try page(bench).order == [0, 1, 2])
    }

    @Test("the last of seven thousand columns is reached at once, and stays in view")
    func manyColumns() throws {
        var bench = Bench(width: 80, height: 24)
        bench.effects += bench.state.openRows(Self.view)
        let first = try #require(bench.questions.compactMap { $0 as? ReadRows }.first)
        let columns = (0..<7000).map { RowsColumn(name: "gene_\($0)", kind: "numeric", width: 6) }
        var count = RowsCount()
        (count.found, count.all, count.isComplete) = (1, 1, true)
        bench.answer(
            first,
            RowsPiece(
                columns: columns, count: count, first: 0, numbers: [0], shown: Array(0..<7000),
                cells: [(0..<7000).map { "\($0)" }]))
        bench.press("$")
        #expect(shown(bench).contains("gene_6999") && shown(bench).contains("gene_6995"))
        bench.press("h", "h", "0")
        #expect(shown(bench).contains("gene_0") && !shown(bench).contains("gene_6999"))
    }

    @Test("a value is shown as a whole and copied")
    func cells() throws {
        var bench = bench()
        bench.press("l", "enter")
        let asked = try #require(bench.questions.last as? ReadCell)
        bench.answer(asked, ["York, the one in\nYorkshire"])
        #expect(shown(bench).contains("Yorkshire"))
        bench.press("esc", "y")
        let copied = try #require(bench.questions.last as? ReadCell)
        bench.answer(copied, ["York"])
        #expect(bench.effects.contains(.copyToClipboard("York")))
    }

    @Test("an answer to SQL is rows like others; a query that cannot be read stays to be corrected")
    func sql() throws {
        var bench = bench()
        bench.press("Q")
        let prompt = try #require(bench.state.popups.last as? LinePrompt)
        #expect(prompt.field.text == "select * from people")
        bench.press("enter")
        let view = RowsView(.query("select * from people", [Self.file]))
        #expect(bench.asked(FindRows(view)))
        bench.answer(FindRows(view), .fault("no such column: x", place: 7))
        #expect((bench.state.popups.last as? LinePrompt)?.problem?.message == "no such column: x")
        #expect(try page(bench).view == Self.view)
    }

    @Test("a page of rows draws at any size", arguments: [(1, 1), (10, 3), (20, 6), (80, 24), (200, 60)])
    func sizes(_ width: Int, _ height: Int) {
        var bench = bench()
        bench.send(.input(.resized(Size(width: width, height: height))))
        _ = shown(bench)
    }
}

@Suite("A map of what goes together")
struct AssociationsPageTests {
    private static let view = RowsView(.file(RowsFile(path: "/d/people.csv")))

    private func bench(_ count: Int, width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench(width: width, height: height)
        let question = ReadAssociations(Self.view, column: "c1")
        bench.effects += bench.state.open(AssociationsPage(question))
        let places = 0..<count
        bench.answer(
            question,
            AssociationsAnswer(
                names: places.map { "c\($0)" },
                values: places.map { row in places.map { row == $0 ? 1 : row == 0 || $0 == 0 ? -0.82 : .nan } },
                measures: places.map { _ in places.map { _ in "Spearman" } }, rowCount: 10, allCount: 90, leftOut: 3))
        return bench
    }

    private func shown(_ bench: Bench) -> String {
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        return buffer.textPlane.joined(separator: "\n")
    }

    @Test("a field leads to its two columns, and numbers are compared by ranks or not")
    func fields() throws {
        var bench = bench(3)
        #expect(shown(bench).contains("−.82") && shown(bench).contains("c1 and c0   Spearman -0.820"))
        #expect(shown(bench).contains("10 rows of 90, evenly taken"))
        bench.press("enter")
        #expect((bench.state.screens.last as? ColumnPage)?.question == ReadColumn(Self.view, column: "c0", other: "c1"))
        bench.press("esc", "s")
        var ranks = ReadAssociations(Self.view, column: "c1")
        ranks.byRanks = false
        #expect(bench.asked(ranks))
    }

    @Test("it draws at any size", arguments: [(1, 1), (12, 4), (30, 8), (80, 24), (200, 60)])
    func sizes(_ width: Int, _ height: Int) {
        for count in [0, 1, 2, 30] {
            var bench = bench(count, width: width, height: height)
            bench.press("j", "l", "k", "h")
            for _ in 0..<40 { bench.press("j", "l") }
            _ = shown(bench)
        }
    }
}

@Suite("A column of data")
struct ColumnPageTests {
    private static let view = RowsView(.file(RowsFile(path: "/d/people.csv")))

    private func bench() throws -> Bench {
        var bench = Bench(width: 100, height: 30)
        bench.effects += bench.state.open(ColumnPage(ReadColumn(Self.view, column: "score")))
        var answer = ColumnAnswer(columns: [
            RowsColumn(name: "id", kind: "integer", width: 6), RowsColumn(name: "score", kind: "numeric", width: 8),
        ])
        (answer.rowCount, answer.distinct) = (10, 3)
        answer.facts = [.init("rows", "10"), .init("median", "2.5")]
        answer.values = [.init(label: "2", count: 6, condition: "score = 2")]
        answer.bins = [
            .init(label: "0 – 2", count: 1, condition: "score >= 0 and score < 2"),
            .init(label: "2 – 4", count: 9, condition: "score >= 2 and score < 4"),
        ]
        answer.missing = .init(label: "missing", count: 0, condition: "not has:score")
        answer.outliers = .init(label: "far out", count: 1, condition: "(score < 0 or score > 9)")
        bench.answer(ReadColumn(Self.view, column: "score"), answer)
        return bench
    }

    private func shown(_ bench: Bench) -> String {
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        return buffer.textPlane.joined(separator: "\n")
    }

    @Test("each bar leads to the rows behind it")
    func rows() throws {
        var bench = try bench()
        #expect(shown(bench).contains("2 – 4") && shown(bench).contains("90.0 %") && shown(bench).contains("median 2.5"))
        bench.press("j", "enter")
        #expect((bench.state.screens.last as? RowsPage)?.view.filter == "score >= 2 and score < 4")
        bench.press("esc", "j", "enter")
        #expect((bench.state.screens.last as? RowsPage)?.view.filter == "(score < 0 or score > 9)")
    }

    @Test("each cell of a table of shares leads to the rows behind it")
    func cells() throws {
        var bench = try bench()
        bench.press("c")
        bench.type("id")
        bench.press("enter")
        let question = ReadColumn(Self.view, column: "score", other: "id")
        var answer = ColumnAnswer(columns: [
            RowsColumn(name: "id", kind: "text", width: 6), RowsColumn(name: "score", kind: "text", width: 8),
        ])
        answer.rowCount = 9
        answer.pair = .table(
            columns: ["a", "b", "c"].map { .init(label: $0, count: 3, condition: "id = \($0)") },
            rows: [
                (.init(label: "low", count: 4, condition: "score = low"), [3, 1, 0]),
                (.init(label: "high", count: 5, condition: "score = high"), [0, 2, 3]),
            ])
        bench.answer(question, answer)
        func opened() -> String? { (bench.state.screens.last as? RowsPage)?.view.filter }
        #expect(shown(bench).contains("75.0 %") && shown(bench).contains("high"))
        bench.press("j", "enter")
        #expect(opened() == "score = high")
        bench.press("esc", "right", "right", "enter")
        #expect(opened() == "score = high and id = b")
        bench.press("esc", "k", "right", "right", "enter")
        // No row is low and c.
        #expect(opened() == nil && shown(bench).contains("there are no rows to go to"))
        bench.press("left", "left", "left", "enter")
        #expect(opened() == "score = low")
        // A click chooses a cell, two lead to its rows; the names of the columns are no row.
        bench.press("esc")
        let lines = shown(bench).split(separator: "\n").map(String.init)
        let row = try #require(lines.firstIndex { $0.contains("high") && $0.contains("60.0 %") })
        let text = lines[row], place = try #require(text.firstRange(of: "60.0 %"))
        let x = text.distance(from: text.startIndex, to: place.lowerBound) + 1
        bench.send(.input(.mouse(MouseEvent(kind: .press, button: .left, x: x, y: row, clicks: 2))))
        #expect(opened() == "score = high and id = c")
        bench.press("esc", ">")
        #expect(bench.asked(ReadColumn(Self.view, column: "id")))
    }

    @Test("a wide table of shares shows the cell under the cursor")
    func wide() throws {
        var bench = try bench()
        bench.press("c")
        bench.type("id")
        bench.press("enter")
        let names = (0..<24).map { "n\($0)" }
        var answer = ColumnAnswer(columns: [])
        answer.rowCount = 48
        answer.pair = .table(
            columns: names.map { .init(label: $0, count: 2, condition: "id = \($0)") },
            rows: [(.init(label: "low", count: 24, condition: "score = low"), names.map { _ in 1 })])
        bench.answer(ReadColumn(Self.view, column: "score", other: "id"), answer)
        #expect(shown(bench).contains("n0") && !shown(bench).contains("n23"))
        for _ in 0..<30 { bench.press("l") }
        #expect(shown(bench).contains("n23") && !shown(bench).contains(" n0 "))
        bench.press("enter")
        #expect((bench.state.screens.last as? RowsPage)?.view.filter == "score = low and id = n23")
        bench.press("esc")
        for (width, height) in [(1, 1), (12, 4), (30, 8), (80, 24), (200, 60)] {
            bench.state.size = Size(width: width, height: height)
            _ = shown(bench)
        }
    }

    @Test("bins become single values, and another column stands beside it")
    func beside() throws {
        var bench = try bench()
        bench.press("b")
        #expect(!shown(bench).contains("2 – 4") && shown(bench).contains("60.0 %"))
        bench.press("c")
        bench.type("id")
        bench.press("enter")
        let question = ReadColumn(Self.view, column: "score", other: "id")
        #expect(bench.asked(question))
        var answer = ColumnAnswer(columns: [])
        answer.rowCount = 4
        answer.pair = .points(.init(x: 0...1, y: 0...1, slope: 1, intercept: 0, grid: [[2, 0], [0, 2]]))
        bench.answer(question, answer)
        #expect(shown(bench).contains("score →  id ↑"))
        bench.press("x")
        #expect(bench.asked(ReadColumn(Self.view, column: "score")))
    }
}
