import Cells
import Events
import Testing

@testable import Studio

/// The tensor browser: all of a run's tensors, one over time, and the way from an alert.
@Suite struct TensorPageTests {
    private let run = RunID("a")

    private func summary(_ name: String, _ collection: TensorCollection, scale: Double = 1) -> TensorSummary {
        var summary = TensorSummary(name, collection, shape: [4, 8], count: 32)
        (summary.mean, summary.standardDeviation, summary.meanMagnitude, summary.l2) = (0.5 * scale, scale, scale, 4 * scale)
        (summary.minimum, summary.maximum, summary.zeros) = (-2 * scale, 3 * scale, 2)
        summary.histogram = MagnitudeHistogram(countedFrom: -2, negative: [4, 4, 2], positive: [10, 8, 2])
        return summary
    }

    private func overview() -> TensorOverview {
        var sick = summary("fc2.weight", .weights)
        sick.nans = 3
        return TensorOverview(
            steps: [1, 10, 20],
            rows: [
                .init(
                    name: "fc1.weight", collection: .weights,
                    summaries: (1...3).map { summary("fc1.weight", .weights, scale: Double($0)) }),
                .init(name: "fc2.weight", collection: .weights, summaries: [nil, summary("fc2.weight", .weights), sick]),
                .init(
                    name: "gradient/fc1.weight", collection: .gradients,
                    summaries: Array(repeating: summary("gradient/fc1.weight", .gradients), count: 3)),
            ], stepCount: 3, passedOver: 97, byteCount: 2048, thinnedCount: 0, spent: [.forward: 0.002, .backward: 0.006])
    }

    private func points(_ count: Int) -> [TensorPoint] {
        (0..<count).map { TensorPoint(step: $0 * 10, epoch: 0, summary: summary("fc1.weight", .weights, scale: Double($0 + 1))) }
    }

    private func open() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        bench.press("2", "W")
        return bench
    }

    @Test func aRunsTensorsAreListedByCollection() {
        var bench = open()
        #expect(bench.asked(ReadTensors(run)))
        bench.answer(ReadTensors(run), overview())
        var shown = Frame(bench.state).text
        for part in ["fc1.weight", "fc2.weight", "sampled 3 of 100", "NaN or Inf", "backward 75 %", "weights", "gradients"] {
            #expect(shown.contains(part), "\(part)")
        }
        #expect(!shown.contains("gradient/fc1.weight"))
        bench.press("right")
        shown = Frame(bench.state).text
        #expect(shown.contains("gradient/fc1.weight") && !shown.contains("fc2.weight"))
    }

    @Test func evaluationsAreShownWhereSomeWereCaptured() {
        var bench = open()
        bench.answer(ReadTensors(run), overview())
        bench.press("m")
        #expect(bench.state.toast?.text.contains("no evaluation of this run was captured") == true)
        var found = overview()
        found.evaluationCount = 2
        bench.answer(ReadTensors(run), found)
        bench.press("m")
        #expect(bench.asked(ReadTensors(run, .eval)))
        // An answer about training that comes late is not taken for one about evaluations.
        let evaluated = TensorOverview(
            mode: .eval, steps: [10, 20],
            rows: [.init(name: "fc1.output", collection: .activations, summaries: [summary("fc1.output", .activations), nil])],
            stepCount: 3, evaluationCount: 2, passedOver: 97, byteCount: 2048, thinnedCount: 0, spent: [:])
        bench.answer(ReadTensors(run, .eval), evaluated)
        let shown = Frame(bench.state).text
        #expect(shown.contains("fc1.output") && shown.contains("2 evaluations captured") && !shown.contains("fc2.weight"))
        bench.press("j", "enter")
        #expect(bench.asked(ReadTensor(run, "fc1.output", .eval)))
        bench.press("esc", "m")
        #expect(bench.asked(ReadTensors(run)))
    }

    @Test func allNumbersOfATensorAreAskedForWhileItTrains() {
        var bench = open()
        bench.answer(ReadTensors(run), overview())
        bench.press("j", "enter")
        bench.answer(ReadTensor(run, "fc1.weight"), points(3))
        bench.press("w")
        #expect(bench.commands.contains(.saveTensors(run, pattern: "fc1.weight")))
        #expect(bench.state.toast?.text.contains("saved whole at the next captured step") == true)
    }

    @Test func whoHasNoneHearsHowToGetThem() {
        var bench = open()
        bench.answer(
            ReadTensors(run),
            TensorOverview(steps: [], rows: [], stepCount: 0, passedOver: 0, byteCount: 0, thinnedCount: 0, spent: [:]))
        #expect(Frame(bench.state).text.contains("No tensors were captured in this run"))
    }

    @Test func oneIsSteppedThroughZoomedAndItsCursorStaysOnItsStep() throws {
        var bench = open()
        bench.answer(ReadTensors(run), overview())
        bench.press("j", "enter")
        let query = ReadTensor(run, "fc1.weight")
        #expect(bench.asked(query))
        bench.answer(query, points(30))
        func page() throws -> TensorPage { try #require(bench.state.top as? TensorPage) }
        func text() -> String { Frame(bench.state).text }
        #expect(text().contains("step 290") && text().contains("captured step 30 of 30") && text().contains("4×8"))
        bench.press("left", "left")
        #expect(text().contains("step 270") && text().contains("mean 14"))
        bench.press("+", "+")
        #expect(try page().range.count == 7)
        #expect(try page().range.contains(27))
        #expect(text().contains("zoomed"))
        bench.press("H")
        #expect(text().contains("step 170"))
        #expect(try page().range.contains(17))
        // Older steps were thinned out meanwhile.
        bench.answer(query, points(40).filter { $0.step % 20 == 0 || $0.step > 300 })
        #expect(text().contains("step 160"))
        bench.press("0")
        #expect(text().contains("step 390") && !text().contains("zoomed"))
        bench.press("esc", "esc")
        #expect(bench.state.screens.isEmpty)
    }

    @Test func aHistogramHasARowAMagnitudeAndZerosBetween() {
        let heat = TensorHeat(points(3), in: 0..<3, width: 40, height: 21)
        #expect(heat.labels == [2, 1, 0.5, 0, -0.5, -1, -2])
        #expect(heat.columns == [0, 1, 2])
        let column = heat.map.rows.map { $0[0] }
        // 2 of 32 are the largest, 8 the next, 10 the smallest positive ones, 2 zeros.
        #expect(column.map { ($0 * $0 * 32).rounded() } == [2, 8, 10, 2, 4, 4, 2])
        // In a low room neighbouring magnitudes share a row, and the innermost has all that are smaller.
        let low = TensorHeat(points(3), in: 0..<3, width: 2, height: 5)
        #expect(low.labels.count == 5 && low.columns == [0, 2])
        #expect((low.map.rows[0][0] * low.map.rows[0][0] * 32).rounded() == 10)
    }

    @Test func anAlertAboutATensorLeadsToIt() throws {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        let alert = Alert(
            rule: "DeadUnits", severity: .warning, step: 20, summary: "most units are dead", evidence: [],
            cause: "steps too large",
            remedies: [], tensor: "fc1.output")
        bench.post("a", .debugger(.alertRaised(alert)))
        bench.press("4", "enter")
        var found = AlertEvidence()
        found.tensor = points(3)
        bench.answer(FindEvidence(run, alert), found)
        #expect(Frame(bench.state).text.contains("its values over the captured steps"))
        bench.press("W")
        #expect((bench.state.top as? TensorPage)?.name == "fc1.output")
    }

    @Test(arguments: [(1, 1), (20, 5), (80, 24), (200, 60)]) func bothDrawAtAnySize(_ width: Int, _ height: Int) {
        var bench = open()
        bench.answer(ReadTensors(run), overview())
        bench.send(.input(.resized(Size(width: width, height: height))))
        #expect(Frame(bench.state).buffer.size == Size(width: width, height: height))
        _ = bench.state.follow(.tensor(run, "fc1.weight"))
        bench.answer(ReadTensor(run, "fc1.weight"), points(300))
        #expect(Frame(bench.state).buffer.size == Size(width: width, height: height))
    }
}
