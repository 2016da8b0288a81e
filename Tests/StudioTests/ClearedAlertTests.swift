import Events
import Testing

@testable import Studio

/// What the studio shows of alerts that stand no more.
@Suite struct ClearedAlertTests {
    private func cleared(_ rule: String = "DataOrder", at step: Int = 340) -> StudioEvent.Kind {
        .debugger(.ruleEvaluated(RuleEvaluation(rule: rule, state: .cleared, step: step, reason: "it has fallen by 12 %")))
    }

    private func bench() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "one")
        var other = Bench.alert
        other.rule = "Overfit"
        bench.post("a", .debugger(.alertRaised(Bench.alert)), at: 1002)
        bench.post("a", .debugger(.alertRaised(other)), at: 1003)
        return bench
    }

    @Test("a cleared alert says so, and counts as open no more")
    func counts() {
        var bench = bench()
        #expect(bench.frame(120, 40).contains("▲ 2 alerts"))
        bench.post("a", cleared(), at: 1004)
        let frame = bench.frame(120, 40)
        #expect(frame.contains("▲ 1 alert") && !frame.contains("2 alerts"))
        #expect(frame.contains("1 cleared · 1") || frame.contains("1 cleared"))
        #expect(frame.contains("cleared at step 340"))
        #expect(bench.state.runs[RunID("a")]?.alertCount == 1)
        bench.post("a", cleared("Overfit"), at: 1005)
        #expect(!bench.frame(120, 40).contains("▲ 1 alert"))
    }

    @Test("the run's page tells at which step and why it was cleared")
    func page() {
        var bench = bench()
        bench.post("a", cleared(), at: 1004)
        bench.press("2", "enter")
        bench.turn(to: .alerts)
        let text = bench.frame(120, 40)
        #expect(text.contains("○ DataOrder") && text.contains("▲ Overfit"))
        #expect(text.contains("cleared at step 340: it has fallen by 12 %"))
    }

    @Test("the selected alert says why it was cleared, in a narrow pane too")
    func reason() {
        var bench = bench()
        bench.post("a", cleared("Overfit"), at: 1004)
        bench.press("4")
        #expect(bench.frame(80, 40).contains("○ cleared at step 340"))
    }

    @Test("what was found again after it was cleared stands")
    func again() {
        var bench = bench()
        bench.post("a", cleared(), at: 1004)
        var later = Bench.alert
        later.step = 500
        bench.post("a", .debugger(.alertRaised(later)), at: 1010)
        #expect(bench.state.alerts.openCount == 2)
        // The workspace tells the same once more.
        let events = [
            StudioEvent(sequence: 1, wallTime: 1002, run: RunID("a"), kind: .debugger(.alertRaised(Bench.alert))),
            StudioEvent(sequence: 2, wallTime: 1004, run: RunID("a"), kind: cleared()),
        ]
        bench.send(.alertsLoaded(RunID("a"), events))
        #expect(bench.state.alerts.openCount == 2)
        #expect(bench.state.alerts.items.map { bench.state.alerts.cleared($0)?.step } == [nil, nil, 340])
    }
}
