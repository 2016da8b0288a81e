import Cells
import Events
import Testing

@testable import Studio

@Suite("Getting about")
struct NavigationTests {
    /// A parent, a fork of it with an alert, and the data both learned from.
    private func bench() -> Bench {
        var bench = Bench()
        bench.addRun("p", name: "parent", status: .completed, created: 1)
        var fork = Bench.record("a", name: "adam", created: 2)
        fork.fork = RunFork(parent: RunID("p"), step: 40)
        bench.post("a", .run(.registered(fork)))
        bench.post("a", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 100))))
        bench.post("a", .debugger(.alertRaised(Bench.alert)))
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        bench.press("2", "g")
        while bench.selectedName != "adam", bench.state.experiments.cursor.index < 2 { bench.press("j") }
        return bench
    }

    private func page(_ bench: Bench) -> RunPage? { bench.state.screens.last as? RunPage }

    private func header(_ bench: Bench) -> String {
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        return String(String.UnicodeScalarView((0..<bench.state.size.width).map { buffer[$0, 0].scalar }))
    }

    @Test("1 to 4 lead home from anywhere, and keep the cursors", arguments: ["1", "2", "3", "4"])
    func home(_ digit: String) {
        var bench = bench()
        bench.press("enter", "right", digit)
        #expect(bench.state.screens.isEmpty && bench.state.focus.rawValue == Int(digit))
        #expect(bench.selectedName == "adam")
        bench.press("ctrl-o")
        #expect(page(bench)?.tab == .configuration)
    }

    @Test("q closes a screen and leaves the studio from home alone")
    func closing() {
        var bench = Bench()
        bench.addRun("p", status: .completed)
        bench.press("2", "enter", "q")
        #expect(bench.state.screens.isEmpty && !bench.effects.contains(.quit(.stopAndSave)))
        bench.press("q")
        #expect(bench.effects == [.quit(.stopAndSave)])
    }

    @Test("ctrl-c asks before it throws a half-filled form away")
    func halfFilled() {
        var bench = Bench()
        bench.press("n", "ctrl-c")
        #expect(bench.effects.contains(.quit(.stopAndSave)))
        bench.type("iris.csv")
        bench.press("ctrl-c")
        #expect(bench.effects.isEmpty && bench.state.top is Question)
        bench.press("b")
        #expect((bench.state.top as? NewRunForm)?[.dataset] == "iris.csv")
        bench.press("ctrl-c", "q")
        #expect(bench.effects == [.quit(.stopAndSave)])
    }

    @Test("on a run's page everything is done to that run that is done in the table")
    func actions() {
        var bench = bench()
        bench.press("space", "k", "enter")
        let run = page(bench)?.run
        #expect(run != nil)
        bench.press("'", "p")
        guard let shown = page(bench)?.run else { return }
        bench.press("t")
        bench.type("good")
        bench.press("enter")
        #expect(bench.state.runs[shown]?.tags == ["good"])
        #expect(bench.state.targetRuns.map(\.record.id) == [shown])
        bench.press("b")
        #expect(bench.state.experiments.baseline == shown)
        bench.press("e")
        #expect(bench.state.popups.last is NewRunForm)
        bench.press("esc", ":")
        #expect(bench.state.popups.last is Menu)
        bench.press("esc", "c")
        #expect(bench.state.screens.last is ComparePage)
    }

    @Test("deleting the run of a page closes it; undo brings the run back and selects it")
    func deleting() {
        var bench = bench()
        bench.press("'", "p", "d")
        #expect(bench.state.screens.isEmpty && bench.effects.contains(.command(.deleteRun(RunID("p")))))
        bench.press("u")
        #expect(bench.selectedName == "parent")
    }

    @Test("two keys lead to what belongs to a run, and one back", arguments: ["d", "p", "a"])
    func related(_ letter: String) {
        var bench = bench()
        bench.press("enter", "'", letter)
        switch letter {
        case "d": #expect(bench.state.focus == .datasets && bench.state.datasets.selected?.name == "data.csv")
        case "p": #expect(page(bench)?.run == RunID("p"))
        default: #expect(bench.state.focus == .alerts && bench.state.alerts.selected?.run == RunID("a"))
        }
        bench.press(letter == "d" ? "ctrl-o" : "esc")
        #expect(page(bench)?.run == RunID("a"))
    }

    @Test("what is not there says why, and what would make it")
    func missing() {
        var bench = bench()
        bench.press("'", "b")
        #expect(bench.state.toast?.text == "there is no baseline: b on a run makes it one")
        #expect(bench.state.popups.last is Question)
        bench.press("c")
        #expect(bench.state.toast?.text.contains("no run was made from it") == true)
    }

    @Test("a dataset leads to its runs, an alert to its run")
    func others() {
        var bench = bench()
        bench.press("1", "'", "r")
        #expect(page(bench)?.run == RunID("a"))
        bench.press("4", "'", "r")
        #expect(page(bench)?.run == RunID("a") && page(bench)?.tab == .alerts)
    }

    @Test("the palette finds runs and data by name")
    func finding() {
        var bench = bench()
        bench.press(":")
        bench.type("adam")
        bench.press("enter")
        #expect(page(bench)?.run == RunID("a"))
        bench.press(":")
        bench.type("data.csv")
        bench.press("enter")
        #expect(bench.state.screens.isEmpty && bench.state.datasets.selected?.name == "data.csv")
    }

    @Test("the header says the way here, and a click on it leads back")
    func breadcrumb() throws {
        var bench = bench()
        bench.press("enter", "'", "p", "right")
        let text = header(bench)
        #expect(text.contains("test › ") && text.contains("adam › ") && text.contains("parent: configuration"))
        let start = try #require(text.firstRange(of: "adam"))
        bench.click(text.distance(from: text.startIndex, to: start.lowerBound), 0)
        #expect(page(bench)?.run == RunID("a") && bench.state.screens.count == 1)
        bench.click(11, 0)
        #expect(bench.state.screens.isEmpty)
    }

    @Test("half pages in lists and texts, and the whole screen drawn anew")
    func halfPages() {
        var bench = Bench()
        for index in 0..<200 { bench.addRun("r\(index)", status: .completed, created: Double(index)) }
        bench.press("2", "g", "ctrl-d")
        let half = bench.state.experiments.cursor.index
        #expect(half > 3)
        bench.press("ctrl-d", "ctrl-u")
        #expect(bench.state.experiments.cursor.index == half)
        bench.press("ctrl-l")
        #expect(bench.effects.contains(.redraw))
    }

    @Test("ten thousand runs are found without lag")
    func many() {
        var bench = Bench()
        let runs = (0..<10_000).map { RunSummary(record: Bench.record("r\($0)", name: "run-\($0)", created: Double($0))) }
        bench.send(.runsLoaded(runs))
        bench.press(":")
        bench.type("run-77")
        let names = (bench.state.popups.last as? Menu)?.objects.map(\.title) ?? []
        #expect(names.prefix(3) == ["run-77", "run-779", "run-778"])
    }
}

@Suite("An empty workspace")
struct WelcomeTests {
    @Test("says what to press, by the user's own keys", arguments: [(80, 24), (120, 40), (200, 60)])
    func welcome(_ width: Int, _ height: Int) {
        let bench = Bench(width: width, height: height, settings: Settings(keyOverrides: ["data.open": ["ctrl-x"]]))
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        let text = buffer.textPlane.joined(separator: "\n")
        #expect(text.contains("Nothing here yet. To begin:") && text.contains("n   start a run on it"))
        #expect(text.contains("descent demo: all of it"))
    }
}

@Suite("Finding on a page")
struct PageSearchTests {
    @Test("/ finds a text, n and N go through the lines that have it, esc ends it before it closes the page")
    func finding() {
        var bench = Bench(width: 80, height: 12)
        var record = Bench.record("a", name: "adam")
        for index in 0..<40 { record.hyperparameters["setting_\(index)"] = String(index) }
        bench.post("a", .run(.registered(record)))
        bench.press("2", "g", "enter")
        bench.turn(to: .configuration)
        bench.press("/")
        bench.type("SETTING_3")
        bench.press("enter")
        #expect(bench.state.pageSearch?.hit == 0)
        let first = bench.state.screens.last?.reading.top ?? 0
        #expect(first > 0)
        bench.press("n")
        #expect(bench.state.pageSearch?.hit == 1 && bench.state.toast?.text == "2 of 11 lines with “SETTING_3”")
        bench.press("N", "N")
        #expect(bench.state.pageSearch?.hit == 10)
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        #expect(buffer.cells.contains { $0.style == Style(.selectionText, on: .selection, [.bold, .underline]) })
        bench.press("esc")
        #expect(bench.state.pageSearch == nil && bench.state.screens.count == 1)
        bench.press("/")
        bench.type("nowhere")
        bench.press("enter")
        #expect(bench.state.pageSearch == nil && bench.state.toast?.text.contains("nowhere on this page") == true)
        bench.press("n")
        #expect(bench.state.popups.last is NewRunForm)
    }
}
