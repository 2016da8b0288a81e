import Cells
import Events
import Testing

@testable import Studio

/// Whether groups are treated alike: whom to compare is asked, and the metrics, groups and trades stand on a page.
@Suite struct BiasPageTests {
    private let run = RunID("a"), question = "y=1; sex=f; sex=m; by town"

    private func findings(trades: Bool = true) -> BiasFindings {
        func metric(_ name: String, _ value: Double?, _ interval: ClosedRange<Double>?, after: Bool, _ sentence: String)
            -> BiasFindings.Metric
        {
            .init(
                name, title: "Title of \(name)", value: value, interval: interval, neutral: name == "DI" ? 1 : 0,
                sentence: sentence,
                isOfPredictions: after)
        }
        let metrics = [
            metric("CI", 0.2, 0.1...0.3, after: false, "f are 40.0 % of the rows"),
            metric("DPL", 0.25, 0.06...0.43, after: false, "25.0 % of f have a positive label, 50.0 % of the others"),
            metric("DPPL", 0.02, -0.1...0.14, after: true, "48.0 % of f are predicted positive, 50.0 % of the others"),
            metric("DI", 0.4, 0.2...0.7, after: true, "f are predicted positive 0.400 times as often as the others"),
            metric("TE", .infinity, nil, after: true, "wrong refusals a wrong grant: ∞"),
            metric("CDDPL", nil, nil, after: true, "not defined: there are no strata"),
        ]
        let own = BiasFindings.Group(truePositives: 8, falsePositives: 0, falseNegatives: 2, trueNegatives: 30)
        let others = BiasFindings.Group(truePositives: 25, falsePositives: 5, falseNegatives: 5, trueNegatives: 25)
        let curve = (0...50).map { place -> BiasFindings.Trade in
            let threshold = Double(place) / 50
            return .init(
                threshold: threshold, accuracy: 0.8 - (threshold - 0.6) * (threshold - 0.6), difference: 0.3 * threshold,
                impact: 1 - 0.6 * threshold)
        }
        return BiasFindings(
            label: "y 1",
            facets: [
                .init("sex f", test: "sex=f", metrics: metrics, own: own, others: others, trades: trades ? curve : []),
                .init(
                    "sex m", test: "sex=m", metrics: Array(metrics.prefix(2)), own: others, others: own,
                    trades: trades ? curve : []),
            ], hasPredictions: true, threshold: trades ? 0.5 : nil, rows: "100 rows that the model was not trained on",
            notes: ["2 rows have no value of sex and are left out"])
    }

    private func open(_ width: Int = 120, _ height: Int = 40, _ answer: BiasFindings? = nil) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.addRun("a", name: "adam", created: 1)
        bench.press("2", "=", "ctrl-u")
        bench.type(question)
        bench.press("enter")
        if let answer { bench.answer(MeasureBias(.run(run), question), answer) }
        return bench
    }

    private func text(_ bench: Bench) -> String { Frame(bench.state).text }

    @Test func aLineSaysWhomToCompareAndIsThereAgainNextTime() {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        bench.press("2", "=")
        #expect(text(bench).contains("y="), "the run's target is there already")
        bench.type("1")
        bench.press("enter")
        #expect(text(bench).contains("say whom to compare with all others"))
        bench.press("ctrl-u", "enter")
        #expect(text(bench).contains("say which labels are positive"))
        bench.type(question)
        bench.press("enter")
        #expect(bench.asked(MeasureBias(.run(run), question)))
        #expect(text(bench).contains("counting the groups"))
        bench.press("esc", "=")
        #expect(text(bench).contains(question))
    }

    @Test func namesAndValuesAreCompleted() {
        let columns = [("age", [String]()), ("region", ["north", "north-east", "south"]), ("religion", [])]
        func completed(_ text: String) -> (String, [String]) {
            var field = TextField(text)
            let left = BiasQuestion.complete(&field, columns)
            return (field.text, left)
        }
        #expect(completed("a") == ("age", []))
        #expect(completed("age=1; r") == ("age=1; re", ["region", "religion"]))
        #expect(completed("age=1; region=n") == ("age=1; region=north", ["north", "north-east"]))
        #expect(completed("region=south,north-") == ("region=south,north-east", []))
        #expect(completed("age=1; age>3; by reg") == ("age=1; age>3; by region", []))
        #expect(completed("zebra") == ("zebra", []))
    }

    @Test func aMetricsBarItsIntervalAndItsSentenceStandOnThePage() {
        var bench = open(120, 40, findings())
        #expect(text(bench).contains("sex f  beside all others   1 of 2   positive: y 1"))
        #expect(text(bench).contains("100 rows that the model was not trained on"))
        #expect(text(bench).contains("f are 40.0 % of the rows"))
        let far = text(bench).split(separator: "\n").first { $0.contains("TE ") && $0.contains("inf") }
        #expect(far?.contains("▶") == true && far?.contains("●") == false, "what is beyond the axis says so")
        #expect(!text(bench).contains("50.0 % of the others"))
        bench.press("down")
        #expect(text(bench).contains("25.0 % of f have a positive label, 50.0 % of the others"))
        #expect(text(bench).contains("95 %: 0.0600 to 0.430; without bias 0"))
        bench.press("down", "down", "down", "down")
        #expect(text(bench).contains("not defined: there are no strata"))
        #expect(text(bench).contains("2 rows have no value of sex and are left out"))
        bench.press(">")
        #expect(text(bench).contains("sex m  beside all others   2 of 2"))
        #expect(text(bench).contains("50.0 % of the others"), "the cursor stays among the metrics there are")
    }

    @Test func theGroupsAndTheTradeStandOnTabs() {
        var bench = open(120, 40, findings())
        bench.press("right")
        let shares = text(bench).split(separator: "\n").map(String.init)
        #expect(shares.contains { $0.contains("sex f") && $0.contains("25.0 %") })
        #expect(shares.contains { $0.contains("all others") && $0.contains("50.0 %") })
        #expect(shares.contains { $0.contains("all others") && $0.contains("60") && $0.contains("25") && $0.contains("5") })
        bench.press("right")
        #expect(text(bench).contains("the model's threshold 0.500: accuracy 79.0 %, DPPL 0.150, DI 0.700"))
        var bare = open(120, 40, findings(trades: false))
        bare.press("left", "left")
        #expect(text(bare).contains("no scores of two classes"))
    }

    @Test func aThresholdAGroupIsTriedWithOneKeyAndStandsBesideWhatWas() {
        var bench = open(120, 40, findings())
        bench.press("t")
        #expect(bench.asked(TryRemedy(run, question, facet: 0)))
        bench.answer(TryRemedy(run, question, facet: 0), remedy)
        #expect(text(bench).contains("positive from a score of at least 0.3 for f"))
        let lines = text(bench).split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.contains("accuracy") && $0.contains("0.810") && $0.contains("0.790") })
        #expect(lines.contains { $0.contains("DPPL") && $0.contains("0.200 to 0.400") && $0.contains("0.0100") })
        bench.press(">")
        #expect(text(bench).contains("t tries a threshold of its own for each group"), "another facet has not been tried")
        var data = Bench()
        data.post(nil, .dataset(.profiled(Bench.profile)))
        data.press("1", "=")
        data.type("y=1; x>2")
        data.press("enter")
        data.answer(MeasureBias(.data(path: "data.csv", reading: [:]), "y=1; x>2"), findings(trades: false))
        data.press("t")
        #expect(data.state.toast?.text.contains("data has no thresholds") == true)
    }

    /// The run that weighs its rows, as the engine would register it.
    private func reweighed(_ bench: Bench, by facet: String) throws -> RunRecord {
        let original = try #require(bench.state.runs[run])
        let request = original.record.reweighed(by: facet)
        var record = Bench.record("b", name: "adam-reweighed", created: 2)
        (record.request, record.remedies) = (request, request.remedies)
        record.request.remedies = nil
        record.number = 1
        return record
    }

    private func end(_ bench: inout Bench, _ id: String, _ status: JobStatus = .completed) {
        let result = JobResult(name: id, status: status, reason: EndReason("done"), bestStep: nil, metrics: [:])
        bench.post(id, .job(.finished(result)))
    }

    @Test func rowsAreWeighedWithOneKeyAndWhatThatDoesIsMeasuredWhenTheRunHasEnded() throws {
        var bench = open(120, 40, findings())
        bench.effects = []
        bench.press("w")
        let started = bench.effects.compactMap { if case .command(.startJob(let request)) = $0 { request } else { nil } }.first
        #expect(started?.reweigh == "sex=f" && started?.name == "adam-reweighed")
        #expect(started?.remedies == AlertReference(run: run, rule: AlertReference.bias))
        bench.post("b", .run(.registered(try reweighed(bench, by: "sex=f"))))
        bench.post("b", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 100))))
        #expect(text(bench).contains("adam-reweighed trains: step 0 of 100"))
        bench.effects = []
        bench.press("w")
        #expect(!bench.effects.contains { if case .command(.startJob) = $0 { true } else { false } }, "it trains already")
        end(&bench, "b")
        let query = MeasureReweighed(run, RunID("b"), question, facet: 0)
        #expect(bench.asked(query))
        bench.answer(query, remedy)
        let lines = text(bench).split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.contains("Weighed training rows") })
        #expect(lines.contains { $0.contains("DPPL") && $0.contains("0.200 to 0.400") && $0.contains("0.0100") })
        bench.answer(TryRemedy(run, question, facet: 0), remedy)
        let shown = text(bench).split(separator: "\n").map(String.init)
        let thresholds = try #require(shown.firstIndex { $0.contains("A threshold for each group") })
        let weighed = try #require(shown.firstIndex { $0.contains("Weighed training rows") })
        #expect(thresholds < weighed, "what was tried last stands first")
        bench.press(">")
        #expect(text(bench).contains("w trains the run again"), "rows were not weighed by the other facet")
    }

    @Test func whereBiasCannotBeMendedTheKeySaysWhy() {
        var found = findings()
        found.obstacle = "it does not choose between two classes"
        var bench = open(120, 40, found)
        bench.press("w")
        #expect(bench.state.toast?.text.contains("does not choose between two classes") == true)
    }

    @Test func aRunThatTrainsIsMeasuredWhenItHasEnded() {
        var bench = open()
        let asked = bench.effects.compactMap { if case .ask(let request) = $0 { request } else { nil } }.last
        guard let asked else {
            Issue.record("nothing was asked")
            return
        }
        bench.send(.answered(QueryAnswer(to: asked, .refused("adam has no model yet"))))
        #expect(text(bench).contains("adam has no model yet"))
        bench.effects = []
        end(&bench, "a")
        #expect(bench.asked(MeasureBias(.run(run), question)))
    }

    private var remedy: BiasRemedy {
        BiasRemedy(
            title: "positive from a score of at least 0.3 for f, 0.6 for the others",
            lines: [
                .init(
                    "accuracy", before: 0.81, beforeInterval: 0.78...0.84, after: 0.79, afterInterval: 0.76...0.82, neutral: nil),
                .init("DPPL", before: 0.3, beforeInterval: 0.2...0.4, after: 0.01, afterInterval: -0.09...0.11, neutral: 0),
                .init("DI", before: 0.4, beforeInterval: 0.3...0.5, after: .infinity, afterInterval: nil, neutral: 1),
            ], notes: ["measured on 100 rows"])
    }

    @Test func whatCannotBeMeasuredIsSaidAndAskedAnew() {
        var bench = open()
        let asked = bench.effects.compactMap { if case .ask(let request) = $0 { request } else { nil } }.last
        guard let asked else {
            Issue.record("nothing was asked")
            return
        }
        bench.send(.answered(QueryAnswer(to: asked, .refused("no row has 'f' in sex"))))
        #expect(text(bench).contains("no row has 'f' in sex"))
        bench.press("enter")
        #expect(text(bench).contains("Whom to compare"))
        bench.press("ctrl-u")
        bench.type("y=1; sex")
        bench.press("enter")
        #expect(bench.asked(MeasureBias(.run(run), "y=1; sex")))
        #expect(bench.state.screens.count == 1)
    }

    @Test func dataWithoutAModelIsLookedAtFromItsPane() {
        var bench = Bench()
        bench.press("1", "=")
        #expect(bench.state.toast?.text.contains("no dataset is open") == true)
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        bench.press("1", "=")
        bench.type("y=1; x>2")
        bench.press("enter")
        #expect(bench.asked(MeasureBias(.data(path: "data.csv", reading: [:]), "y=1; x>2")))
    }

    @Test(arguments: [(1, 1), (3, 2), (10, 5), (24, 6), (40, 12), (80, 24), (200, 60)])
    func everySizeIsDrawn(_ width: Int, _ height: Int) {
        var bench = open(width, height, findings())
        bench.answer(TryRemedy(run, question, facet: 0), remedy)
        for _ in 0..<4 {
            #expect(Frame(bench.state).text.split(separator: "\n", omittingEmptySubsequences: false).count >= height)
            bench.press("right")
        }
    }

    @Test("as it looks", arguments: [(80, 24), (120, 40)])
    func golden(_ width: Int, _ height: Int) {
        var bench = open(width, height, findings())
        bench.press("down")
        Frame(bench.state).expectMatches("bias-metrics-\(width)x\(height)")
        bench.press("right")
        Frame(bench.state).expectMatches("bias-groups-\(width)x\(height)")
        bench.press("right")
        Frame(bench.state).expectMatches("bias-trade-\(width)x\(height)")
        bench.answer(TryRemedy(run, question, facet: 0), remedy)
        Frame(bench.state).expectMatches("bias-remedy-\(width)x\(height)")
    }
}
