import Cells
import Events
import Testing

@testable import StudioState

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
                    verdicts: [nil, .init(.better, "t 9.1 > 3.2, 3 and 4 seeds")])
            ],
            hyperparameters: [.init("epochs", ["3", "5"]), .init("wd", ["0", "0"])],
            environment: [.init("seed", ["1", "1"])])
    }

    private func text(_ bench: Bench) -> String {
        guard case .page(let page) = bench.state.popups.last else { return "" }
        return PageText.lines(of: page, bench.state, width: 100).map { $0.parts.map(\.text).joined() }.joined(separator: "\n")
    }

    @Test("it takes two marked runs, or one and a baseline")
    func choice() {
        var bench = twoRuns()
        bench.press("c")
        #expect(bench.state.toast?.text == "mark two runs with space, or choose a baseline with b")
        bench.press("b", "j", "k", "g", "b", "G", "c")
        #expect(bench.state.runsToCompare.count == 2)
        #expect(bench.effects.contains(.compare(bench.state.runsToCompare)))
        #expect(bench.state.runsToCompare.first == bench.state.experiments.baseline)
    }

    @Test("what differs is shown with what the verdict rests on; a shows the rest, esc leaves")
    func page() {
        var bench = twoRuns()
        bench.press("a", "c")
        #expect(text(bench).contains("comparing 2 runs"))
        bench.send(.compared(comparison(bench)))
        #expect(text(bench).contains("better than sgd (t 9.1 > 3.2, 3 and 4 seeds)"))
        #expect(text(bench).contains("epochs"))
        #expect(!text(bench).contains("wd"))
        bench.press("a")
        #expect(text(bench).contains("wd"))
        bench.press("esc")
        #expect(bench.state.popups.isEmpty)
    }

    @Test("an answer to a comparison that was left is not shown")
    func late() {
        var bench = twoRuns()
        bench.press("a", "c")
        let found = comparison(bench)
        bench.press("esc")
        bench.send(.compared(found))
        #expect(bench.state.comparison == nil)
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
        bench.send(.compared(found))
        for expected in [
            "1,234 rows that no run was trained on", "ROC: true over false positives", "684", "record 17  is yes", "age 33",
        ] {
            #expect(text(bench).contains(expected), "\(expected)")
        }
        #expect(text(bench).contains("+.0500 … +.1500"))
        for width in 1...40 {
            let lines = PageText.lines(of: Page(.comparison(found.runs)), bench.state, width: width)
            #expect(!lines.isEmpty)
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
        guard case .findImportance(let ids) = bench.effects.first else {
            Issue.record("nothing asked for")
            return
        }
        #expect(ids.count == 5)
        bench.send(.importanceFound(found(30)))
        for width in 1...120 {
            let lines = PageText.lines(of: Page(.importance), bench.state, width: width)
            #expect(lines.contains { $0.parts.contains { $0.text.hasPrefix("learn") || width < 20 } })
        }
        bench.send(.importanceRefused("the runs differ in no setting but their seed"))
        #expect(bench.state.popups.isEmpty)
        #expect(bench.state.toast?.text == "the runs differ in no setting but their seed")
    }
}
