import Events
import Testing

@testable import Studio

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

    @Test("whether to stop is not asked any more of a run that has completed meanwhile")
    func stopAfterTheEnd() {
        var bench = three()
        bench.addRun("d", name: "other", created: 0)
        bench.press("G", "k", "s")
        #expect(bench.selectedName == "adam" && bench.state.popups.last is Question)
        bench.post(
            "d", .job(.finished(JobResult(name: "other", status: .completed, reason: .maxEpochs, bestStep: nil, metrics: [:]))))
        #expect(bench.state.popups.last is Question)
        bench.post(
            "a", .job(.finished(JobResult(name: "adam", status: .completed, reason: .maxEpochs, bestStep: nil, metrics: [:]))))
        #expect(bench.state.popups.isEmpty && bench.state.toast?.text.contains("adam completed") == true)
    }

    @Test("until the user chooses, a run that trains is selected rather than one that waits")
    func firstSelection() {
        var bench = Bench()
        bench.addRun("q", name: "queued", status: .pending, created: 9)
        #expect(bench.selectedName == "queued")
        bench.addRun("a", name: "adam", created: 1)
        #expect(bench.selectedName == "adam")
        bench.addRun("b", name: "later", created: 2)
        #expect(bench.selectedName == "adam")
        bench.press("g")
        #expect(bench.selectedName == "queued")
        bench.addRun("c", name: "latest", created: 3)
        #expect(bench.selectedName == "queued")
    }

    @Test("a click on a column's header sorts by it, another the other way round, and both are kept")
    func headerClick() throws {
        var bench = three()
        let interior = bench.state.layout.interior(.experiments)
        let table = RunTable(bench.state, in: interior)
        let place = try #require(table.layout.places.first { table.columns[$0.index] == .name })
        bench.click(interior.x + 1 + place.x, interior.y)
        #expect(bench.names == ["adam", "sgd", "xgb"])
        #expect(bench.effects == [.saveSettings(bench.state.settings)])
        bench.click(interior.x + 1 + place.x, interior.y)
        #expect(bench.names == ["xgb", "sgd", "adam"])
        #expect(Bench(settings: bench.state.settings).state.experiments.sort.field == .name)
        #expect(Bench(settings: bench.state.settings).state.experiments.sort.isReversed)
    }

    @Test("names have room for twenty characters on a common screen, before progress has any")
    func nameWidth() throws {
        var bench = Bench(width: 120, height: 40)
        bench.addRun("a", name: "churn-unshuffled-256")
        let table = RunTable(bench.state, in: bench.state.layout.interior(.experiments))
        let place = try #require(table.layout.places.first { table.columns[$0.index] == .name })
        #expect(place.width >= 20)
        #expect(!table.columns.contains(.alerts))
        bench.post("a", .debugger(.alertRaised(Bench.alert)))
        #expect(RunTable(bench.state, in: bench.state.layout.interior(.experiments)).columns.contains(.alerts))
    }

    @Test("the header names the selected run's objective; a column says each run's when they differ")
    func objectives() throws {
        var bench = Bench(width: 200, height: 60)
        bench.addRun("a", created: 1)
        func title(_ bench: Bench) -> String? {
            let table = RunTable(bench.state, in: bench.state.layout.interior(.experiments))
            return table.columns.firstIndex(of: .objective).map { table.specs[$0].title }
        }
        #expect(title(bench) == "loss ↓")
        var record = Bench.record("b", name: "b", created: 2)
        record.objective = Objective(metric: MetricName("validation:accuracy"), minimises: false)
        bench.post("b", .run(.registered(record)))
        #expect(title(bench) == "loss ↓")
        bench.press("g")
        #expect(title(bench) == "accuracy ↑")
        #expect(RunTable(bench.state, in: bench.state.layout.interior(.experiments)).columns.contains(.metric))
    }

    @Test("the filter works while it is typed; one that matches nothing keeps the view")
    func filter() {
        var bench = three()
        bench.press("/")
        bench.type("sg")
        #expect(bench.names == ["sgd"])
        bench.type("zzz")
        #expect(bench.names == ["sgd"])
        #expect(bench.state.experiments.filter.isBehind)
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

    @Test("runs sort by the chosen column; those without a value come last either way")
    func sort() {
        var bench = three()
        bench.record("a", "validation:loss", [0.2])
        bench.record("b", "validation:loss", [0.1])
        bench.press(">", ">", ">")
        #expect(bench.state.experiments.sort.field == .objective)
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
        #expect(bench.state.top == nil)
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
        #expect(bench.state.toast?.text == "sgd is already complete: E gives it more epochs")
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

    @Test("every run has its letter and colour by its number, whatever else is there and in whatever order it came")
    func looks() {
        var first = Bench()
        for index in 0..<20 { first.addRun("r\(index)", status: .completed, created: Double(index)) }
        let ids = first.state.experiments.rows
        #expect(Set(ids.map { first.state.runs.letter(of: $0) }).count == 20)
        var second = Bench()
        second.send(.runsLoaded(ids.suffix(7).reversed().compactMap { first.state.runs[$0] }))
        for id in ids.suffix(7) {
            #expect(second.state.runs.letter(of: id) == first.state.runs.letter(of: id))
            #expect(second.state.runs.role(of: id) == first.state.runs.role(of: id))
        }
    }

    @Test("of runs of one colour beside each other all but the first are dashed, and none is left grey")
    func sameColor() {
        var bench = Bench()
        for index in 0..<12 {
            bench.addRun("r\(index)", created: Double(index))
            bench.record("r\(index)", "validation:loss", [1, 2, 3])
        }
        let curves = CurvesScene(bench.state).chart.series
        #expect(curves.map(\.dash) == Array(repeating: .solid, count: 8) + Array(repeating: .dashed, count: 4))
        #expect(curves.allSatisfy { !$0.isDimmed && $0.badge != nil })
    }

    @Test("the sorted column is marked before its title, by whether values rise or fall; what no column says is in the title")
    func sortMark() {
        var bench = Bench(width: 120, height: 30)
        bench.addRun("a", status: .completed, created: 1)
        bench.record("a", "validation:loss", [3, 2])
        #expect(Frame(bench.state).text.contains("▾newest"))
        #expect(Frame(bench.state).text.contains("loss ↓"))
        bench.press("2", "r")
        #expect(Frame(bench.state).text.contains("▴oldest"))
        bench.press("r", ">", ">", ">")
        #expect(bench.state.experiments.sort.field == .objective)
        // The best, which is the smallest, is on top.
        #expect(Frame(bench.state).text.contains("▴loss ↓"))
        #expect(!Frame(bench.state).text.contains("newest"))
        bench.press("r")
        #expect(Frame(bench.state).text.contains("▾loss ↓"))
    }

    @Test("events of a run that is not known have the store asked")
    func unknownRun() {
        var bench = Bench()
        bench.post("zz", .job(.progressReported(JobProgress(step: 1, plannedSteps: 2, rowsPerSecond: 3))))
        #expect(bench.asked(ReadRuns()))
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

    @Test("of several edited runs those are taken back that nobody edited since")
    func undoBesideOthers() {
        var bench = Bench()
        bench.addRun("a", status: .completed, created: 1)
        bench.addRun("b", status: .completed, created: 2)
        bench.press("2", "a", "N")
        bench.type("mine")
        bench.press("enter")
        bench.post("a", .run(.edited(RunEdit(note: "theirs"))))
        bench.press("u")
        #expect(bench.commands == [.editRun(RunID("b"), RunEdit(note: ""))])
        #expect(bench.state.runs[RunID("a")]?.note == "theirs" && bench.state.runs[RunID("b")]?.note == "")
    }

    @Test("showing an alert in the chart asks for its run's curves")
    func alertInChart() {
        var bench = Bench()
        var runs = ["a", "b"].map { RunSummary(record: Bench.record($0, name: "run-" + $0, created: $0 == "b" ? 2 : 1)) }
        for index in runs.indices {
            runs[index].status = .completed
            runs[index].apply(.validationLoss, 0.5, step: 9, epoch: 1)
        }
        bench.send(.runsLoaded(runs))
        let event = StudioEvent(sequence: 1, wallTime: 1, run: RunID("a"), kind: .debugger(.alertRaised(Bench.alert)))
        bench.send(.alertsLoaded(RunID("a"), [event]))
        #expect(bench.selectedName == "run-b")
        bench.press("4", "enter")
        #expect(bench.asked(ReadCurve(RunID("a"), .validationLoss)))
    }
}
