import Cells
import Testing

@testable import Studio

@Suite struct PaneSizeTests {
    private func mouse(_ bench: inout Bench, _ kind: MouseEvent.Kind, _ x: Int, _ y: Int, clicks: Int = 1) {
        bench.send(.input(.mouse(MouseEvent(kind: kind, button: .left, x: x, y: y, clicks: clicks))))
    }

    private func rect(_ bench: Bench, _ pane: Pane) throws -> Rect { try #require(bench.state.layout.panes[pane]) }

    @Test func `keys make the focused pane wider, narrower, higher and lower, and each change is kept`() throws {
        var bench = Bench()
        let before = try rect(bench, .experiments)
        bench.press("2", ")", "^")
        let after = try rect(bench, .experiments)
        #expect(after.width == before.width + 2)
        #expect(after.height == before.height + 1)
        #expect(bench.effects.last == .saveSettings(bench.state.settings))
        bench.press("(", "_")
        #expect(try rect(bench, .experiments) == before)
        // The same keys, on the other side of the borders.
        let curves = try rect(bench, .curves)
        bench.press("3", "ctrl-right", "ctrl-down")
        #expect(try rect(bench, .curves).width == curves.width + 2)
        #expect(try rect(bench, .curves).height == curves.height - 1)
        bench.press("\\")
        #expect(try rect(bench, .curves) == curves)
    }

    @Test func `a border is dragged by the mouse, and written when it is let go`() throws {
        var bench = Bench()
        let curves = try rect(bench, .curves)
        mouse(&bench, .press, curves.x, curves.y + 5)
        mouse(&bench, .drag, curves.x + 4, curves.y + 6)
        mouse(&bench, .drag, curves.x + 10, curves.y + 7)
        #expect(bench.effects.isEmpty)
        #expect(try rect(bench, .curves).x == curves.x + 10)
        mouse(&bench, .release, curves.x + 10, curves.y + 7)
        #expect(bench.effects == [.saveSettings(bench.state.settings)])
        mouse(&bench, .drag, curves.x, curves.y)
        #expect(try rect(bench, .curves).x == curves.x + 10)
        #expect(bench.state.curves.cursor == nil)
    }

    @Test func `where borders meet both are dragged, and a double click resets them`() throws {
        var bench = Bench()
        let (alerts, runs) = (try rect(bench, .alerts), try rect(bench, .experiments))
        mouse(&bench, .press, alerts.x, alerts.y)
        mouse(&bench, .drag, alerts.x - 6, alerts.y - 5)
        mouse(&bench, .release, alerts.x - 6, alerts.y - 5)
        let moved = try rect(bench, .alerts)
        #expect((moved.x, moved.y) == (alerts.x - 6, alerts.y - 5))
        #expect(try rect(bench, .experiments).width == runs.width - 6)
        mouse(&bench, .press, moved.x, moved.y, clicks: 2)
        #expect(try rect(bench, .alerts) == alerts)
    }

    @Test func `a double click on a pane's name shows it alone, and again all of them`() throws {
        var bench = Bench()
        let alerts = try rect(bench, .alerts)
        mouse(&bench, .press, alerts.x + 4, alerts.y)
        mouse(&bench, .press, alerts.x + 4, alerts.y, clicks: 2)
        #expect(bench.state.isZoomed)
        #expect(bench.state.focus == .alerts)
        let whole = try rect(bench, .alerts)
        mouse(&bench, .press, whole.x + 4, whole.y, clicks: 2)
        #expect(!bench.state.isZoomed)
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 60), (60, 50)])
    func `however far a border is moved, every pane keeps room to read`(width: Int, height: Int) throws {
        for names in [[")", "^"], ["(", "_"]] {
            for pane in ["1", "2", "3", "4"] {
                var bench = Bench(width: width, height: height)
                bench.press(pane)
                for _ in 0..<200 { for name in names { bench.press(name) } }
                for rect in bench.state.layout.panes.values {
                    #expect(StudioLayout.interior(rect).width >= 14 && StudioLayout.interior(rect).height >= 2)
                }
                let area = bench.state.layout.panes.values.reduce(0) { $0 + $1.width * $1.height }
                #expect(area == bench.state.layout.body.width * bench.state.layout.body.height)
            }
        }
    }

    @Test func `sizes are shares: another screen and back changes nothing`() throws {
        var bench = Bench(width: 200, height: 60)
        bench.press("1")
        for _ in 0..<20 { bench.press("(") }
        let wide = try rect(bench, .datasets)
        bench.send(.input(.resized(Size(width: 80, height: 24))))
        #expect(try rect(bench, .datasets).width >= 24)
        bench.send(.input(.resized(Size(width: 200, height: 60))))
        #expect(try rect(bench, .datasets) == wide)
        #expect(Settings.parse(bench.state.settings.text).settings == bench.state.settings)
    }

    @Test func `where nothing can be sized it says why`() {
        var bench = Bench(width: 40, height: 20)
        bench.press(")")
        #expect(bench.state.toast?.text.contains("too small") == true)
        bench = Bench()
        bench.press("z", ")")
        #expect(bench.state.toast?.text.contains("z shows the others") == true)
        bench = Bench()
        bench.press("\\")
        #expect(bench.state.toast?.text == "the panes are as large as usual")
    }
}
