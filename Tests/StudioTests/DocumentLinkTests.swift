import Cells
import Events
import Testing

@testable import Studio

@Suite("Names that lead somewhere")
struct DocumentLinkTests {
    /// A parent, a fork of it, and the data both learned from.
    private func bench(width: Int = 120, height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.addRun("p", name: "parent", status: .completed, created: 1)
        var fork = Bench.record("a", name: "adam", created: 2)
        fork.fork = RunFork(parent: RunID("p"), step: 40)
        bench.post("a", .run(.registered(fork)))
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        bench.press("2", "g")
        while bench.selectedName != "adam", bench.state.experiments.cursor.index < 2 { bench.press("j") }
        bench.press("enter")
        return bench
    }

    private func page(_ bench: Bench) -> RunPage? { bench.state.screens.last as? RunPage }

    /// Where a text stands on the screen.
    private func place(of text: String, _ bench: Bench) -> (x: Int, y: Int)? {
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        for (y, line) in buffer.textPlane.enumerated() {
            if let range = line.range(of: text) { return (line.distance(from: line.startIndex, to: range.lowerBound), y) }
        }
        return nil
    }

    @Test("j goes to the next name, enter follows it, esc comes back to it")
    func follow() throws {
        var bench = bench()
        bench.press("j")
        #expect(page(bench)?.reading.stop?.link == .run(RunID("p"), .overview))
        bench.press("enter")
        #expect(page(bench)?.run == RunID("p"))
        bench.press("esc")
        #expect(page(bench)?.run == RunID("a"))
        #expect(page(bench)?.reading.stop?.link == .run(RunID("p"), .overview))
        bench.press("j")
        #expect(page(bench)?.reading.stop?.link == .dataset("data.csv"))
        bench.press("k")
        #expect(page(bench)?.reading.stop?.link == .run(RunID("p"), .overview))
    }

    @Test("a name that leads somewhere is underlined, and the one under the cursor is lit")
    func look() throws {
        var bench = bench()
        let at = try #require(place(of: "parent at step 40", bench))
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        #expect(buffer[at.x, at.y].style.attributes.contains(.underline))
        #expect(buffer[at.x, at.y].style.background == .popup)
        bench.press("j")
        draw(bench.state, into: &buffer)
        #expect(buffer[at.x, at.y].style.background == .selection)
    }

    @Test("a click on a name goes there, beside it nowhere")
    func click() throws {
        var bench = bench()
        let at = try #require(place(of: "parent at step 40", bench))
        bench.click(at.x - 4, at.y)
        #expect(page(bench)?.run == RunID("a"))
        bench.click(at.x + 1, at.y)
        #expect(page(bench)?.run == RunID("p"))
    }

    @Test("from a run to its data, and with one esc back to where one was")
    func data() {
        var bench = bench()
        bench.press("j", "j", "enter")
        #expect(bench.state.screens.isEmpty && bench.state.focus == .datasets && bench.state.isZoomed)
        #expect(bench.state.datasets.selected?.path == "data.csv")
        bench.press("esc")
        #expect(page(bench)?.run == RunID("a"))
        // What one zoomed oneself is left step by step.
        bench.press("esc")
        bench.press("1", "z", "esc")
        #expect(!bench.state.isZoomed && bench.state.screens.isEmpty)
    }

    @Test("where no name is in view the page scrolls line by line as before")
    func scrolling() throws {
        var bench = bench(width: 80, height: 24)
        bench.turn(to: .configuration)
        let lines = try #require(bench.state.openPage?.layout.lines.count)
        let height = try #require(bench.state.openPage?.rows.height)
        bench.press("j")
        #expect(page(bench)?.reading.stop?.link == .dataset("data.csv"))
        for _ in 0..<lines { bench.press("j") }
        #expect(page(bench)?.reading.top == max(0, lines - height))
        for _ in 0..<2 * lines { bench.press("k") }
        #expect(page(bench)?.reading.top == 0)
    }

    @Test("messages name runs, and enter goes to them")
    func messages() throws {
        var bench = bench()
        bench.press("esc", "L")
        let links = try #require(bench.screen(width: 100)).stops.compactMap(\.link)
        #expect(links.contains(.run(RunID("a"), .overview)) && links.contains(.run(RunID("p"), .overview)))
        bench.press("j", "enter")
        #expect(page(bench) != nil)
    }

    @Test("a name within other words is none")
    func words() {
        var bench = bench()
        bench.addRun("x", name: "net", created: 9)
        let text = "“net”: the network of net, and adam."
        let names = ObjectNames(bench.state, in: [text, "nothing here"])
        let found = names.parts(text, .text).filter { $0.link != nil }
        #expect(found.map(\.text) == ["net", "net", "adam"])
        #expect(names.parts("nothing here", .text).map(\.text) == ["nothing here"])
    }

    @Test("e writes the table under the cursor")
    func table() throws {
        var bench = Bench()
        for index in 0..<5 { bench.addRun("r\(index)", name: "run-\(index)", status: .completed, created: Double(index)) }
        bench.press("2", "a", "c")
        let runs = bench.state.runsToCompare
        bench.compared(
            RunComparison(
                runs: runs, names: runs.map(\.text),
                metrics: [
                    .init(
                        name: .validationLoss, minimises: true, isObjective: true, values: runs.indices.map { Double($0) + 0.5 },
                        verdicts: runs.map { _ in nil })
                ], hyperparameters: [.init("epochs", runs.indices.map { "\($0)" })], environment: []))
        bench.press("e")
        guard case .exportText(let name, let text)? = bench.effects.first else {
            Issue.record("nothing was written")
            return
        }
        #expect(name == "compare-5-runs-settings.csv")
        #expect(text == "name,run-4,run-3,run-2,run-1,run-0\nepochs,0,1,2,3,4\n")
        bench.press("j", "j", "e")
        guard case .exportText("compare-5-runs-metrics.csv", let metrics)? = bench.effects.first else {
            Issue.record("not the table under the cursor")
            return
        }
        #expect(metrics.contains("validation:loss,0.5,1.5,2.5,3.5,4.5"))
    }

    @Test("enter on a checkpoint forks the run there")
    func checkpoint() throws {
        var state = SampleStudio.busy(100, 30)
        state.press("2", "G", "enter")
        let run = try #require(state.runOnPage)
        while (state.top as? RunPage)?.tab != .checkpoints { state.press("right") }
        state.give(ReadRunDetails(run), SampleStudio.details(run))
        state.press("j", "j", "j")
        #expect((state.top as? RunPage)?.reading.stop?.link == .checkpoint(run, 2_000))
        state.press("enter")
        state.give(FindForkPlaces(run), ForkPlaces(steps: [3_600, 3_000, 2_000, 800], bestStep: 3_600))
        let prompt = try #require(state.top as? SteerPrompt)
        let fork = try #require(prompt.fork)
        #expect(prompt.run == run && fork.entries[fork.selected].step == 2_000)
    }

    @Test("a cursor goes through a page's chart and says what its curves have there; e writes the chart")
    func chart() throws {
        var bench = Bench()
        for (index, id) in ["a", "b"].enumerated() {
            bench.addRun(id, name: "run-\(id)", status: .completed, created: Double(index))
            bench.record(id, "validation:loss", [0.75, 0.5, 0.25 + Double(index) / 8])
        }
        bench.press("2", "a", "c")
        let runs = bench.state.runsToCompare
        bench.compared(RunComparison(runs: runs, names: runs.map(\.text), metrics: [], hyperparameters: [], environment: []))
        bench.press(",")
        #expect(Frame(bench.state).text.contains("at 3"))
        #expect(Frame(bench.state).text.contains("0.3750") && Frame(bench.state).text.contains("0.2500"))
        for _ in 0..<200 { bench.press(",") }
        #expect(Frame(bench.state).text.contains("at 1") && Frame(bench.state).text.contains("0.7500"))
        bench.press("e")
        #expect(bench.effects == [.exportSVG(name: "compare-2-runs-curves.svg")])
        #expect(bench.state.curvesSVG(theme: .descentDark).contains("Curves   loss over step"))
        // Another chart, or none, has no cursor of this one.
        bench.press("g", "k")
        bench.press("esc")
        #expect(bench.state.pageChart == nil)
    }

    @Test("on a run's page, whose e is another, ctrl-e offers what has the cursor")
    func menu() throws {
        var state = SampleStudio.busy(200, 60)
        state.press("2", "G", "enter", ",")
        #expect(state.pageChart != nil)
        state.press("ctrl-e")
        let menu = try #require(state.top as? Menu)
        #expect(MenuEntry.entries(of: menu, state).first?.outcome == .action(.exportTable))
        guard case .exportSVG(let name)? = state.press("enter").first else {
            Issue.record("nothing was written")
            return
        }
        #expect(name.hasSuffix("log_loss.svg"))
        state.press("esc", "ctrl-e")
        let home = try #require(state.top as? Menu)
        #expect(!MenuEntry.entries(of: home, state).contains { $0.outcome == .action(.exportTable) })
    }
}
