import Events
import Testing

@testable import Debugging

/// Rules that are changed while a run trains.
@Suite struct RuleChangeTests {
    private let record = RecordedRun("r").record

    private func changed(_ list: [String], _ edit: RuleEdit) throws(RuleEditFault) -> RulesChange {
        try RuleListEditing(list).applying(edit, step: 7)
    }

    private func refusal(_ list: [String], _ edit: RuleEdit) -> String? {
        do throws(RuleEditFault) { _ = try changed(list, edit) } catch { return error.message }
        return nil
    }

    @Test func eachChangeSaysOneThingOfOneRuleAndIsToldInWords() throws {
        var list: [String] = []
        func step(_ edit: RuleEdit, _ rules: [String], _ text: String) throws {
            let change = try changed(list, edit)
            #expect(change.rules == rules && change.text == text && change.step == 7)
            list = change.rules
        }
        try step(
            RuleEdit(on: ["Overtraining"]), ["Overtraining"], "Overtraining: it was added")
        try step(
            RuleEdit(set: ["Overtraining": ["patience_train": "40"]]), ["Overtraining(patience_train=40)"],
            "Overtraining: patience_train was changed from 5 to 40")
        try step(
            RuleEdit(set: ["Overtraining": ["patience_validation": "20"]]),
            ["Overtraining(patience_train=40, patience_validation=20)"],
            "Overtraining: patience_validation was changed from 10 to 20")
        try step(
            RuleEdit(off: ["Overtraining", "StillImproving"]),
            ["Overtraining(patience_train=40, patience_validation=20)", "off Overtraining", "off StillImproving"],
            "StillImproving: it was switched off; Overtraining: it was switched off")
        // What is off keeps what it is set to, and stays off.
        try step(
            RuleEdit(set: ["Overtraining": ["patience_validation": "10"]]),
            ["Overtraining(patience_train=40)", "off Overtraining", "off StillImproving"],
            "Overtraining: patience_validation was changed from 20 to 10")
        try step(
            RuleEdit(on: ["Overtraining"]), ["Overtraining(patience_train=40)", "off StillImproving"],
            "Overtraining: it was switched on")
        try step(
            RuleEdit(lines: ["spike: loss > 2"]), ["Overtraining(patience_train=40)", "off StillImproving", "spike: loss > 2"],
            "spike: it was added")
        try step(
            RuleEdit(lines: ["spike: loss > 3 for 2 steps"], off: ["spike"]),
            ["Overtraining(patience_train=40)", "off StillImproving", "spike: loss > 3 for 2 steps", "off spike"],
            "spike: it was changed to spike: loss > 3 for 2 steps; spike: it was switched off")
        try step(
            RuleEdit(without: ["spike", "Overtraining", "StillImproving"]), [],
            "StillImproving: it was switched on; Overtraining: it was taken off the list; spike: it was taken off the list")
    }

    @Test func whatCannotBeIsRefusedWithWhatToDo() {
        #expect(refusal([], RuleEdit(off: ["DataOrdr"])) == "there is no rule DataOrdr: did you mean DataOrder?")
        #expect(
            refusal([], RuleEdit(set: ["DeadRelu": ["threshold": "4"]]))?.hasPrefix(
                "DeadRelu has no parameter threshold: did you") == true)
        #expect(
            refusal([], RuleEdit(set: ["Overtraining": ["patience_train": "0"]]))
                == "patience_train takes a whole number of at least 1, not '0'")
        #expect(refusal([], RuleEdit(off: ["DeadRelu"])) == "DeadRelu does not look at this run: it is off already")
        #expect(refusal(["off DataOrder"], RuleEdit(off: ["DataOrder"]))?.hasPrefix("nothing would be different") == true)
        #expect(refusal(["a: loss > 1"], RuleEdit(set: ["a": ["x": "1"]]))?.contains("rule of your own") == true)
        #expect(refusal([], RuleEdit(lines: ["spike: loss >"])) != nil)
    }

    private func history(_ losses: [Double]) -> RunHistory {
        RunHistory(
            curves: [
                (
                    .trainLoss,
                    losses.enumerated().map {
                        MetricPoint(step: $0.offset + 1, epoch: 0, wallTime: 0, value: $0.element)
                    }
                )
            ])
    }

    private func show(_ run: RunUnderRules, _ losses: ArraySlice<Double>) -> [DebuggerEvent] {
        let samples = zip(losses.indices, losses).map { index, loss in
            MetricSample(sequence: UInt64(index + 1), metric: 0, step: index + 1, epoch: 0, wallTime: 0, value: loss)
        }
        return run.show(samples[...], of: [.trainLoss])
    }

    @Test func aChangedRuleLooksAnewAtWhatWasRecordedSoFarAndNoFurther() throws {
        let losses: [Double] = [1, 1, 3, 3, 3, 3, 5, 5]
        let run = RunUnderRules(record: record, selection: try RuleSelection(["a: loss > 2", "b: loss > 2"], withUsual: false))
        #expect(show(run, losses[..<6]).alerts.map(\.rule) == ["a", "b"])
        // The store is ahead of the rules by two steps.
        let change = RulesChange(rules: ["a: loss > 4", "b: loss > 2"], changes: [.init("a", "it was changed")], step: 6)
        let told = run.take(change, try RuleSelection(change.rules, withUsual: false), history(losses))
        #expect(told.alerts.isEmpty && told.states(of: "a") == ["Cleared 6", "OK 6"] && told.states(of: "b").isEmpty)
        guard case .ruleEvaluated(let cleared)? = told.first else { return #expect(Bool(false)) }
        #expect(cleared.reason == "it was changed")
        #expect(show(run, losses[6...]).alerts.map { "\($0.rule) \($0.step)" } == ["a 7"])
    }

    @Test func anAlertIsRaisedAtOnceWhereTheRuleNowHoldsSinceLongAgo() throws {
        let run = RunUnderRules(record: record, selection: try RuleSelection(["a: loss > 4"], withUsual: false))
        #expect(show(run, [1, 1, 3, 3]).isEmpty)
        let change = RulesChange(
            rules: ["a: loss > 2", "off b"], changes: [.init("a", "it was changed"), .init("b", "it was added")], step: 4)
        let told = run.take(change, try RuleSelection(["a: loss > 2", "b: loss > 9"], withUsual: false), history([1, 1, 3, 3]))
        #expect(told.alerts.map(\.step) == [3] && told.states(of: "a") == ["Issue 3"] && told.states(of: "b") == ["OK 4"])
    }

    @Test func aRuleThatIsSwitchedOffClearsItsAlertAndOneThatIsOnAgainLooksFromTheBeginning() throws {
        let list = ["a: loss > 2"]
        let run = RunUnderRules(record: record, selection: try RuleSelection(list, withUsual: false))
        #expect(show(run, [3, 3]).alerts.count == 1)
        let off = try changed(list, RuleEdit(off: ["a"]))
        var told = run.take(off, try RuleSelection(off.rules, withUsual: false), history([3, 3]))
        #expect(told.states(of: "a") == ["Cleared 2", "Disabled 2"])
        #expect(show(run, [3, 3, 3]).isEmpty)
        let on = try changed(off.rules, RuleEdit(on: ["a"]))
        told = run.take(on, try RuleSelection(on.rules, withUsual: false), history([3, 3, 3]))
        #expect(told.alerts.map(\.step) == [1])
    }
}
