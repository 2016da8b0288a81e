import Cells
import Events
import Testing

@testable import Studio

@Suite("Reading curves")
struct CurveReadingTests {
    private func trained() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        bench.record("a", "validation:loss", (1...100).map { abs(Double($0) - 40) / 40 })
        bench.record("a", "train:loss", (1...100).map { abs(Double($0) - 40) / 50 })
        bench.press("3")
        return bench
    }

    @Test("v marks where a part begins, v again zooms into it, esc does not")
    func box() throws {
        var bench = trained()
        bench.press("g", "v", "L", "L")
        let end = try #require(bench.state.curves.cursor)
        bench.press("v")
        #expect(bench.state.curves.viewport.x == 1...end)
        bench.press("0", "v", "h", "esc")
        #expect(bench.state.curves.boxStart == nil)
        #expect(bench.state.curves.viewport.x == nil)
        #expect(bench.state.curves.cursor != nil)
    }

    @Test("} goes to the curve's lowest point")
    func extremum() throws {
        var bench = trained()
        bench.press("S", "S", "g", "}")
        #expect(bench.state.settings.smoothing == 0)
        #expect(bench.state.curves.cursor == 40)
        bench.press("}", "{")
        #expect(bench.state.curves.cursor == 40)
        bench.press("{")
        #expect(bench.state.toast?.text == "the curve does not turn before the cursor")
    }

    @Test("Y goes through what y fits, and last holds it still")
    func fit() {
        var bench = trained()
        bench.press("Y")
        #expect(bench.state.settings.yFit == .robust)
        bench.press("Y", "Y")
        #expect(bench.state.curves.viewport.y != nil)
        bench.press("Y")
        #expect(bench.state.curves.viewport.y == nil)
        #expect(bench.state.settings.yFit == .window)
    }

    @Test("d shows validation less training")
    func gap() throws {
        var bench = trained()
        bench.press("d")
        let scene = CurvesScene(bench.state)
        let gap = try #require(scene.chart.series.first?.series)
        #expect(scene.chart.series.count == 1)
        #expect(gap.count == 100)
        #expect(abs(gap[79].value - (1 - 0.8)) < 1e-12)
        bench.press("d")
        #expect(CurvesScene(bench.state).chart.series.count == 2)
    }

    @Test("marked runs that differ only in their seed are one curve with a band, until b")
    func seeds() throws {
        var bench = Bench()
        for seed in 1...3 {
            var record = Bench.record("s\(seed)", name: "seed\(seed)", created: Double(seed))
            record.seed = UInt64(seed)
            bench.post("s\(seed)", .run(.registered(record)))
            bench.post("s\(seed)", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))))
            bench.record("s\(seed)", "validation:loss", [Double(seed), Double(seed) * 2])
            bench.record("s\(seed)", "train:loss", [1, 1])
        }
        bench.press("2", "a")
        let scene = CurvesScene(bench.state)
        let mean = try #require(scene.chart.series.first { $0.band != nil })
        #expect((0..<2).map { mean.series[$0].value } == [2, 4])
        #expect(mean.band?.upper[1].value == 6)
        #expect(scene.chart.series.count == 4)
        #expect(scene.owners.count == 4)
        // One done again, with the seed that is there already, would count twice: it has its own curve.
        bench.post(
            "s4", .run(.registered(bench.state.runs[RunID("s3")].map { Self.again($0.record) } ?? Bench.record("s4", name: ""))))
        bench.record("s4", "validation:loss", [3, 6])
        bench.press("A", "a")
        let others = CurvesScene(bench.state)
        #expect((0..<2).map { others.chart.series.first { $0.band != nil }?.series[$0].value } == [2, 4])
        #expect(others.chart.series.count == 5)
        bench.press("3", "b")
        #expect(CurvesScene(bench.state).chart.series.count == 7)
    }

    @Test("a mean waits for curves that are being read, and is made of long ones bit by bit")
    func longSeeds() throws {
        var bench = Bench()
        let runs = (1...2).map { seed in
            var record = Bench.record("s\(seed)", name: "seed\(seed)", created: Double(seed))
            record.seed = UInt64(seed)
            var run = RunSummary(record: record)
            run.status = .completed
            run.lastMetrics = [.validationLoss: 1]
            return run
        }
        bench.send(.runsLoaded(runs))
        bench.press("2", "a")
        var series = Series()
        for step in 0..<150_000 { series.append(SeriesPoint(step: Double(step), epoch: 0, time: 0, value: Double(step))) }
        func mean() -> Series? { CurvesScene(bench.state).chart.series.first { $0.band != nil }?.series }
        bench.answer(ReadCurve(runs[0].record.id, .validationLoss), .init(series: series, changes: []))
        #expect(mean() == nil)
        #expect(!bench.state.isDeriving)
        bench.answer(ReadCurve(runs[1].record.id, .validationLoss), .init(series: series, changes: []))
        #expect(bench.state.isDeriving)
        #expect(try #require(mean()).count < 150_000)
        bench.state.didDraw()
        var goes = 0
        while bench.state.isDeriving, goes < 10 {
            #expect(!bench.state.needsRedraw)
            bench.send(.deriveMore)
            goes += 1
        }
        #expect(goes > 1 && goes < 10)
        #expect(bench.state.needsRedraw)
        #expect(mean()?.count == 150_000)
        #expect(mean()?.last?.value == 149_999)
    }

    private static func again(_ record: RunRecord) -> RunRecord {
        var record = record
        (record.id, record.name, record.reproduces) = (RunID("s4"), "seed3-again", record.id)
        return record
    }

    @Test("metrics are hidden and put in order in their menu, and that is kept")
    func metrics() {
        var bench = trained()
        bench.record("a", "validation:accuracy", [1, 2])
        bench.record("a", "validation:f1", [1, 2])
        #expect(CurvesScene(bench.state).metrics == ["loss", "accuracy", "f1"])
        bench.press("/", "down", "down", "shift-up", "shift-up")
        #expect(CurvesScene(bench.state).metrics == ["f1", "loss", "accuracy"])
        #expect(bench.effects.contains(.saveSettings(bench.state.settings)))
        bench.press("ctrl-t")
        #expect(CurvesScene(bench.state).metrics == ["loss", "accuracy"])
        #expect(Settings.parse(bench.state.settings.text).settings == bench.state.settings)
    }

    @Test("examples come from the size of the data")
    func examples() {
        var bench = trained()
        let data = TrainingDataSummary(
            rowCount: 500, featureCount: 1, validationRowCount: 1, target: "y", isShuffled: true, isNormalised: true, orderZ: 0,
            scaleRatio: 1, widestFeature: "", narrowestFeature: "")
        bench.post("a", .job(.trainingDataSummarised(data)))
        bench.press("x", "x")
        let scene = CurvesScene(bench.state)
        #expect(scene.chart.xAxis == .examples)
        #expect(scene.chart.series.first?.series.xExtent(on: .examples) == 50...5000)
    }

    @Test("e offers an image, values and text; c copies the text")
    func export() throws {
        var bench = trained()
        bench.press("e", "enter")
        #expect(bench.effects == [.exportSVG(name: "loss-adam.svg")])
        bench.press("e", "down", "enter")
        guard case .exportText("loss-adam.csv", let csv) = bench.effects.first else {
            Issue.record("no CSV")
            return
        }
        #expect(csv.split(separator: "\n").count == 201)
        bench.press("C")
        guard case .copyToClipboard(let text) = bench.effects.first else {
            Issue.record("no text")
            return
        }
        #expect(text.hasPrefix("loss\n"))
        bench.send(.fileWritten(path: "loss-adam.svg"))
        #expect(bench.state.toast?.text == "wrote loss-adam.svg")
        #expect(bench.state.curvesSVG(theme: .descentDark).contains("adam"))
    }

    @Test("A curve that is still on its way says so, is replaced when it has become another one, and is no table yet")
    func arriving() throws {
        var bench = trained()
        let name = MetricName("validation:loss"), key = SeriesLibrary.Key(RunID("a"), name)
        var outlined = Series()
        for step in [1.0, 2, 3, 5_000, 60_000] {
            outlined.append(SeriesPoint(step: step, epoch: 0, time: step, value: 1 / step))
        }
        bench.send(.curveRead(key, outlined, CurveArrival(here: 3, total: 60_000)))
        #expect(Frame(bench.state).text.contains("merged: 3 of 60k points"))
        #expect(bench.state.series[RunID("a"), name]?.count == 5)
        bench.press("e", "down", "enter")
        #expect(bench.state.toast?.text.contains("write it when all are here") == true)
        // What it was before is not there any more, and it counts as whole.
        var whole = Series()
        whole.append(SeriesPoint(step: 1, epoch: 0, time: 1, value: 1))
        bench.send(.curveRead(key, whole, nil))
        #expect(bench.state.series[RunID("a"), name]?.count == 1)
        #expect(!Frame(bench.state).text.contains("merged"))
    }

    @Test("A curve of which nothing is here yet is on its way, and not said to be missing")
    func awaited() throws {
        var bench = trained()
        for metric in ["validation:loss", "train:loss"] {
            bench.send(
                .curveRead(SeriesLibrary.Key(RunID("a"), MetricName(metric)), Series(), CurveArrival(here: 0, total: 60_000)))
        }
        let text = Frame(bench.state).text
        #expect(text.contains("loss of adam is on its way") && !text.contains("recorded"), "\(text)")
    }
}
