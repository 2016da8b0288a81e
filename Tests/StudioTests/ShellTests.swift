import Cells
import Events
import Testing

@testable import Studio

@Suite("The studio")
struct ShellTests {
    @Test("without jobs it quits at once")
    func quitsAtOnce() {
        var bench = Bench()
        bench.press("q")
        #expect(bench.effects == [.quit(.stopAndSave)])
    }

    @Test("with jobs it asks what becomes of them")
    func quitAsks() {
        var bench = Bench()
        bench.addRun("a")
        bench.press("ctrl-c")
        #expect(bench.effects.isEmpty)
        bench.press("a")
        #expect(bench.effects == [.quit(.abandon)])
        bench.press("q", "c")
        #expect(bench.effects.isEmpty)
        bench.press("q", "s")
        #expect(bench.effects == [.quit(.stopAndSave)])
        bench.press("q", "enter")
        #expect(bench.effects == [.quit(.goOn)])
    }

    @Test("it can wait for the jobs and then quit")
    func quitWaits() {
        var bench = Bench()
        bench.addRun("a", name: "slow")
        bench.press("q", "w")
        #expect(bench.effects.isEmpty)
        bench.post(
            "a", .job(.finished(JobResult(name: "slow", status: .completed, reason: .unsaid, bestStep: nil, metrics: [:]))))
        #expect(bench.effects.contains(.quit(.wait)))
    }

    @Test("escape takes one layer off at a time")
    func escape() {
        var bench = Bench()
        bench.addRun("a")
        bench.press("space", "z", "?")
        bench.press("esc")
        #expect(bench.state.top == nil && bench.state.isZoomed)
        bench.press("esc")
        #expect(!bench.state.isZoomed && !bench.state.experiments.marks.isEmpty)
        bench.press("esc")
        #expect(bench.state.experiments.marks.isEmpty)
    }

    @Test("tab and numbers move the focus")
    func focus() {
        var bench = Bench()
        bench.press("1", "tab")
        #expect(bench.state.focus == .experiments)
        bench.press("shift-tab", "shift-tab")
        #expect(bench.state.focus == .alerts)
        bench.press("3")
        #expect(bench.state.focus == .curves)
    }

    @Test("an idle studio has nothing to draw")
    func idle() {
        var bench = Bench()
        bench.state.didDraw()
        bench.send(.tick(now: 1001))
        bench.send(.events([], []))
        bench.send(.input(.key(Key(.function(9)))))
        bench.send(.input(.focusLost))
        bench.send(.input(.resized(Size(width: 120, height: 40))))
        #expect(!bench.state.needsRedraw)
        bench.send(.tick(now: 1080))
        #expect(bench.state.needsRedraw)
    }

    @Test("ticks come each second only while there is something to count")
    func tickInterval() {
        var bench = Bench()
        #expect(bench.state.tickInterval == 60)
        bench.addRun("a")
        #expect(bench.state.tickInterval == 1)
    }

    @Test("themes are previewed while one moves, and escape restores")
    func themes() {
        var bench = Bench(settings: Settings(theme: "dark"))
        bench.send(.themesListed(["dark", "light", "ocean"]))
        bench.press("T", "down")
        #expect(bench.effects == [.setTheme("light")])
        bench.press("esc")
        #expect(bench.effects == [.setTheme("dark")])
        bench.press("T", "down", "enter")
        #expect(bench.state.settings.theme == "light")
        #expect(bench.effects.contains(.saveSettings(bench.state.settings)))
    }

    @Test("the theme menu hides nothing of what it previews", arguments: [(80, 24), (120, 40), (40, 20)])
    func themeStrip(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        let before = Frame(state).buffer.textPlane
        state.press("T")
        let during = Frame(state).buffer.textPlane
        // Only the line of hints gives way.
        #expect(during.dropLast() == before.dropLast())
        #expect(during.last?.contains("descent-dark") == true)
        state.press("right", "right")
        #expect(Frame(state).buffer.textPlane.last?.contains("paper-light") == true)
        #expect(Frame(state).buffer.textPlane.dropLast() == before.dropLast())
        state.press("esc")
        #expect(Frame(state).buffer.textPlane == before)
    }

    @Test("a click on a theme's name shows it, another takes it")
    func themeClick() {
        var bench = Bench(settings: Settings(theme: "dark"))
        bench.send(.themesListed(["dark", "light", "ocean"]))
        bench.press("T")
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        let line = buffer.textPlane[39],
            start = line.range(of: "ocean").map { line.distance(from: line.startIndex, to: $0.lowerBound) }
        bench.click(start ?? 0, 39)
        #expect(bench.effects == [.setTheme("ocean")])
        bench.click(start ?? 0, 39)
        #expect(bench.state.settings.theme == "ocean" && bench.state.top == nil)
    }

    @Test("opening a file shows it while it is read, and its error when it cannot be")
    func openData() {
        var bench = Bench()
        bench.press("o")
        bench.type("bad.csv")
        bench.press("enter")
        #expect(bench.effects == [.command(.profileDataset(path: "bad.csv"))])
        #expect(bench.state.datasets.selected?.content == .loading)
        bench.post(nil, .dataset(.failed(path: "bad.csv", message: "bad.csv:3:1: no")))
        #expect(bench.state.datasets.selected?.content == .failed("bad.csv:3:1: no"))
        bench.press("d")
        #expect(bench.state.datasets.datasets.isEmpty)
        bench.press("u")
        #expect(bench.state.datasets.datasets.count == 1)
    }

    @Test("alerts come newest first and are not doubled")
    func alerts() {
        var bench = Bench()
        bench.addRun("a")
        var second = Bench.alert
        second.step = 9
        bench.post("a", .debugger(.alertRaised(Bench.alert)), at: 1002)
        bench.post("a", .debugger(.alertRaised(second)), at: 1003)
        let event = StudioEvent(sequence: 1, wallTime: 1002, run: RunID("a"), kind: .debugger(.alertRaised(Bench.alert)))
        bench.send(.alertsLoaded(RunID("a"), [event]))
        #expect(bench.state.alerts.items.map(\.alert.step) == [9, 7])
        #expect(bench.effects.contains(.bell))
    }

    @Test("messages go away by themselves")
    func toast() {
        var bench = Bench()
        bench.send(.commandRefused("no"))
        #expect(bench.state.toast?.text == "no")
        bench.send(.tick(now: 1100))
        #expect(bench.state.toast == nil)
        #expect(bench.state.log.last?.text == "no")
    }

    @Test("a click focuses the pane and selects the row; a click on a hint does it")
    func mouse() throws {
        var bench = Bench()
        for index in 0..<5 { bench.addRun("r\(index)", created: Double(index)) }
        bench.press("3")
        let rows = StudioLayout.runRows(bench.state.layout.interior(.experiments))
        bench.click(rows.x + 4, rows.y + 2)
        #expect(bench.state.focus == .experiments)
        #expect(bench.selectedName == "run-r2")
        let hint = try #require(HintBar.hints(bench.state).hints.first { $0.action == .help })
        bench.click(hint.x, bench.state.layout.hints.y)
        #expect(bench.state.popups.count == 1)
    }

    @Test("the mouse is not listened to when it is switched off")
    func mouseOff() {
        var bench = Bench(settings: Settings(mouse: false))
        bench.click(110, 5)
        #expect(bench.state.focus == .experiments)
    }

    @Test("at every size the panes cover the body without overlap")
    func layout() {
        for width in stride(from: 24, through: 220, by: 7) {
            for height in stride(from: 6, through: 70, by: 3) {
                for zoomed in [false, true] {
                    let layout = StudioLayout(size: Size(width: width, height: height), focus: .curves, isZoomed: zoomed)
                    let area = layout.panes.values.reduce(0) { $0 + $1.width * $1.height }
                    #expect(area == layout.body.width * layout.body.height, "\(width)×\(height)")
                    #expect(layout.panes[.curves] != nil)
                    for (pane, rect) in layout.panes {
                        #expect(rect.intersection(layout.body) == rect)
                        for (other, otherRect) in layout.panes where other != pane {
                            #expect(rect.intersection(otherRect).isEmpty, "\(pane) over \(other) at \(width)×\(height)")
                        }
                    }
                }
            }
        }
    }
}
