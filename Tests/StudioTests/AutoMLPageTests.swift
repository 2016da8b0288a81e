import Cells
import Events
import Testing

@testable import Studio

/// The pages of AutoML jobs: what they list, what they ask, and what begins and ends a job.
@Suite struct AutoMLPageTests {
    private func opened(_ width: Int = 160, _ height: Int = 50) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.press("6")
        bench.answer(ReadAutoMLs(), [SampleStudio.automlStanding])
        bench.press("enter")
        bench.answer(ReadAutoML(SampleStudio.automl), SampleStudio.automlStanding)
        return bench
    }

    @Test func jobsAreListedAndLeadToTheirLeaderboards() {
        var bench = Bench()
        bench.press("6")
        #expect(bench.asked(ReadAutoMLs()))
        bench.answer(ReadAutoMLs(), [])
        #expect(Frame(bench.state).text.contains("A on one asks for the column to predict"))
        bench.answer(ReadAutoMLs(), [SampleStudio.automlStanding])
        for part in ["automl-churn", "▶ running", "0.2871", "best so far over candidates"] {
            #expect(Frame(bench.state).text.contains(part), "\(part)")
        }
        bench.press("enter")
        #expect(bench.asked(ReadAutoML(SampleStudio.automl)))
        bench.press("ctrl-o")
        #expect(bench.state.top is AutoMLsPage)
    }

    @Test func theLeaderboardHasTheAverageFirstAndThenTheBest() {
        let bench = opened(), text = Frame(bench.state).text
        for part in [
            "the average", "0.2871", "of 4 models", "48 %", "training", "failed", "the loss is not finite", "most accurate",
            "fastest",
            "most readable", "8 folds",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let lines = text.split(separator: "\n").map(String.init)
        let places = ["the average", "boosted-shallow ", "boosted ", "network ", "linear ", "forest "].map { name in
            lines.firstIndex { $0.contains(" " + name) } ?? -1
        }
        #expect(places == places.sorted() && !places.contains(-1), "\(places)")
    }

    @Test func aCandidateLeadsToItsRunAndAJobIsStoppedOrResumed() {
        var bench = opened()
        bench.addRun("cand3", name: "automl-churn-boosted-shallow")
        bench.press("j", "j", "enter")
        #expect((bench.state.top as? RunPage)?.run == RunID("cand3"))
        bench.press("ctrl-o", "X", "s")
        #expect(bench.effects.contains(.command(.stopAutoML(SampleStudio.automl))))
        var ended = SampleStudio.automlStanding
        (ended.record.status, ended.record.reason) = (.stopped, .stoppedByUser)
        bench.answer(ReadAutoML(SampleStudio.automl), ended)
        bench.press("X")
        #expect(bench.effects.contains(.command(.resumeAutoML(SampleStudio.automl))))
    }

    @Test func howGoodTheAverageOrACandidateIsIsOneKeyAway() {
        var bench = opened(160, 60)
        bench.press("J")
        #expect(bench.asked(ReadModelInsights(.automl(SampleStudio.automl))))
        bench.answer(ReadModelInsights(.automl(SampleStudio.automl)), SampleStudio.insights)
        let text = Frame(bench.state).text
        for part in [
            "How good automl-churn is", "900 rows, each row predicted by models of 8 folds", "log_loss", "ROC", "gain", "lift",
            "calibration",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        bench.press("G")
        let end = Frame(bench.state).text
        for part in ["Confusion", "612", "Hardest rows", "0.9700"] { #expect(end.contains(part), "\(part)") }
        bench.press("ctrl-o")
        bench.addRun("cand3", name: "automl-churn-boosted-shallow")
        bench.press("j", "j", "J")
        #expect(bench.asked(ReadModelInsights(.run(RunID("cand3")))))
    }

    @Test func howGoodAnOrdinaryRunIsIsAskedFromTheListAndFromItsPage() {
        var bench = Bench(width: 140, height: 40)
        bench.addRun("plain", name: "plain", status: .completed)
        bench.press("J")
        #expect(bench.asked(ReadModelInsights(.run(RunID("plain")))))
        var insights = SampleStudio.insights
        insights.model = "plain"
        bench.answer(ReadModelInsights(.run(RunID("plain"))), insights)
        #expect(Frame(bench.state).text.contains("How good plain is"))
        bench.press("ctrl-o", "enter", "J")
        #expect(
            Frame(bench.state).text.contains("reading what it predicted") || Frame(bench.state).text.contains("How good plain"))
    }

    @Test func errorsOfANumberAreShownAsTheyAre() {
        var bench = opened(160, 60)
        bench.press("J")
        var insights = ModelInsights(
            model: "automl-churn", target: "price", rowCount: 50, foldCount: 1, measures: [.init("rmse", 12.5, spread: nil)])
        var residuals = ModelInsights.Residuals()
        (residuals.counts, residuals.least, residuals.most) = ([1, 2, 30, 17], -20, 20)
        (residuals.deviation, residuals.outliers) = (12.25, 3)
        residuals.actual = [.init(1, 2), .init(3, 3)]
        residuals.points = [.init(1, 1), .init(3, 0)]
        insights.residuals = residuals
        bench.answer(ReadModelInsights(.automl(SampleStudio.automl)), insights)
        let text = Frame(bench.state).text
        for part in [
            "actual over predicted", "residual over predicted", "3 beyond three deviations", "rows that it did not learn from",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func whatWasSeenBeforeTrainingStandsOnTheJobsPage() {
        var bench = opened(160, 60)
        var standing = SampleStudio.automlStanding
        standing.exploration = SampleStudio.exploration
        bench.answer(ReadAutoML(SampleStudio.automl), standing)
        bench.press("G")
        let text = Frame(bench.state).text
        for part in [
            "The target: churned", "2 repeat an earlier one", "yes", "30.0 %", "Columns", "tenure", "42 %", "−.38", "12.5 %",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func whatHappensToTheJobIsAskedForAndSaid() {
        var bench = opened()
        bench.effects = []
        bench.post(
            nil,
            .automl(
                .ensembleImproved(
                    EnsembleNews(
                        automl: SampleStudio.automl, name: "automl-churn",
                        ensemble: AutoMLEnsemble(value: 0.25, spread: nil, predictMilliseconds: 1, size: 1),
                        weights: ["a": 0.5, "b": 0.5]))))
        #expect(bench.asked(ReadAutoML(SampleStudio.automl)))
        #expect(bench.state.toast?.text.contains("average 0.2500 of 2 models") == true)
    }

    @Test func aKeyOnADatasetAsksForTheTargetAndBegins() {
        var bench = Bench()
        bench.state = SampleStudio.busy(120, 40)
        bench.press("1", "A")
        #expect(bench.state.top is LinePrompt)
        bench.press("ctrl-u")
        bench.type("no such column")
        bench.press("enter")
        #expect(Frame(bench.state).text.contains("has no column 'no such column'"))
        let names = bench.state.datasets.selected?.profile?.columns.map(\.name) ?? []
        bench.press("ctrl-u")
        bench.type(names[0])
        bench.press("enter")
        guard
            case .command(.startAutoML(let request, nil))? = bench.effects.first(where: {
                if case .command = $0 { true } else { false }
            })
        else {
            Issue.record("nothing was started")
            return
        }
        #expect(request.job.target == names[0] && request.mode == .auto)
        #expect(request.job.datasetPath == bench.state.datasets.selected?.path)
        bench.post(
            nil,
            .automl(
                .started(
                    AutoMLStart(
                        automl: SampleStudio.automl, name: "automl-churn", mode: "ensembling", objective: .validationLoss,
                        why: [],
                        findings: [], planned: 12, candidates: 0))))
        #expect((bench.state.top as? AutoMLPage)?.automl == SampleStudio.automl)
    }

    @Test("both pages at any size", arguments: [(1, 1), (20, 5), (80, 24), (120, 40), (200, 60)])
    func pagesDrawAtAnySize(_ width: Int, _ height: Int) {
        let bench = opened(width, height)
        #expect(Frame(bench.state).text.isEmpty == false)
    }
}
