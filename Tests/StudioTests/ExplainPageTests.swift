import Cells
import Events
import Testing

@testable import Studio

/// What the columns do to a run's predictions: over all rows, of one column, and for one row whose values can be changed.
@Suite struct ExplainPageTests {
    private let run = RunID("a")

    /// Two classes; `income` adds what it is, `town` a little, `noise` nothing.
    private func explanation(outputs: [String] = [""], rows: Int = 30) -> RunExplanation {
        let incomes = (0..<rows).map { Double($0) - 12 }
        var values: [Double] = [], predicted: [Double] = []
        for row in 0..<rows {
            for output in outputs.indices {
                let own = [incomes[row] / 10 * Double(output + 1), row % 2 == 0 ? 0.4 : -0.3, 0]
                values += own
                predicted.append(own.reduce(-0.5, +))
            }
        }
        return RunExplanation(
            target: "bought", outputs: outputs, method: "exact Shapley values of trees", space: "margin",
            background: "the training rows",
            columns: [
                .init(
                    name: "income", texts: incomes.map { "\(Int($0))" }, numbers: incomes,
                    places: (0..<rows).map { (Double($0) + 0.5) / Double(rows) }, partner: 1),
                .init(
                    name: "town", texts: (0..<rows).map { $0 % 2 == 0 ? "Ulm" : "" }, numbers: nil,
                    places: (0..<rows).map { $0 % 2 == 0 ? 0.5 : .nan }),
                .init(
                    name: "noise", texts: (0..<rows).map { "\($0)" }, numbers: (0..<rows).map(Double.init),
                    places: (0..<rows).map { _ in 0.5 }),
            ], rows: Array((0..<rows).map { $0 * 3 }), rowTotal: rows * 3, expected: outputs.map { _ in -0.5 }, values: values,
            predicted: predicted, error: nil, notes: ["The rows are those of training."])
    }

    private func open(width: Int = 120, height: Int = 40, _ answer: RunExplanation? = nil) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.addRun("a", name: "adam", status: .completed, created: 1)
        bench.press("2", "Y")
        if let answer { bench.answer(ExplainRun(run), answer) }
        return bench
    }

    private func text(_ bench: Bench) -> String { Frame(bench.state).text }

    @Test func allColumnsStandInTheOrderOfWhatTheyDo() throws {
        var bench = open()
        #expect(bench.asked(ExplainRun(run)))
        #expect(text(bench).contains("asking the model"))
        bench.answer(ExplainRun(run), explanation())
        let shown = text(bench).split(separator: "\n").map(String.init)
        let places = try ["income", "town", "noise"].map { name in
            try #require(shown.firstIndex { $0.contains("  \(name)") || $0.contains("▸ \(name)") })
        }
        #expect(places == places.sorted())
        #expect(text(bench).contains("exact Shapley values of trees, in the margin"))
        #expect(text(bench).contains("30 of 90 rows; absent columns: the training rows"))
    }

    @Test func aColumnIsLookedAtAndTheModelAskedHowItGoesWithIt() {
        var bench = open(explanation())
        bench.press("down", "enter")
        #expect(bench.asked(AskDependence(run, "town")))
        #expect(text(bench).contains("asking the model how it goes with town"))
        bench.answer(
            AskDependence(run, "town"),
            ColumnDependence(
                column: "town", texts: ["Ulm", "Bonn"], numbers: nil, distribution: [0.7, 0.3], means: [0.2, -0.1],
                lines: [0.3, 0, 0.1, -0.2]))
        #expect(text(bench).contains("Ulm 70 %"))
        #expect(text(bench).contains("Bonn"))
        bench.press("up")
        #expect(bench.asked(AskDependence(run, "income")))
        #expect(text(bench).contains("town low middling high"))
    }

    @Test func aRowsValuesAreChangedAndWhatTheModelSaysThenStandsBesideWhatItSaid() throws {
        var bench = open(explanation())
        bench.press("right", "right")
        #expect(text(bench).contains("expected") && text(bench).contains("predicted"))
        bench.press(">")
        #expect(text(bench).contains("row 4"))
        bench.press("enter", "ctrl-u")
        bench.type("25")
        bench.press("enter")
        let query = AskWhatIf(run, row: 3, edits: ["income": "25"])
        #expect(bench.asked(query))
        #expect(text(bench).contains("asking the model"))
        bench.answer(
            query,
            WhatIf(
                edits: ["income": "25"], values: [2.5, -0.3, 0], predicted: [1.7], words: "yes (84.6 %)", before: "no (80.2 %)"))
        #expect(text(bench).contains("was no (80.2 %)   would be yes (84.6 %)"))
        #expect(text(bench).contains("+2.50"))
        bench.press("r")
        #expect(!text(bench).contains("would be"))
        bench.press("r")
        #expect(bench.state.toast?.text.contains("nothing of the row was changed") == true)
    }

    @Test func theSmallestChangeThatFlipsARowIsTriedAndTheNextOneAfterIt() {
        var bench = open(explanation())
        bench.press("c")
        #expect(bench.state.toast?.text.contains("this is of one row") == true)
        bench.press("right", "right", "c")
        #expect(bench.asked(AskCounterfactuals(run, row: 0)))
        bench.effects = []
        bench.answer(AskCounterfactuals(run, row: 0), [["income": "9"], ["town": "Bonn", "income": "3"]])
        #expect(bench.asked(AskWhatIf(run, row: 0, edits: ["income": "9"])))
        #expect(text(bench).contains("smallest change 1 of 2"))
        bench.press("c")
        #expect(bench.asked(AskWhatIf(run, row: 0, edits: ["town": "Bonn", "income": "3"])))
        bench.answer(AskCounterfactuals(run, row: 0), [])
        #expect(bench.state.toast?.text.contains("no change of up to four columns") == true)
    }

    @Test func theClassesOfAModelAreGoneThrough() {
        var bench = open(explanation(outputs: ["north", "south"]))
        #expect(text(bench).contains("bought  north"))
        bench.press("o")
        #expect(text(bench).contains("bought  south"))
        var single = open(explanation())
        single.press("o")
        #expect(single.state.toast?.text.contains("one output") == true)
    }

    @Test(arguments: [(1, 1), (3, 2), (10, 5), (24, 6), (40, 12), (80, 24), (200, 60)])
    func everySizeIsDrawn(_ width: Int, _ height: Int) {
        for rows in [0, 1, 30] {
            var bench = open(width: width, height: height, explanation(rows: rows))
            for _ in 0..<4 {
                #expect(Frame(bench.state).text.split(separator: "\n", omittingEmptySubsequences: false).count >= height)
                bench.press("right")
            }
        }
    }

    @Test("as it looks", arguments: [(80, 24), (120, 40)])
    func golden(_ width: Int, _ height: Int) {
        var bench = open(width: width, height: height, explanation())
        Frame(bench.state).expectMatches("explain-columns-\(width)x\(height)")
        bench.press("right", "right")
        Frame(bench.state).expectMatches("explain-row-\(width)x\(height)")
        bench.press("right")
        bench.answer(ReadAttributions(run), curves())
        Frame(bench.state).expectMatches("explain-training-\(width)x\(height)")
    }

    /// What ten columns added over 40 steps, the first of them most at last.
    private func curves() -> AttributionCurves {
        AttributionCurves(
            (0..<10).map { column in
                .init(
                    "column \(column)",
                    (1...40).map { step in
                        .init(step: step * 5, epoch: 0, size: Double(10 - column) * (1 - 1 / Double(step + column)) / 10)
                    })
            })
    }

    @Test func whatColumnsAddIsWatchedWhileARunTrainsAndTheModelIsAskedWhenItEnds() {
        var bench = Bench(width: 120, height: 40)
        bench.addRun("a", name: "adam", created: 1)
        bench.press("2", "Y")
        #expect(bench.asked(ReadAttributions(run)) && !bench.asked(ExplainRun(run)))
        bench.answer(ReadAttributions(run), AttributionCurves([]))
        #expect(text(bench).contains("Nothing was recorded yet."))
        bench.answer(ReadAttributions(run), curves())
        #expect(
            text(bench).contains("while it trained") && text(bench).contains("A column 0")
                && text(bench).contains("and 2 that add less"))
        bench.effects = []
        let step = TensorsOfStep(step: 7, epoch: 1, wallTime: 1, summaries: [], passedOver: 0, spent: [:])
        bench.post("a", .tensors(.summarised(step)))
        #expect(bench.asked(ReadAttributions(run)), "what was captured since is read")
        // There is no model yet, and it says so; when the run ends it is asked again, unasked.
        bench.answer(ReadAttributions(run), curves())
        bench.press("right")
        #expect(bench.asked(ExplainRun(run)))
        refuse(&bench, "adam has no model yet")
        #expect(text(bench).contains("adam has no model yet") && text(bench).contains("while it trained"))
        bench.effects = []
        bench.post(
            "a",
            .job(
                .finished(
                    JobResult(name: "adam", status: .completed, reason: EndReason("done"), bestStep: nil, metrics: [:]))))
        #expect(bench.asked(ExplainRun(run)))
        bench.answer(ExplainRun(run), explanation())
        #expect(text(bench).contains("exact Shapley values of trees"))
    }

    private func refuse(_ bench: inout Bench, _ message: String) {
        let asked = bench.effects.compactMap { if case .ask(let request) = $0 { request } else { nil } }.last
        guard let asked else {
            Issue.record("nothing was asked")
            return
        }
        bench.send(.answered(QueryAnswer(to: asked, .refused(message))))
    }
}
