import Cells
import Events
import Testing

@testable import Studio

@Suite("The Curves pane")
struct CurvesTests {
    private func trained() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        bench.record("a", "validation:loss", (1...100).map { 1 / Double($0) })
        bench.record("a", "train:loss", (1...100).map { 0.9 / Double($0) })
        bench.record("a", "validation:accuracy", (1...50).map { Double($0) / 50 })
        bench.press("3")
        return bench
    }

    @Test("the objective's metric is shown first, validation and training apart by their dash")
    func metric() {
        let scene = CurvesScene(trained().state)
        #expect(scene.metric == "loss")
        #expect(scene.chart.series.map(\.dash) == [.solid, .dotted])
        #expect(scene.chart.series.map(\.series.count) == [100, 100])
    }

    @Test("m goes through the metrics and comes back")
    func nextMetric() {
        var bench = trained()
        bench.press("m")
        #expect(CurvesScene(bench.state).metric == "accuracy")
        bench.press("m")
        #expect(CurvesScene(bench.state).metric == "loss")
    }

    @Test("a curve of this session needs no history, one of another does, once")
    func history() {
        var bench = trained()
        #expect(!bench.questions.contains { $0 is ReadCurve })
        var other = RunSummary(record: Bench.record("old", name: "old", created: 5))
        other.status = .completed
        other.lastMetrics = [MetricName("validation:loss"): 0.1]
        bench.effects = []
        bench.send(.runsLoaded([other]))
        bench.press("2", "g")
        #expect(bench.asked(ReadCurve(RunID("old"), .validationLoss)))
        #expect(bench.state.isAwaitingCurves)
        bench.press("j", "k")
        #expect(bench.effects.isEmpty)
        bench.answer(ReadCurve(RunID("old"), .validationLoss), .init(series: Series(), changes: []))
        #expect(!bench.state.isAwaitingCurves)
    }

    @Test("loaded history replaces what is there, later live samples stay")
    func loaded() {
        var bench = trained()
        let points = (1...80).map { SeriesPoint(step: Double($0), epoch: 0, time: 0, value: 7) }
        bench.answer(ReadCurve(RunID("a"), .validationLoss), .init(series: Series(points), changes: []))
        let series = bench.state.series[RunID("a"), .validationLoss]
        #expect(series?.count == 100)
        #expect(series?[79].value == 7)
        #expect(series?[80].value == 1.0 / 81)
    }

    @Test("the cursor moves by dot columns and the readout follows it")
    func cursor() throws {
        var bench = trained()
        bench.press("h")
        let first = try #require(bench.state.curves.cursor)
        bench.press("H")
        let second = try #require(bench.state.curves.cursor)
        #expect(second < first)
        bench.press("g")
        #expect(bench.state.curves.cursor == 1)
        let readout = CurvesScene(bench.state).chart.readout()
        #expect(readout.first?.value == 1)
    }

    @Test("zooming freezes the view, f follows again")
    func zoom() {
        var bench = trained()
        bench.press("+")
        #expect(!bench.state.curves.follows)
        bench.press("f")
        #expect(bench.state.curves.follows)
        bench.press("+", "+", "-", "-", "-")
        #expect(bench.state.curves.follows)
        bench.press("+", "[", "0")
        #expect(bench.state.curves.follows)
    }

    @Test("the view stops at the data on both sides, and the cursor with it")
    func panning() throws {
        var bench = trained()
        bench.press("+", "+")
        for _ in 0..<20 { bench.press("]") }
        // A run that trains has a little room to grow into.
        #expect(bench.state.curves.viewport.x?.upperBound == 101)
        let width = try #require(bench.state.curves.viewport.x.map { $0.upperBound - $0.lowerBound })
        for _ in 0..<20 { bench.press("[") }
        #expect(bench.state.curves.viewport.x?.lowerBound == 1)
        #expect(abs((bench.state.curves.viewport.x?.upperBound ?? 0) - 1 - width) < 1e-9)
        for _ in 0..<60 { bench.press("H") }
        #expect(bench.state.curves.cursor == 1)
        bench.press("0", "[")
        #expect(bench.state.curves.follows)
    }

    @Test("behind a run's end the readout says where it ended, of one that trains where it has come to")
    func ended() {
        var bench = trained()
        bench.addRun("b", name: "short", created: 2)
        bench.record("b", "validation:loss", [3, 2, 1])
        bench.press("h")
        #expect(Frame(bench.state).text.contains("has come to 3"))
        bench.post(
            "b", .job(.finished(JobResult(name: "b", status: .completed, reason: .maxEpochs, bestStep: nil, metrics: [:]))))
        bench.press("2", "G", "space", "g", "space", "3")
        let points = (1...3).map { SeriesPoint(step: Double($0), epoch: 0, time: 0, value: 7) }
        bench.answer(ReadCurve(RunID("b"), .validationLoss), .init(series: Series(points), changes: []))
        let text = Frame(bench.state).text
        #expect(text.contains("ended at 3"))
        #expect(!text.contains("ended at 100"))
    }

    @Test("K zooms the y axis around the curve, J back to all of it, 0 at once")
    func zoomY() throws {
        var bench = trained()
        bench.press("K", "K")
        let zoomed = try #require(bench.state.curves.viewport.y)
        #expect(zoomed.upperBound - zoomed.lowerBound < 0.5)
        #expect(zoomed.contains(0.01))
        #expect(bench.state.curves.follows)
        bench.press("J", "J", "J")
        #expect(bench.state.curves.viewport.y == nil)
        bench.press("K", "0")
        #expect(bench.state.curves.viewport.y == nil)
    }

    @Test("without colours runs are told apart by their dashes, too")
    func colorless() {
        var bench = Bench(settings: Settings(theme: "monochrome"))
        for index in 0..<4 {
            bench.addRun("r\(index)", created: Double(index))
            bench.record("r\(index)", "validation:loss", [1, 2, 3])
        }
        #expect(Set(CurvesScene(bench.state).chart.series.map(\.dash)).count == 2)
        bench.state.settings.theme = "descent-dark"
        #expect(CurvesScene(bench.state).chart.series.allSatisfy { $0.dash == .solid })
    }

    @Test("axes, scale and smoothing are settings that are saved")
    func settings() {
        var bench = trained()
        bench.press("y")
        #expect(bench.state.settings.yScale == .log)
        #expect(bench.effects.contains(.saveSettings(bench.state.settings)))
        bench.press("x")
        #expect(bench.state.settings.xAxis == .epoch)
        bench.press("s")
        #expect(bench.state.settings.smoothing == 0.8)
        bench.press("S", "S", "S", "S")
        #expect(bench.state.settings.smoothing == 0)
    }

    @Test("v on an alert puts the cursor at its step")
    func alertJump() {
        var bench = trained()
        bench.post("a", .debugger(.alertRaised(Bench.alert)))
        bench.press("4", "v")
        #expect(bench.state.focus == .curves)
        #expect(bench.state.curves.cursor == 7)
        #expect(CurvesScene(bench.state).chart.marks.contains { $0.x == 7 && $0.label == "DataOrder" })
    }

    @Test("f on an alert opens the form with the remedy over the run's settings")
    func alertFix() {
        var bench = trained()
        bench.post("a", .debugger(.alertRaised(Bench.alert)))
        // Of its remedies the first that is a setting is chosen; one that is none starts no run that would be the same again.
        bench.press("4", "h", "f")
        #expect(bench.form == nil && bench.state.toast?.text.contains("l goes to another one") == true)
        bench.press("l", "f")
        #expect(bench.form?.request.hyperparameters == ["epochs": "3", "shuffle": "true"])
        #expect(bench.form?.request.seed == 5)
        #expect(bench.form?.request.name == nil)
    }

    @Test("dragging in the chart moves the cursor")
    func mouse() throws {
        var bench = trained()
        let chart = bench.state.layout.interior(.curves)
        bench.click(chart.x + chart.width / 2, chart.y + 2)
        let first = try #require(bench.state.curves.cursor)
        bench.send(.input(.mouse(MouseEvent(kind: .drag, button: .left, x: chart.x + chart.width / 4, y: chart.y + 2))))
        let second = try #require(bench.state.curves.cursor)
        #expect(second < first)
    }
}

@Suite("All metrics at once")
struct CurveTilesTests {
    @Test("t shows a chart for each metric with one cursor, and asks for their history")
    func tiles() {
        var bench = Bench(width: 120, height: 40)
        var run = RunSummary(record: Bench.record("old", name: "old"))
        run.status = .completed
        for step in [1, 2] { run.apply(.validationLoss, 0.1, step: step, epoch: 1) }
        run.apply(MetricName("validation:accuracy"), 0.9, step: 2, epoch: 1)
        // Measured once, of the model that was kept: there is nothing to draw.
        run.lastMetrics[MetricName("validation:mcc")] = 0.5
        bench.send(.runsLoaded([run]))
        bench.press("3", "t")
        #expect(bench.asked(ReadCurve(RunID("old"), MetricName("validation:accuracy"))))
        #expect(bench.state.curveTiles(CurvesScene(bench.state)).map(\.metric) == ["loss", "accuracy"])
        bench.press("t")
        #expect(bench.state.curveTiles(CurvesScene(bench.state)).map(\.metric) == ["loss"])
    }

    @Test("where not every metric has a chart, the title says which have")
    func pages() {
        var bench = Bench(width: 120, height: 30)
        bench.addRun("a")
        for name in ["loss"] + (1..<9).map({ "m\($0)" }) { bench.record("a", "validation:" + name, [1, 2, 3]) }
        bench.press("3", "t")
        let shown = bench.state.curveTiles(CurvesScene(bench.state)).count
        #expect(Frame(bench.state).text.contains("1–\(shown) of 9"))
        for _ in 0..<shown { bench.press("m") }
        #expect(Frame(bench.state).text.contains("\(shown + 1)–"))
    }

    @Test("how steps were taken is drawn behind what models are judged by, and before what the run cost")
    func stepMetrics() {
        var run = RunSummary(record: Bench.record("old", name: "old"))
        for step in [1, 2] {
            for metric in StepMetric.allCases { run.apply(metric.name, 0.5, step: step, epoch: 1) }
            run.apply(.validationLoss, 0.1, step: step, epoch: 1)
            run.apply(MetricName("validation:rmse"), 0.1, step: step, epoch: 1)
            run.apply(SystemMetric.cpuPercent.name, 99, step: step, epoch: 1)
        }
        #expect(
            CurvesScene.metrics(of: [run]) == ["loss", "rmse", "gradient_norm", "learning_rate", "system:cpu_percent"])
        #expect(CurvesScene.names("learning_rate", of: run) == [StepMetric.learningRate.name])
    }

    @Test("tiles lie in their area without overlap at every size")
    func areas() {
        let metrics = (0..<7).map { "m\($0)" }
        for width in stride(from: 1, through: 200, by: 13) {
            for height in stride(from: 1, through: 60, by: 7) {
                let area = Rect(x: 3, y: 2, width: width, height: height)
                let tiles = StudioLayout.tiles(area, metrics: metrics, chosen: "m5")
                #expect(tiles.contains { $0.metric == "m5" })
                for (index, tile) in tiles.enumerated() {
                    #expect(tile.rect.intersection(area) == tile.rect)
                    for other in tiles.dropFirst(index + 1) { #expect(tile.rect.intersection(other.rect).isEmpty) }
                }
            }
        }
    }

    @Test("a run that goes on from a checkpoint has its curve read again")
    func resumed() {
        var bench = Bench()
        bench.addRun("a")
        bench.record("a", "validation:loss", [3, 2, 1])
        let result = JobResult(name: "a", status: .stopped, reason: .stoppedByUser, bestStep: nil, metrics: [:])
        bench.effects = []
        bench.post("a", .job(.finished(result)))
        #expect(bench.asked(ReadCurve(RunID("a"), .validationLoss)))
        bench.effects = []
        bench.post("a", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .starting))))
        #expect(bench.asked(ReadCurve(RunID("a"), .validationLoss)))
        #expect(bench.state.series[RunID("a"), .validationLoss] == nil)
    }
}

@Suite("Which curves are shown")
struct ShownRunsTests {
    @Test("without marks the running runs and the selected one; a queued one only when it is alone")
    func shown() {
        var bench = Bench()
        bench.addRun("q", status: .pending, created: 9)
        #expect(bench.state.shownRuns.map(\.text) == ["q"])
        bench.addRun("a", created: 1)
        bench.addRun("b", created: 2)
        bench.addRun("old", status: .completed, created: 0)
        bench.press("g")
        #expect(bench.state.shownRuns.map(\.text) == ["a", "b"])
        bench.press("G")
        #expect(bench.state.shownRuns.map(\.text) == ["old", "a", "b"])
    }

    private func register(_ bench: inout Bench, _ id: String, created: Double, _ change: (inout RunRecord) -> Void) {
        var record = Bench.record(id, name: id, created: created)
        change(&record)
        bench.post(id, .run(.registered(record)))
        bench.post(id, .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 100))))
    }

    @Test("running runs whose values mean something else are not drawn with the selected one")
    func incomparable() {
        var bench = Bench()
        bench.addRun("a", created: 1)
        bench.addRun("b", created: 2)
        register(&bench, "charges", created: 3) {
            $0.request.datasetPath = "insurance.csv"
            $0.experiment = "insurance"
        }
        register(&bench, "other-target", created: 4) { $0.request.target = "z" }
        register(&bench, "error", created: 5) { $0.objective = Objective(metric: MetricName("validation:rmse"), minimises: true) }
        bench.press("G")
        #expect(bench.state.shownRuns.map(\.text) == ["a", "b"])
        bench.press("g", "j", "j")
        #expect(bench.state.shownRuns.map(\.text) == ["charges"])
        bench.press("space", "G", "space")
        #expect(bench.state.shownRuns.map(\.text) == ["charges", "a"])
    }

    @Test("files of one named experiment compare, those of the default one do not")
    func experiments() {
        var bench = Bench()
        bench.addRun("a", created: 1)
        register(&bench, "wider", created: 2) { $0.request.datasetPath = "wider.csv" }
        #expect(bench.state.shownRuns.map(\.text) == ["a", "wider"])
        var other = Bench()
        register(&other, "a", created: 1) { $0.experiment = JobRequest.defaultExperiment }
        register(&other, "b", created: 2) {
            $0.experiment = JobRequest.defaultExperiment
            $0.request.datasetPath = "wider.csv"
        }
        #expect(other.state.shownRuns.map(\.text) == ["a"])
    }

    @Test("a baseline is drawn only where it compares")
    func baseline() {
        var bench = Bench()
        bench.addRun("a", status: .completed, created: 1)
        register(&bench, "charges", created: 2) {
            $0.request.datasetPath = "insurance.csv"
            $0.experiment = "insurance"
        }
        bench.press("G", "b", "g")
        #expect(bench.state.shownRuns.map(\.text) == ["charges"])
        bench.addRun("b", created: 3)
        bench.press("g")
        #expect(bench.state.shownRuns.map(\.text) == ["a", "b"])
    }
}
