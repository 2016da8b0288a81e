import Events
import Testing

@testable import Studio

/// The page that says how the debugger's rules stand.
@Suite struct InsightsTests {
    private let reports = [
        RuleReport(name: "Divergence", summary: "the loss climbs", origin: .descent, state: .ok, step: 17),
        RuleReport(
            name: "Overfit", summary: "the validation loss has turned up", origin: .descent, state: .waitingForData,
            wait: RuleWait(3, of: 6, "evaluations")),
        RuleReport(
            name: "DataOrder", summary: "sorted rows", origin: .descent, state: .issue, step: 7, reason: "rows arrive sorted",
            alert: Bench.alert),
        RuleReport(
            name: "DeadRelu", summary: "dead units", origin: .sagemaker, state: .cleared, step: 1340,
            reason: "units are active again",
            parameters: [.init(name: "threshold_layer", value: "40", defaultValue: "50.0", summary: "the percentage")]),
        RuleReport(name: "spike", summary: "loss > 2", origin: .own, state: .disabled),
    ]

    private func bench() -> Bench {
        var bench = Bench()
        bench.addRun("a", name: "one")
        bench.addRun("b", name: "two")
        bench.post("a", .debugger(.alertRaised(Bench.alert)), at: 1002)
        bench.post("b", .debugger(.alertRaised(Bench.alert)), at: 1003)
        bench.post(
            "b", .debugger(.ruleEvaluated(RuleEvaluation(rule: Bench.alert.rule, state: .cleared, step: 9))), at: 1004)
        return bench
    }

    @Test("one key from an alert opens what the debugger makes of its run, and asks for it")
    func fromAlert() throws {
        var bench = bench()
        bench.press("4", "down", "D")
        let page = try #require(bench.state.top as? InsightsPage)
        #expect(page.run == RunID("a"))
        #expect(bench.asked(ReadRules(RunID("a"))))
    }

    @Test("rules stand with state, reason, what they wait for and what was set; what matters comes first")
    func rules() throws {
        var bench = bench()
        bench.press("2", "D")
        let run = try #require((bench.state.top as? InsightsPage)?.run)
        bench.answer(ReadRules(run), reports)
        let lines = bench.frame(120, 40).split(separator: "\n").map(String.init)
        func line(_ text: String) -> Int { lines.firstIndex { $0.contains(text) } ?? -1 }
        #expect(line("DataOrder") > 0 && line("DataOrder") < line("Divergence") && line("Divergence") < line("Overfit"))
        #expect(lines[line("DataOrder")].contains("▲") && lines[line("DataOrder")].contains("rows arrive sorted"))
        #expect(lines[line("Overfit")].contains("3 of 6 evaluations"))
        #expect(lines[line("DeadRelu")].contains("cleared") && lines[line("DeadRelu")].contains("1,340"))
        #expect(line("DeadRelu.threshold_layer 40   usually 50.0") > 0)
        #expect(lines[line("spike")].contains("off"))
    }

    @Test("a rule is set while its run trains: what would change stands under the line, and u takes it back")
    func set() throws {
        var bench = bench()
        bench.post("a", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))))
        bench.press("2", "D")
        let run = try #require((bench.state.top as? InsightsPage)?.run)
        let report = RuleReport(
            name: "DeadRelu", summary: "dead units", origin: .sagemaker, state: .ok,
            parameters: [
                .init(
                    name: "threshold_layer", value: "40", defaultValue: "50.0", summary: "the percentage",
                    validValues: "a number > 0")
            ], line: "DeadRelu(threshold_layer=40)")
        bench.answer(ReadRules(run), [report])
        bench.press("e")
        #expect(bench.state.toast?.text == "go to a rule first, with up and down")
        bench.press("down", "e")
        #expect(bench.frame(120, 40).contains("Set DeadRelu of"))
        bench.press("backspace", "backspace", "backspace")
        bench.type("0)")
        let bad = CheckRuleEdit(run, RuleEdit(lines: ["DeadRelu(threshold_layer=0)"]))
        bench.answer(bad, RuleEditCheck(problem: "threshold_layer takes a number over 0, not '0'", place: 9))
        #expect(bench.frame(120, 40).contains("takes a number over 0"))
        bench.press("enter")
        #expect(bench.state.popups.count == 1 && !bench.commands.contains { if case .changeRules = $0 { true } else { false } })
        bench.press("backspace", "backspace")
        bench.type("30)")
        let edit = RuleEdit(lines: ["DeadRelu(threshold_layer=30)"]), back = RuleEdit(without: ["DeadRelu"])
        // Enter waits until it is known to be right.
        bench.press("enter")
        #expect(bench.state.popups.count == 1)
        bench.answer(
            CheckRuleEdit(run, edit),
            RuleEditCheck(changes: [.init("DeadRelu", "threshold_layer was changed from 40 to 30")], inverse: back))
        #expect(bench.state.popups.isEmpty && bench.commands.last == .changeRules(run, edit))
        bench.press("u")
        #expect(bench.commands.last == .changeRules(run, back))
        bench.press("t")
        #expect(bench.commands.last == .changeRules(run, RuleEdit(off: ["DeadRelu"])))
        bench.press("u")
        #expect(bench.commands.last == .changeRules(run, RuleEdit(on: ["DeadRelu"])))
    }

    @Test("rules of a run that does not train are not changed")
    func ended() throws {
        var bench = bench()
        bench.post("a", .job(.statusChanged(JobStatusChange(status: .completed, reason: .maxEpochs))))
        bench.press("4", "down", "D")
        bench.press("a")
        #expect(bench.state.toast?.text == "one does not train: its rules are as they were")
    }

    @Test("runs stand by the severity of what stands in them, and lead there")
    func runs() throws {
        var bench = bench()
        bench.press("2", "D")
        let run = try #require((bench.state.top as? InsightsPage)?.run)
        bench.answer(ReadRules(run), [])
        let lines = bench.frame(100, 24).split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.contains("one") && $0.contains("▲ 1") })
        #expect(lines.contains { $0.contains("two") && $0.contains("○ 1") && !$0.contains("▲") })
    }

    @Test("it is asked again when a rule stands otherwise, and not for other runs")
    func again() throws {
        var bench = bench()
        bench.press("2", "D")
        let run = try #require((bench.state.top as? InsightsPage)?.run), other = run == RunID("a") ? "b" : "a"
        bench.answer(ReadRules(run), reports)
        bench.effects = []
        bench.post(other, .debugger(.ruleEvaluated(RuleEvaluation(rule: "x", state: .ok, step: 1))), at: 1010)
        #expect(!bench.asked(ReadRules(run)))
        bench.post(run.text, .debugger(.ruleEvaluated(RuleEvaluation(rule: "x", state: .ok, step: 1))), at: 1011)
        #expect(bench.asked(ReadRules(run)))
    }
}
