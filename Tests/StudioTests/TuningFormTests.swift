import Cells
import Events
import Testing

@testable import Studio

/// A field of the form becomes a range, and the form starts a search.
@Suite struct TuningFormTests {
    private func opened() -> Bench {
        var bench = Bench()
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        bench.press("n")
        bench.fill(.target, "y")
        return bench
    }

    private func go(_ bench: inout Bench, to name: FormField.Name) {
        for _ in 0..<80 where bench.form?.focused?.name != name {
            if bench.form?.focusedGroup != nil { bench.press("right") }
            bench.press("down")
        }
    }

    @Test func aFieldBecomesARangeAndAValueAgain() {
        var bench = opened()
        go(&bench, to: .hyperparameter("epochs"))
        bench.press("ctrl-v")
        #expect(bench.form?[.hyperparameter("epochs")] == "7:30" && bench.form?.isSearch == true)
        #expect(Frame(bench.state).text.contains("New search"))
        let request = bench.form?.tuningRequest
        #expect(request?.ranges == ["epochs=7:30"] && request?.maxJobs == 20 && request?.strategy == "auto")
        #expect(request?.job.hyperparameters["epochs"] == nil)
        #expect(request.map { bench.asked(CheckTuning($0)) } == true)
        bench.press("ctrl-v")
        #expect(bench.form?.isSearch == false && bench.form?.request.hyperparameters["epochs"] == nil)
    }

    @Test func whatCannotBeSearchedSaysWhy() {
        var bench = opened()
        go(&bench, to: .target)
        bench.press("ctrl-v")
        #expect(bench.state.toast?.text == "only settings of the algorithm can be searched")
        #expect(bench.form?.isSearch == false)
    }

    @Test func aBadRangeIsRefusedAtItsFieldInTheCommandLinesWords() {
        var bench = opened()
        go(&bench, to: .hyperparameter("learning_rate"))
        bench.press("ctrl-v", "ctrl-u")
        bench.type("log:0:1")
        guard let request = bench.form?.tuningRequest else {
            Issue.record("no search")
            return
        }
        var check = TuningCheck()
        check.problems["learning_rate"] = "--range learning_rate: a logarithmic range begins above 0"
        check.strategies = ["auto", "tpe"]
        bench.answer(CheckTuning(request), check)
        #expect(Frame(bench.state).text.contains("a logarithmic range begins above 0"))
        bench.press("ctrl-s")
        #expect(bench.commands.isEmpty && bench.form?.message?.contains("begins above 0") == true)
        bench.press("ctrl-u")
        bench.type("0.5")
        #expect(bench.form.flatMap { $0.problem(at: $0.focusedIndex ?? 0) }?.contains("LOW:HIGH") == true)
    }

    @Test func itStartsASearchWithItsLimits() {
        var bench = opened()
        go(&bench, to: .hyperparameter("learning_rate"))
        bench.press("ctrl-v", "ctrl-u")
        bench.type("log:0.01:1")
        bench.fill(.tuning("max-jobs"), "33")
        bench.fill(.tuning("no-improvement"), "5")
        bench.fill(.runName, "mine")
        bench.press("ctrl-s")
        guard case .startTuning(let request, let name)? = bench.commands.first else {
            Issue.record("\(bench.commands) \(bench.form?.message ?? "")")
            return
        }
        #expect(
            name == "mine" && request.maxJobs == 33 && request.noImprovement == 5
                && request.ranges == ["learning_rate=log:0.01:1"])
        #expect(request.job.name == nil && bench.state.awaitsFreshTuning && bench.form == nil)
    }

    @Test func aLimitThatIsNoneIsPointedAt() {
        var bench = opened()
        go(&bench, to: .hyperparameter("epochs"))
        bench.press("ctrl-v")
        bench.fill(.tuning("max-jobs"), "many")
        bench.press("ctrl-s")
        #expect(bench.commands.isEmpty && bench.form?.message?.contains("a whole number from 1 to 10000") == true)
    }
}
