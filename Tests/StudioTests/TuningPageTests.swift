import Cells
import Events
import Testing

@testable import Studio

/// The page of a search: its tabs, its cursors, and what is asked of it.
@Suite struct TuningPageTests {
    private func open(_ width: Int = 120, _ height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.state = SampleStudio.tuned(width, height)
        return bench
    }

    private func page(_ bench: Bench) -> TuningPage? { bench.state.top as? TuningPage }

    private func turn(_ bench: inout Bench, to tab: TuningTab) {
        for _ in TuningTab.allCases where page(bench)?.tab != tab { bench.press("right") }
        if tab.needsSurrogate, let query = page(bench)?.surrogateQuery { bench.answer(query, SampleStudio.surrogate) }
    }

    @Test func searchesAreListedAndLeadToTheirPages() {
        var bench = Bench()
        bench.press("5")
        #expect(bench.asked(ReadTunings()))
        bench.answer(ReadTunings(), [])
        #expect(Frame(bench.state).text.contains("ctrl-v on a field makes its value a range"))
        bench.press("5")
        bench.answer(ReadTunings(), [SampleStudio.tuningStanding])
        for part in ["tune-churn", "▶ running", "11/20", "best so far over trials"] {
            #expect(Frame(bench.state).text.contains(part), "\(part)")
        }
        bench.press("j", "enter")
        #expect(bench.asked(ReadTuning(SampleStudio.tuning)))
        bench.press("ctrl-o")
        #expect(bench.state.top is TuningsPage)
    }

    @Test func trialsAreRunsAndSortedByAnyColumn() {
        var bench = open()
        let text = Frame(bench.state).text
        for part in [
            "11 of 20 trials", "best 0.3", "learning_rate", "mini_batch_size", "optimizer", "■ stopped", "✖ failed", "▶ running",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        // The newest first; by the objective the best first, what has none last.
        #expect(rows(bench).first?.contains(" 12 ") == true)
        bench.press(">", ">", ">")
        #expect(page(bench)?.sort == .duration)
        bench.press("<")
        #expect(page(bench)?.sort == .objective)
        let best = (page(bench)?.standing?.best?.number ?? -1) + 1
        #expect(rows(bench).first?.contains(" \(best) ") == true && rows(bench).last?.contains(" 9 ") == true)
        bench.press("r")
        #expect(rows(bench).last?.contains(" 9 ") == true)
        // The same keys as on runs: mark, stop, details.
        bench.press("j", "space")
        let chosen = page(bench)?.chosen
        #expect(chosen != nil && bench.state.experiments.marks == [chosen].compactMap { $0 })
        bench.press("enter")
        #expect((bench.state.top as? RunPage)?.run == chosen)
        bench.press("ctrl-o")
        #expect(page(bench)?.chosen == chosen)
    }

    private func rows(_ bench: Bench) -> [String] {
        Frame(bench.state).text.split(separator: "\n").map(String.init).filter {
            $0.contains("adam") || $0.contains("sgd")
        }.filter { !$0.contains("cat:") }
    }

    @Test func theKeyOfARunStopsTheTrialAndNoOtherRun() {
        var bench = open()
        bench.press("j", "s")
        let text = (bench.state.top as? Question)?.text ?? ""
        #expect(text.contains("tune-churn-012"), "\(text)")
        bench.press("s")
        #expect(bench.commands == [.stopJob(SampleStudio.trialRun(11))])
    }

    @Test func aSearchSaysThatItConfirmsAndWhatTheBestIsWorthThen() {
        var bench = open()
        var again = [TuningConfirmation(trial: 7, seed: 8, run: RunID("again8")), .init(trial: 7, seed: 9, run: RunID("again9"))]
        (again[0].outcome, again[0].value) = (.completed, 0.33)
        let known = SampleStudio.tuningStanding
        func standing(_ status: JobStatus) -> TuningStanding {
            var record = known.record
            record.status = status
            // The best by its value is one of those that were tried again.
            let best = known.best?.number ?? 0
            return TuningStanding(
                record: record, trials: known.trials, axes: known.axes, places: known.places, isCarriedOut: true,
                confirmations: again.map { confirmation in
                    var confirmation = confirmation
                    confirmation.trial = best
                    return confirmation
                })
        }
        bench.answer(ReadTuning(SampleStudio.tuning), standing(.inProgress))
        #expect(Frame(bench.state).text.contains("▶ confirming: 1 seed done"))
        (again[1].outcome, again[1].value) = (.completed, 0.35)
        bench.answer(ReadTuning(SampleStudio.tuning), standing(.completed))
        let text = Frame(bench.state).text
        #expect(text.contains("best 0.3400 ± 0.01414 over 2 seeds") && text.contains("when it was chosen)"), "\(text)")
    }

    @Test func everyTabIsDrawnAtEverySize() {
        for size in [(1, 1), (2, 3), (5, 2), (9, 9), (20, 6), (24, 8), (40, 12), (60, 20), (80, 24), (200, 60)] {
            var bench = open(size.0, size.1)
            for tab in TuningTab.allCases {
                turn(&bench, to: tab)
                #expect(Frame(bench.state).buffer.size == Size(width: size.0, height: size.1))
            }
        }
    }

    @Test func aBrushDimsWhatLiesOutside() {
        var bench = open()
        turn(&bench, to: .parallel)
        #expect(Frame(bench.state).text.contains("10 of 10 in what is brushed"))
        for _ in 0..<8 { bench.press("}") }
        #expect(page(bench)?.brushes[0]?.lowerBound ?? 0 > 0.35)
        let bright = page(bench)?.standing?.trials.filter { page(bench)?.isBright($0) ?? false }.map(\.number) ?? []
        #expect(bright == (0..<12).filter { Double($0 * 7 % 12) / 11 >= 0.4 })
        bench.press(">", "(", "(")
        #expect(page(bench)?.brushes.count == 2)
        bench.press("0")
        #expect(page(bench)?.brushes.keys.sorted() == [0])
        // Also in the table, where it says so.
        turn(&bench, to: .trials)
        #expect(Frame(bench.state).text.contains("\(bright.count) in what is brushed"))
        bench.press("Z")
        #expect(page(bench)?.brushes.isEmpty == true)
    }

    @Test func slicesGoThroughAnyTwoParametersWithACursor() {
        var bench = open()
        turn(&bench, to: .slices)
        #expect(page(bench)?.surrogateQuery == ReadSurrogate(SampleStudio.tuning, 0, 1, trial: 1))
        for part in ["validation:log_loss over learning_rate", "mean ± 2 sd", "mini_batch_size over learning_rate"] {
            #expect(Frame(bench.state).text.contains(part), "\(part)")
        }
        bench.press(">")
        #expect(bench.asked(ReadSurrogate(SampleStudio.tuning, 1, 2, trial: 1)))
        bench.press("y")
        #expect(bench.asked(ReadSurrogate(SampleStudio.tuning, 1, 0, trial: 1)))
        bench.press("<")
        if let query = page(bench)?.surrogateQuery { bench.answer(query, SampleStudio.surrogate) }
        bench.press("}", ")")
        #expect(Frame(bench.state).text.contains("+ learning_rate"))
        bench.press(".", ",")
        #expect(page(bench)?.reading.chartCursor ?? 0 > 0.9)
    }

    @Test func whyATrialWasTriedIsToldBesideWhatCameOfIt() {
        var bench = open()
        bench.press("*")
        turn(&bench, to: .why)
        let text = Frame(bench.state).text
        for part in ["the model of the 9 trials before it expected", "34 %", "as was expected", "the next one, as things stand"] {
            #expect(text.contains(part), "\(part)")
        }
        bench.press("J")
        #expect(bench.questions.contains { $0 is ReadSurrogate })
    }

    @Test func theSearchIsHeldStoppedAndResumed() {
        var bench = open()
        bench.press("w")
        #expect(bench.commands == [.controlTuning(SampleStudio.tuning, .pause)])
        var standing = SampleStudio.tuningStanding
        standing.record.status = .paused
        bench.answer(ReadTuning(SampleStudio.tuning), standing)
        bench.press("w")
        #expect(bench.commands == [.controlTuning(SampleStudio.tuning, .goOn)])
        bench.press("X", "s")
        #expect(bench.commands == [.controlTuning(SampleStudio.tuning, .stop)])
        (standing.record.status, standing.record.reason) = (.stopped, .interrupted)
        bench.answer(ReadTuning(SampleStudio.tuning), standing)
        #expect(Frame(bench.state).text.contains("interrupted: its process is gone"))
        bench.press("w")
        #expect(bench.commands.isEmpty && bench.state.toast?.text.contains("X goes on with it") == true)
        bench.press("X")
        #expect(bench.commands == [.resumeTuning(SampleStudio.tuning)])
    }

    @Test func whatIsAskedOfItIsCheckedAndComesBackWithTheFault() {
        var bench = open()
        bench.press("m")
        #expect((bench.state.top as? LinePrompt)?.field.text == "max-jobs=20 max-parallel-jobs=2 max-runtime=600")
        bench.press("ctrl-u")
        bench.type("max-job=30")
        bench.press("enter")
        #expect(bench.state.top is LinePrompt && bench.questions.isEmpty)
        bench.press("ctrl-u")
        bench.type("max-jobs=0")
        bench.press("enter")
        let change = TuningControl.change(TuningChange(limits: ["max-jobs": "0"]))
        let query = CheckTuningControl(SampleStudio.tuning, change, TuningPrompt(.limits, "max-jobs=0"))
        #expect(bench.asked(query))
        bench.answer(query, "--max-jobs '0': give a whole number from 1 to 10000")
        #expect(Frame(bench.state).text.contains("give a whole number from 1 to 10000"))
        #expect((bench.state.top as? LinePrompt)?.field.text == "max-jobs=0")
        bench.press("ctrl-u")
        bench.type("max-jobs=40 max-runtime=none")
        bench.press("enter")
        bench.effects = []
        let good = TuningControl.change(TuningChange(limits: ["max-jobs": "40", "max-runtime": "none"]))
        bench.answer(
            CheckTuningControl(SampleStudio.tuning, good, TuningPrompt(.limits, "max-jobs=40 max-runtime=none")), nil)
        #expect(bench.commands == [.controlTuning(SampleStudio.tuning, good)])
    }

    @Test func aTrialOfOnesOwnBeginsFromTheChosenOne() {
        var bench = open()
        bench.press("*", "a")
        let text = (bench.state.top as? LinePrompt)?.field.text ?? ""
        #expect(text.contains("learning_rate=") && text.contains("optimizer="))
        bench.press("ctrl-u")
        bench.type("learning_rate=0.02 mini_batch_size=16 optimizer=sgd")
        bench.press("enter")
        let values = ["learning_rate": "0.02", "mini_batch_size": "16", "optimizer": "sgd"]
        #expect(bench.questions.contains { ($0 as? CheckTuningControl)?.control == .add(values) })
    }

    @Test func theBestIsTrainedAgainOnAllRowsFromTheForm() {
        var bench = open()
        bench.press("*", "f")
        let request = bench.form?.request
        let best = SampleStudio.tuningStanding.best
        #expect(request?.validationSplit == 0 && request?.hyperparameters["learning_rate"] == best?.values["learning_rate"])
        #expect(request?.hyperparameters["epochs"] == "20" || request?.algorithm == "neural-network")
        #expect(Frame(bench.state).text.contains("on all rows"))
    }

    @Test func aSearchThatWasStartedHereOpensAndOneElsewhereDoesNot() {
        var bench = open()
        bench.press("q", "q")
        let start = TuningStart(
            tuning: "other", name: "other", strategy: "tpe", why: "", objective: .validationLoss, ranges: ["a=0:1"], maxJobs: 3,
            trials: 0)
        bench.post(nil, .tuning(.started(start)))
        #expect(!(bench.state.top is TuningPage))
        bench.state.awaitsFreshTuning = true
        bench.post(nil, .tuning(.started(start)))
        #expect(page(bench)?.tuning == "other" && bench.asked(ReadTuning("other")))
        // What another process changes is read again.
        bench.answer(ReadTuning("other"), nil)
        bench.answer(ReadTuning("other"), nil)
        bench.effects = []
        bench.send(.tuningsChanged)
        #expect(bench.asked(ReadTuning("other")))
    }
}
