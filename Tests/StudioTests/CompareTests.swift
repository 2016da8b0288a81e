import Cells
import Events
import Testing

@testable import Studio

@Suite("Comparing runs")
struct CompareTests {
    private func twoRuns() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "adam", status: .completed, created: 1)
        bench.addRun("b", name: "sgd", status: .completed, created: 2)
        bench.press("2")
        return bench
    }

    private func comparison(_ bench: Bench) -> RunComparison {
        RunComparison(
            runs: bench.state.runsToCompare, names: ["sgd", "adam"],
            metrics: [
                .init(
                    name: .validationLoss, minimises: true, isObjective: true, values: [0.5, 0.4],
                    verdicts: [nil, .init(.better, "t 9.1 > 3.2, spread over 3 and 4 seeds")])
            ],
            hyperparameters: [.init("epochs", ["3", "5"]), .init("wd", ["0", "0"])],
            environment: [.init("seed", ["1", "1"])])
    }

    private func text(_ bench: Bench, width: Int = 100) -> String {
        guard let text = bench.screen(width: width) else { return "" }
        let titles = text.charts.compactMap(\.chart.title)
        return (text.head + text.lines + titles).map { $0.parts.map(\.text).joined() }.joined(separator: "\n")
    }

    /// Runs `a`, `b`, … compared, whose objective is 1, 2, …
    private func many(_ count: Int, width: Int = 80, height: Int = 24) -> Bench {
        var bench = Bench(width: width, height: height)
        let ids = (0..<count).map { String(UnicodeScalar(UInt8(97 + $0))) }
        for (index, id) in ids.enumerated() { bench.addRun(id, name: "run-" + id, status: .completed, created: Double(index)) }
        bench.press("2", "g", "a", "c")
        let runs = bench.state.runsToCompare
        let values = runs.map { id in Double(ids.firstIndex(of: id.text) ?? 0) + 1 }
        bench.compared(
            RunComparison(
                runs: runs, names: runs.map { "run-" + $0.text },
                metrics: [
                    .init(
                        name: .validationLoss, minimises: true, isObjective: true, values: values,
                        verdicts: values.enumerated().map { $0.offset == 0 ? nil : .init(.none, "one run each: no verdict") })
                ],
                hyperparameters: [.init("epochs", runs.map { "e\($0.text)" })],
                environment: [.init("seed", runs.map { "s\($0.text)" })]))
        return bench
    }

    /// The runs whose columns are in view, as the head names them.
    private func namesInView(_ bench: Bench) -> [String] {
        let head = bench.screen(width: bench.state.size.width - 2)?.head.first
        return head?.parts.map(\.text).compactMap { $0.split(separator: " ").last.map(String.init) }.filter {
            $0.hasPrefix("run-")
        }
            ?? []
    }

    @Test("every run can be scrolled to, while the first stays", arguments: [2, 3, 9], [50, 80, 200])
    func scroll(_ count: Int, _ width: Int) {
        var bench = many(count, width: width)
        let first = namesInView(bench)
        let base = bench.state.runs[bench.state.runsToCompare[0]]?.record.name
        #expect(first.first == base)
        var seen = Set(first)
        for _ in 0..<count {
            bench.press("l")
            let names = namesInView(bench)
            #expect(names.first == base)
            #expect(names.count == first.count)
            seen.formUnion(names)
        }
        #expect(seen.count == count)
        let end = namesInView(bench)
        bench.press("right")
        #expect(namesInView(bench) == end)
        for _ in 0..<count { bench.press("h") }
        #expect(namesInView(bench) == first)
    }

    @Test("where the page stands among the runs is said")
    func place() {
        var bench = many(9)
        #expect(text(bench, width: 78).hasPrefix("2–3 of 9 runs →"))
        bench.press("l", "l")
        #expect(text(bench, width: 78).hasPrefix("← 4–5 of 9 runs →"))
        for _ in 0..<9 { bench.press("l") }
        #expect(text(bench, width: 78).hasPrefix("← 8–9 of 9 runs "))
        #expect(many(2).state.screens.count == 1)
        #expect(text(many(2), width: 78).hasPrefix("2 runs"))
    }

    @Test("] and [ go from part to part, to the last one too; a click on a part's name does")
    func sections() throws {
        var bench = many(3)
        func current() throws -> String {
            guard let placed = (bench.state.top as? any Screen)?.placed(bench.state) else { return "" }
            let text = placed.layout, section = text.section(atTop: placed.top)
            return try #require(text.sections.indices.contains(section) ? text.sections[section].name : nil)
        }
        var visited = [try current()]
        for _ in 0..<6 {
            bench.press("]")
            visited.append(try current())
        }
        #expect(visited == ["Settings", "Metrics", "Held-out", "Held-out", "Held-out", "Held-out", "Held-out"])
        bench.press("[")
        #expect(try current() == "Metrics")
        // The line of parts is under the frame; "Settings" begins in column 2.
        bench.click(3, 2)
        #expect(try current() == "Settings")
        bench.click(14, 2)
        #expect(try current() == "Metrics")
    }

    @Test(
        "what differs comes first: settings, then metrics with the best marked, then curves; a adds what is the same, behind it")
    func order() throws {
        var bench = twoRuns()
        bench.record("a", "validation:loss", [0.8, 0.4])
        bench.press("a", "c")
        var found = comparison(bench)
        found.hyperparameters = [.init("aaa", ["1", "1"]), .init("epochs", ["3", "5"])]
        found.environment = [.init("algorithm", ["linear-learner", "xgboost"]), .init("steps", ["10", "20"])]
        found.metrics[0].best = [1]
        found.metrics.append(
            .init(name: MetricName("validation:mae"), minimises: true, isObjective: false, values: [2, 2], verdicts: [nil, nil]))
        bench.compared(found)
        let layout = try #require(bench.screen(width: 100))
        #expect(layout.sections.map(\.name).prefix(3) == ["Settings", "Metrics", "Curves"])
        let shown = text(bench)
        func place(_ word: String) throws -> String.Index { try #require(shown.range(of: word)?.lowerBound, "\(word)") }
        #expect(try place("algorithm") < place("epochs"))
        #expect(try place("epochs") < place("validation:loss"))
        #expect(try place("validation:loss") < place("steps"))
        #expect(!shown.contains("aaa") && !shown.contains("validation:mae"))
        #expect(shown.contains("0.4000 ★") && !shown.contains("0.5000 ★"))
        bench.press("a")
        let all = text(bench)
        #expect(try #require(all.range(of: "epochs")).lowerBound < #require(all.range(of: "aaa")).lowerBound)
        #expect(all.contains("validation:mae"))
    }

    @Test("metrics of runs that predict something else or were judged by other data say so in place of a difference")
    func incomparable() {
        var bench = twoRuns()
        bench.press("a", "c")
        var found = comparison(bench)
        found.obstacles = [nil, .data]
        bench.compared(found)
        #expect(text(bench).contains("adam was judged by other data than sgd: their metrics do not compare"))
        #expect(text(bench).contains("0.4000 ≠ data"))
        #expect(!text(bench).contains("-0.1000") && !text(bench).contains("−0.1000"))
        found.obstacles = [nil, .target]
        bench.compared(found)
        #expect(text(bench).contains("adam predicts another column than sgd"))
    }

    @Test("a run that trains shows its values as they are, and is compared again when it ends")
    func live() {
        var bench = twoRuns()
        bench.addRun("c", name: "live", created: 3)
        bench.press("2", "a", "c")
        let runs = bench.state.runsToCompare
        let values: [Double?] = runs.map { $0.text == "c" ? 0.9 : 0.5 }
        bench.compared(
            RunComparison(
                runs: runs, names: runs.map(\.text),
                metrics: [
                    .init(
                        name: .validationLoss, minimises: true, isObjective: true, values: values, verdicts: [nil, nil, nil])
                ], hyperparameters: [], environment: [.init("seed", ["1", "2", "3"])]))
        bench.record("c", "validation:loss", [0.8, 0.0625])
        #expect(text(bench).contains("0.062"))
        #expect(!text(bench).contains("0.900"))
        #expect(text(bench).contains("as of"))
        #expect(text(bench).contains("Curves   loss over step"))
        bench.effects = []
        bench.post("c", .job(.finished(JobResult(name: "live", status: .completed, reason: .unsaid, bestStep: 2, metrics: [:]))))
        #expect(bench.questions.contains { ($0 as? CompareRuns)?.runs == runs })
    }

    @Test("the runs compared are the ones whose curves are drawn, marked or not")
    func curves() {
        var bench = twoRuns()
        bench.record("a", "validation:loss", [0.8, 0.4])
        bench.record("b", "validation:loss", [0.9, 0.5])
        bench.press("g", "b", "G", "c")
        #expect(bench.state.shownRuns == bench.state.runsToCompare)
        bench.compared(comparison(bench))
        #expect(text(bench).contains("Curves   loss over step"))
    }

    @Test("how a run spreads over its seed siblings stands under its value")
    func seeds() {
        var bench = twoRuns()
        bench.press("a", "c")
        var found = comparison(bench)
        found.metrics[0].spreads = [nil, .init(count: 5, mean: 0.41, deviation: 0.0123)]
        bench.compared(found)
        #expect(text(bench).contains("over seeds"))
        #expect(text(bench).contains("0.4100 ±.0123 ×5"))
    }

    @Test("it takes two marked runs, or one and a baseline")
    func choice() {
        var bench = twoRuns()
        bench.press("c")
        #expect(bench.state.toast?.text == "mark two runs with space, or choose a baseline with b")
        bench.press("b", "j", "k", "g", "b", "G", "c")
        #expect(bench.state.runsToCompare.count == 2)
        #expect(bench.questions.contains { ($0 as? CompareRuns)?.runs == bench.state.runsToCompare })
        #expect(bench.state.runsToCompare.first == bench.state.experiments.baseline)
    }

    @Test("what differs is shown with what the verdict rests on; a shows the rest, esc leaves")
    func page() {
        var bench = twoRuns()
        bench.press("a", "c")
        #expect(text(bench).contains("comparing 2 runs"))
        bench.compared(comparison(bench))
        #expect(text(bench).contains("adam is better than sgd (t 9.1 > 3.2, spread over 3 and 4 seeds)"))
        #expect(text(bench).contains("epochs"))
        #expect(!text(bench).contains("wd"))
        bench.press("a")
        #expect(text(bench).contains("wd"))
        bench.press("esc")
        #expect(bench.state.top == nil)
    }

    @Test("an answer to a comparison that was left is not shown")
    func late() {
        var bench = twoRuns()
        bench.press("a", "c")
        let found = comparison(bench)
        bench.press("esc")
        bench.compared(found)
        #expect(bench.state.top == nil)
    }

    @Test("a screen over another one says the way to it, and esc goes back")
    func breadcrumb() {
        var bench = Bench()
        for index in 0..<5 { bench.addRun("r\(index)", status: .completed, created: Double(index)) }
        bench.press("2", "a", "c", "i")
        #expect(bench.state.screens.count == 2)
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        #expect(buffer.textPlane.contains { $0.contains("Compare 5 runs › What matters") })
        bench.press("esc")
        #expect(bench.state.screens.count == 1 && bench.state.top is ComparePage)
    }

    @Test("held-out rows show measures with intervals, confusions, plots and disagreements at every width")
    func heldOut() {
        var bench = twoRuns()
        bench.press("a", "c")
        var found = comparison(bench)
        var heldOut = HeldOutComparison(
            rowCount: 1234, classes: ["no", "yes"],
            measures: [.init(name: "accuracy", minimises: false, values: [0.8, 0.9], intervals: [nil, 0.05...0.15])])
        heldOut.confusions = [[400, 100, 50, 684], [450, 50, 20, 714]]
        heldOut.roc = Array(repeating: [.init(0, 0), .init(0.1, 0.8), .init(1, 1)], count: 2)
        heldOut.disagreements = [
            .init(record: 17, expected: "yes", predicted: ["no 60 %", "yes 90 %"], values: [.init("age", ["33"])])
        ]
        found.heldOut = heldOut
        bench.compared(found)
        for expected in [
            "1,234 rows no run was trained on", "ROC: true over false positives", "684", "record 17  is yes", "age 33",
        ] {
            #expect(text(bench).contains(expected), "\(expected)")
        }
        #expect(text(bench).contains("+.0500…+.1500"))
        // A cursor reads it, of shares as shares.
        let page = bench.state.top as? ComparePage
        let charts = page.map { DocumentLayout($0.document(bench.state, width: 76)).charts.map(\.chart) } ?? []
        let roc = charts.first { $0.title?.parts.contains { $0.text.contains("ROC") } == true }
        #expect(roc?.hasCursor == true)
        let said = roc?.with(cursor: 0.1).title?.parts.map(\.text).joined() ?? ""
        #expect(said.contains("at 0.100") && said.contains("0.8000"), "\(said)")
        for width in 1...40 {
            #expect(bench.screen(width: width)?.lines.isEmpty == false)
        }
    }
}

@Suite("What matters")
struct ImportanceTests {
    private func found(_ count: Int) -> ParameterImportance {
        let places = (0..<count).map { Double($0 + 1) }
        return ParameterImportance(
            metric: .validationLoss, minimises: true, runs: (0..<count).map { RunID("r\($0)") }, values: places.map { 1 / $0 },
            parameters: [
                .init(name: "learning_rate", places: places, words: [], isLogarithmic: false, correlation: -1, importance: 0.9),
                .init(
                    name: "optimizer", places: places.map { $0.truncatingRemainder(dividingBy: 2) }, words: ["adam", "sgd"],
                    isLogarithmic: false, correlation: nil, importance: 0.1),
            ], explained: 0.8)
    }

    @Test("it takes four runs, shows them at every size, and goes away with the reason when nothing can be said")
    func page() {
        var bench = Bench()
        for index in 0..<3 { bench.addRun("r\(index)", status: .completed, created: Double(index)) }
        bench.press("2", "i")
        #expect(bench.state.toast?.text == "it takes four runs that ended to see what matters")
        for index in 3..<5 { bench.addRun("r\(index)", status: .completed, created: Double(index)) }
        bench.press("i")
        guard let ids = (bench.questions.first as? FindImportance)?.runs else {
            Issue.record("nothing asked for")
            return
        }
        #expect(ids.count == 5)
        bench.answer(FindImportance(ids), found(30))
        for width in 1...120 {
            let lines = bench.screen(width: width)?.lines ?? []
            #expect(lines.contains { $0.parts.contains { $0.text.hasPrefix("learn") || width < 20 } })
        }
        let request = bench.state.request(FindImportance(ids))
        bench.send(.answered(QueryAnswer(to: request, .refused("the runs differ in no setting but their seed"))))
        #expect(bench.state.top == nil)
        #expect(bench.state.toast?.text == "the runs differ in no setting but their seed")
    }
}

extension Bench {
    mutating func compared(_ found: RunComparison) { answer(state.comparisonQuery(found.runs), found) }
}

extension AppState {
    /// The request that a query made, asked now if it waits for none.
    mutating func request(_ query: FindImportance) -> QueryRequest {
        for case .ask(let request) in ask(query) { return request }
        preconditionFailure("it was asked before")
    }
}
