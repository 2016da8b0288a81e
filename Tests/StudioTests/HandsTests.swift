import Cells
import Events
import Testing

@testable import Studio

/// What hands do with mouse and keys, in lists, texts and charts.
@Suite struct HandsTests {
    private func several(_ count: Int = 60, width: Int = 120, height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        for index in 0..<count {
            bench.addRun("r\(index)", name: "run-\(index)", status: .completed, created: Double(index))
            bench.record("r\(index)", "validation:loss", [3, 2, 1])
        }
        bench.press("2", "g")
        return bench
    }

    private func mouse(_ bench: inout Bench, _ kind: MouseEvent.Kind, _ x: Int, _ y: Int, clicks: Int = 1) {
        bench.send(.input(.mouse(MouseEvent(kind: kind, button: .left, x: x, y: y, clicks: clicks))))
    }

    @Test func `a double click on a run opens it, as enter does`() {
        var bench = several()
        let rows = StudioLayout.runRows(bench.state.layout.interior(.experiments))
        mouse(&bench, .press, rows.x + 3, rows.y + 2)
        #expect(bench.state.screens.isEmpty)
        mouse(&bench, .press, rows.x + 3, rows.y + 2, clicks: 2)
        #expect((bench.state.top as? RunPage)?.run == bench.state.experiments.selected)
    }

    @Test func `a click below the last row of a list selects nothing`() {
        var bench = several(3)
        bench.send(.events([StudioEvent(sequence: 1, wallTime: 1, run: nil, kind: .dataset(.profiled(Bench.profile)))], []))
        let data = StudioLayout.datasetRows(bench.state.layout.interior(.datasets)).list
        mouse(&bench, .press, data.x + 2, data.maxY - 1, clicks: 2)
        #expect(!bench.state.isZoomed)
        mouse(&bench, .press, data.x + 2, data.y, clicks: 2)
        #expect(bench.state.isZoomed)
    }

    @Test func `the scrollbar of a list is dragged to its end and back`() throws {
        var bench = several()
        let rect = try #require(bench.state.layout.panes[.experiments])
        mouse(&bench, .press, rect.maxX - 1, rect.y + 1)
        mouse(&bench, .drag, rect.maxX - 1, rect.maxY)
        #expect(bench.selectedName == bench.names.last)
        mouse(&bench, .drag, rect.maxX - 1, 0)
        #expect(bench.selectedName == bench.names.first)
        mouse(&bench, .release, rect.maxX - 1, 0)
        // The border beside it stays where it is.
        #expect(bench.state.settings.paneSizes == PaneSizes())
    }

    @Test func `the scrollbar of a menu and of a page is dragged`() throws {
        var bench = several(4, height: 14)
        bench.press("?")
        let menu = try #require(bench.state.top?.place(on: bench.state.size))
        mouse(&bench, .press, menu.maxX - 1, menu.y + 1)
        mouse(&bench, .drag, menu.maxX - 1, menu.maxY)
        let top = try #require(bench.state.top as? Menu)
        #expect(top.cursor.index == MenuEntry.entries(of: top, bench.state).count - 1)
        bench.press("esc", "enter")
        let page = try #require(bench.state.top?.place(on: bench.state.size))
        mouse(&bench, .press, page.maxX - 1, page.maxY - 2)
        #expect(try #require(bench.state.top as? RunPage).reading.top > 0)
        mouse(&bench, .drag, page.maxX - 1, page.y + 1)
        #expect(try #require(bench.state.top as? RunPage).reading.top == 0)
    }

    @Test func `the wheel moves what is under the pointer, whatever has the focus`() {
        var bench = several()
        bench.press("3")
        let rows = StudioLayout.runRows(bench.state.layout.interior(.experiments))
        mouse(&bench, .wheelDown, rows.x + 2, rows.y + 2)
        mouse(&bench, .wheelDown, rows.x + 2, rows.y + 2)
        #expect(bench.selectedName == bench.names[2])
        #expect(bench.state.focus == .curves)
    }

    @Test func `a notch of the wheel scrolls a page by three lines`() throws {
        var bench = several(1, height: 12)
        bench.press("enter")
        mouse(&bench, .wheelDown, 10, 10)
        #expect(try #require(bench.state.top as? RunPage).reading.top == 3)
    }

    @Test func `a click on a run's row under the chart brings it to the front`() throws {
        var bench = several(4)
        bench.press("space", "space", "space", "3")
        let scene = CurvesScene(bench.state)
        let legend = StudioLayout.curves(bench.state.layout.interior(.curves), runs: bench.state.curveRows(scene)).legend
        try #require(legend.height == 3)
        mouse(&bench, .press, legend.x + 3, legend.y + 1)
        #expect(bench.state.experiments.selected == scene.runs[1].record.id)
        mouse(&bench, .wheelDown, legend.x + 3, legend.y)
        #expect(bench.state.experiments.selected == scene.runs[2].record.id)
        #expect(bench.state.curves.viewport.x == nil)
    }

    @Test func `a double click in a chart shows the whole curve again`() {
        var bench = several(1)
        bench.press("3", "left", "+")
        #expect(bench.state.curves.viewport.x != nil)
        let chart = bench.state.layout.interior(.curves)
        mouse(&bench, .press, chart.x + 30, chart.y + 4, clicks: 2)
        #expect(bench.state.curves.viewport.x == nil)
    }

    @Test func `a cursor that is dragged stays in its chart, wherever the mouse goes`() throws {
        var bench = several(1)
        bench.record("r0", "validation:f1", [1, 2, 3])
        bench.press("3", "t")
        let tiles = bench.state.curveTiles(CurvesScene(bench.state))
        try #require(tiles.count == 2)
        mouse(&bench, .press, tiles[0].chart.x + 20, tiles[0].chart.y + 4)
        let first = bench.state.curves.cursor
        mouse(&bench, .drag, tiles[1].chart.x + 20, tiles[1].chart.y + 9)
        #expect(bench.state.curves.metric == tiles[0].metric)
        #expect(bench.state.curves.cursor != first)
    }

    @Test func `shift and the wheel move the part of a chart that is shown`() throws {
        var bench = several(1)
        bench.press("3", "right", "+")
        let before = try #require(bench.state.curves.viewport.x)
        let chart = bench.state.layout.interior(.curves)
        bench.send(
            .input(
                .mouse(
                    MouseEvent(kind: .wheelUp, button: .none, x: chart.x + 30, y: chart.y + 4, modifiers: .shift))))
        let after = try #require(bench.state.curves.viewport.x)
        #expect(after.lowerBound < before.lowerBound)
        #expect(abs((after.upperBound - after.lowerBound) - (before.upperBound - before.lowerBound)) < 1e-9)
    }

    @Test func `what is dragged from outside a chart leaves its cursor alone`() throws {
        var bench = several(1)
        bench.press("3")
        let runs = StudioLayout.runRows(bench.state.layout.interior(.experiments))
        let chart = bench.state.layout.interior(.curves)
        mouse(&bench, .press, runs.x + 3, runs.y)
        mouse(&bench, .drag, chart.x + 20, chart.y + 3)
        #expect(bench.state.curves.cursor == nil)
    }

    @Test func `backspace takes away a filter that is empty`() {
        var bench = several(3)
        bench.press("/", "a", "backspace")
        #expect(bench.state.experiments.filter.isEditing)
        bench.press("backspace")
        #expect(!bench.state.experiments.filter.isEditing)
    }

    @Test func `Home and End go to the first and last entry of a list that is searched by typing, and in a text they move in it`()
    {
        var bench = several(3)
        bench.press("?", "end")
        func menu() -> Menu? { bench.state.top as? Menu }
        let count = menu().map { MenuEntry.entries(of: $0, bench.state).count } ?? 0
        #expect(count > 50 && menu()?.cursor.index == count - 1)
        bench.press("home")
        #expect(menu()?.cursor.index == 0)
        bench.type("run")
        bench.press("down", "home")
        #expect(menu()?.cursor.index == 1)
        #expect(menu()?.search.cursor == 0)
        bench.press("esc", "f", "end")
        func chooser() -> ColumnChooser? { bench.state.top as? ColumnChooser }
        #expect(chooser().map { $0.cursor.index == $0.entries.count - 1 } == true)
        bench.press("pgup")
        #expect(chooser().map { $0.cursor.index < $0.entries.count - 1 } == true)
        bench.press("home", "pgdn")
        #expect(chooser().map { $0.cursor.index > 1 } == true)
    }

    @Test func `while a filter is typed pages are turned in the list`() {
        var bench = several()
        bench.press("/", "pgdn")
        #expect(bench.state.experiments.cursor.index > 5)
        bench.press("pgup")
        #expect(bench.state.experiments.cursor.index == 0)
        #expect(bench.state.experiments.filter.isEditing)
    }

    @Test func `a double click on a column that is chosen chooses it once`() throws {
        var bench = several(3)
        bench.press("f")
        let chooser = try #require(bench.state.top as? ColumnChooser)
        let rows = chooser.rows(in: chooser.place(on: bench.state.size))
        let column = try #require(chooser.entries.first { !chooser.isChosen($0) })
        let row = try #require(chooser.entries.firstIndex(of: column))
        mouse(&bench, .press, rows.x + 5, rows.y + row)
        mouse(&bench, .press, rows.x + 5, rows.y + row, clicks: 2)
        #expect((bench.state.top as? ColumnChooser)?.isChosen(column) == true)
    }

    @Test func `paths are chosen from the list by keys, wheel and clicks`() throws {
        var bench = Bench()
        bench.press("o")
        bench.answer(ListPaths(""), ["data/", "one.csv", "two.csv"])
        bench.press("down", "down")
        #expect((bench.state.top as? PathPrompt)?.chosen == 1)
        let place = try #require(bench.state.top?.place(on: bench.state.size))
        mouse(&bench, .wheelDown, place.x + 4, place.y + 4)
        #expect((bench.state.top as? PathPrompt)?.chosen == 2)
        // A folder is gone into.
        mouse(&bench, .press, place.x + 4, place.y + 3)
        #expect((bench.state.top as? PathPrompt)?.chosen == 0)
        bench.effects = []
        mouse(&bench, .press, place.x + 4, place.y + 3, clicks: 2)
        #expect((bench.state.top as? PathPrompt)?.field.text == "data/")
        #expect(bench.asked(ListPaths("data/")))
        bench.answer(ListPaths("data/"), ["data/a.csv", "data/b.csv"])
        bench.press("up", "enter")
        #expect(bench.commands == [.profileDataset(path: "data/b.csv", reading: nil)])
        // What is typed counts again.
        bench.press("o", "down", "x", "enter")
        #expect(bench.commands == [.profileDataset(path: "x", reading: nil)])
    }

    @Test func `a long list of paths is scrolled by its bar`() throws {
        var bench = Bench()
        bench.press("o")
        bench.answer(ListPaths(""), (0..<40).map { "file-\($0).csv" })
        let place = try #require(bench.state.top?.place(on: bench.state.size))
        mouse(&bench, .press, place.maxX - 1, place.y + 1)
        mouse(&bench, .drag, place.maxX - 1, place.maxY)
        bench.press("enter")
        #expect(bench.commands == [.profileDataset(path: "file-39.csv", reading: nil)])
    }

    @Test func `a click in a text puts the cursor there`() throws {
        var bench = several(1)
        bench.press("N")
        bench.type("a note of some length")
        let place = try #require(bench.state.top?.place(on: bench.state.size))
        mouse(&bench, .press, place.x + 2 + 6, place.y + 1)
        bench.type("X")
        #expect((bench.state.top as? LinePrompt)?.field.text == "a noteX of some length")
        // In one that is scrolled, too, and behind its end.
        bench.press("ctrl-u", "ctrl-k")
        bench.type(String(repeating: "0123456789", count: 20))
        mouse(&bench, .press, place.x + 2, place.y + 1)
        let column = try #require(bench.state.top?.cursor(in: place)).x
        #expect(column - place.x > 2)
        let field = try #require(bench.state.top as? LinePrompt).field
        #expect(field.cursor > 100 && field.cursor < 200)
    }

    @Test func `a click into a field of the form goes to it, and into its value`() throws {
        var bench = several(1)
        bench.press("e")
        let form = try #require(bench.form), place = form.place(on: bench.state.size)
        let area = NewRunForm.rows(in: place).fields
        let item = try #require(
            form.items.firstIndex { if case .field(let index) = $0 { form.fields[index].name == .dataset } else { false } })
        let row = try #require(form.lines(height: area.height).firstIndex(of: .item(item)))
        mouse(&bench, .press, area.x + NewRunForm.labelWidth(area) + 4, area.y + row)
        bench.type("X")
        #expect(bench.form?[.dataset] == "dataX.csv")
    }

    @Test func `a click on what the header counts goes to it`() throws {
        var bench = several(1)
        bench.post("r0", .debugger(.alertRaised(Bench.alert)))
        bench.press("enter")
        let line = Array(Frame(bench.state).text.split(separator: "\n")[0])
        let alert = try #require(line.firstIndex(of: "▲"))
        bench.click(alert + 2, 0)
        #expect(bench.state.screens.isEmpty)
        #expect(bench.state.focus == .alerts)
    }

    @Test func `a click in the prompt that steers writes the setting's name`() throws {
        var bench = Bench()
        bench.addRun("a")
        bench.press("2", "E")
        let prompt = try #require(bench.state.top as? SteerPrompt)
        let parts = SteerPromptParts(prompt, in: StudioLayout.interior(prompt.place(on: bench.state.size)))
        mouse(&bench, .press, parts.settings.x + 4, parts.settings.y + 1)
        mouse(&bench, .press, parts.settings.x + 4, parts.settings.y + 1, clicks: 2)
        #expect((bench.state.top as? SteerPrompt)?.field.text == prompt.names[1] + "=")
        mouse(&bench, .wheelUp, parts.settings.x + 4, parts.settings.y)
        #expect((bench.state.top as? SteerPrompt)?.selected == 0)
    }

    @Test func `the wheel turns through the answers of a question`() throws {
        var bench = Bench()
        bench.addRun("a")
        bench.press("q")
        mouse(&bench, .wheelDown, 60, 20)
        #expect((bench.state.top as? Question)?.selected == 1)
    }

    @Test func `n and N say that a text is on another page only`() throws {
        var bench = several(1)
        bench.press("enter", "right", "/")
        bench.type("learning_rate")
        bench.press("enter", "n")
        #expect(bench.state.pageSearch != nil)
        bench.press("left", "n")
        #expect(bench.state.toast?.text == "“learning_rate” is nowhere on this page")
        #expect(bench.state.popups.isEmpty)
    }
}
