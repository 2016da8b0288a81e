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
}
