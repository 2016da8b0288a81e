import Events
import Testing

@testable import StudioState

@Suite("The Experiments pane")
struct RunsTests {
    private func three() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        bench.addRun("b", name: "sgd", status: .completed, created: 2)
        bench.addRun("c", name: "xgb", status: .paused, created: 3)
        bench.press("g")
        return bench
    }

    @Test("newest runs come first, and the selection stays on its run")
    func order() {
        var bench = three()
        #expect(bench.names == ["xgb", "sgd", "adam"])
        bench.press("j")
        #expect(bench.selectedName == "sgd")
        bench.addRun("d", name: "new", created: 9)
        #expect(bench.selectedName == "sgd")
        #expect(bench.names.first == "new")
    }

    @Test("the filter works while it is typed; one that matches nothing keeps the view")
    func filter() {
        var bench = three()
        bench.press("/")
        bench.type("sg")
        #expect(bench.names == ["sgd"])
        bench.type("zzz")
        #expect(bench.names == ["sgd"])
        #expect(bench.state.experiments.filter.matchesNothing)
        bench.press("esc")
        #expect(bench.names.count == 3)
    }

    @Test("a kept filter is taken off by escape")
    func filterEscape() {
        var bench = three()
        bench.press("/")
        bench.type("status:paused")
        bench.press("enter")
        #expect(bench.names == ["xgb"])
        bench.press("esc")
        #expect(bench.names.count == 3)
    }

    @Test("filters compare metrics and hyperparameters, and negate")
    func filterGrammar() {
        var summary = RunSummary(record: Bench.record("a", name: "adam"))
        summary.lastMetrics = [MetricName("validation:loss"): 0.25]
        #expect(RunFilter("loss<0.3").accepts(summary))
        #expect(!RunFilter("loss<0.2").accepts(summary))
        #expect(RunFilter("epochs=3 -xgb").accepts(summary))
        #expect(!RunFilter("-adam").accepts(summary))
        #expect(RunFilter("learning_rate>=0.1 name:AD").accepts(summary))
    }

    @Test("runs sort by the chosen column; those without a value come last either way")
    func sort() {
        var bench = three()
        bench.record("a", "validation:loss", [0.2])
        bench.record("b", "validation:loss", [0.1])
        bench.press(">", ">", ">")
        #expect(bench.state.experiments.sortColumn == .objective)
        #expect(bench.names == ["sgd", "adam", "xgb"])
        bench.press("r")
        #expect(bench.names == ["adam", "sgd", "xgb"])
    }

    @Test("stopping asks once, and stops what is marked")
    func stop() {
        var bench = three()
        bench.press("G", "s")
        #expect(bench.commands.isEmpty)
        bench.press("enter")
        #expect(bench.commands == [.stopJob(RunID("a"))])
        #expect(bench.state.popups.isEmpty)
    }

    @Test("pause pauses a running run and goes on with a paused one")
    func pause() {
        var bench = three()
        bench.press("p")
        #expect(bench.commands == [.resumeJob(RunID("c"))])
        bench.press("G", "p")
        #expect(bench.commands == [.pauseJob(RunID("a"))])
    }

    @Test("a completed run cannot be resumed, and the message says so")
    func pauseCompleted() {
        var bench = three()
        bench.press("j", "p")
        #expect(bench.commands.isEmpty)
        #expect(bench.state.toast?.text == "sgd is already complete")
    }

    @Test("delete moves to the bin at once, undo brings back")
    func delete() {
        var bench = three()
        bench.press("j", "d")
        #expect(bench.commands == [.deleteRun(RunID("b"))])
        #expect(bench.names == ["xgb", "adam"])
        bench.press("u")
        #expect(bench.commands == [.restoreRun(RunID("b"))])
        #expect(bench.names == ["xgb", "sgd", "adam"])
    }

    @Test("a running run cannot be deleted")
    func deleteRunning() {
        var bench = three()
        bench.press("G", "d")
        #expect(bench.commands.isEmpty)
        #expect(bench.names.count == 3)
    }

    @Test("marks overlay curves, all at once and none again")
    func marks() {
        var bench = three()
        bench.press("space", "space")
        #expect(bench.state.shownRuns.map(\.text) == ["c", "b"])
        bench.press("a")
        #expect(bench.state.experiments.marks.count == 3)
        bench.press("a")
        #expect(bench.state.experiments.marks.isEmpty)
        bench.press("u")
        #expect(bench.state.experiments.marks.count == 3)
    }

    @Test("a run keeps its badge while it is shown, and no two share one")
    func badges() {
        var bench = Bench()
        for index in 0..<20 { bench.addRun("r\(index)", status: .completed, created: Double(index)) }
        let letters = bench.state.experiments.rows.map { bench.state.runs.badges.letter(of: $0) }.filter { $0 != "·" }
        #expect(letters.count == 8)
        #expect(Set(letters).count == 8)
        bench.press("G", "space")
        let marked = RunID("r0")
        let letter = bench.state.runs.badges.letter(of: marked)
        #expect(letter != "·")
        bench.addRun("later", created: 99)
        #expect(bench.state.runs.badges.letter(of: marked) == letter)
    }

    @Test("events of a run that is not known have the store asked")
    func unknownRun() {
        var bench = Bench()
        bench.post("zz", .progressReported(JobProgress(step: 1, plannedSteps: 2, rowsPerSecond: 3)))
        #expect(bench.effects.contains(.loadRuns))
    }

    @Test("two thousand runs are filtered and sorted while one types")
    func manyRuns() {
        var bench = Bench()
        let summaries = (0..<2000).map { RunSummary(record: Bench.record("r\($0)", name: "run-\($0)", created: Double($0))) }
        bench.send(.runsLoaded(summaries))
        bench.press("/")
        bench.type("run-199")
        #expect(bench.names.count == 11)
        bench.press("enter", ">", ">")
        #expect(bench.names.first == "run-199")
    }
}
