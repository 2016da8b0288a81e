import Events
import Testing
import TextScanning

@testable import Debugging

/// Rules that users write, over runs.
@Suite struct OwnRuleTests {
    private func selection(_ lines: String...) throws -> RuleSelection { try RuleSelection(lines) }

    /// What a rule says of losses one a step, and validation losses every tenth step.
    private func told(_ line: String, _ losses: [Double], validation: (Int) -> Double = { _ in 1 }, by length: Int = 1) throws
        -> (events: [DebuggerEvent], run: RunUnderRules)
    {
        let run = RunUnderRules(record: RecordedRun("r").record, selection: try selection(line))
        var samples: [MetricSample] = []
        for (place, loss) in losses.enumerated() {
            let step = place + 1
            func add(_ metric: Int32, _ value: Double) {
                samples.append(
                    MetricSample(
                        sequence: UInt64(step), metric: metric, step: step, epoch: Double(step) / 20, wallTime: 0, value: value))
            }
            add(0, loss)
            if step % 10 == 0 { add(1, validation(step / 10)) }
        }
        var events: [DebuggerEvent] = []
        for start in stride(from: 0, to: samples.count, by: length) {
            events += run.show(samples[start..<min(start + length, samples.count)], of: [.trainLoss, .validationLoss])
        }
        events += run.showEnd(JobStatusChange(status: .completed, reason: .maxEpochs))
        return (events, run)
    }

    private func alerts(_ events: [DebuggerEvent], _ rule: String) -> [Alert] { events.alerts.filter { $0.rule == rule } }

    @Test func aConditionThatHoldsLongEnoughRaisesAnAlertWithItsNumbers() throws {
        let losses = [Double](repeating: 1, count: 30) + [Double](repeating: 3, count: 30)
        let line = """
            spike: loss > 2 * rolling_min(loss, 20) for 5 steps, severity issue, message "it doubled",
                remedy set learning_rate=0.001 shuffle=true, remedy "look at the batch"
            """
        let alert = try #require(alerts(try told(line, losses).events, "spike").first)
        #expect(alert.step == 35 && alert.severity == .issue && alert.summary == "it doubled")
        #expect(alert.evidence == [.init("loss", 3), .init("2 * rolling_min(loss, 20)", 2)])
        #expect(
            alert.remedies == [
                .init("set learning_rate = 0.001, shuffle = true", set: ["learning_rate": "0.001", "shuffle": "true"]),
                .init("look at the batch"),
            ])
        // The minimum climbs after them: twenty steps later the condition holds no more, and that is told.
        #expect(try told(line, losses).events.states(of: "spike").last?.hasPrefix("Cleared") == true)
        #expect(alerts(try told(line, [Double](repeating: 1, count: 100)).events, "spike").isEmpty)
    }

    @Test(arguments: [1, 3, 7, 1000]) func whatIsSaidDoesNotDependOnHowSamplesAreCut(length: Int) throws {
        var chance = Chance(5)
        let losses = (0..<600).map { 1 + 0.5 * chance.normal() + ($0 % 200 > 150 ? 3 : 0) }
        func said(_ length: Int) throws -> [String] {
            try told("up: loss > rolling_median(loss, 50) + 2 for 4 steps", losses, by: length).events.states(of: "up")
                .filter { !$0.hasPrefix("OK") }
        }
        let one = try said(1)
        #expect(one.count >= 2)
        #expect(try said(length) == one)
    }

    @Test func evaluationsAreCountedWhereAValidationMetricIsNamed() throws {
        let line = "gap: validation:loss > 1.5 * loss for 3 evaluations"
        let losses = [Double](repeating: 1, count: 100)
        let alert = try #require(alerts(try told(line, losses) { $0 < 5 ? 1 : 2 }.events, "gap").first)
        #expect(alert.step == 70)
        #expect(alerts(try told(line, losses) { $0 % 3 == 0 ? 1 : 2 }.events, "gap").isEmpty)
    }

    @Test func epochsAreCountedByTheRun() throws {
        let losses = [Double](repeating: 2, count: 100)
        let alert = try #require(alerts(try told("high: loss > 1 and step > 20 for 2 epochs", losses).events, "high").first)
        #expect(alert.step == 61)
    }

    @Test func aRuleSaysWhatItWaitsFor() throws {
        func wait(_ line: String, _ count: Int) throws -> RuleWait? {
            try told(line, [Double](repeating: 1, count: count)).run.stands.last?.wait
        }
        #expect(try wait("a: rmse > 1", 5) == RuleWait(0, of: 1, "values of rmse"))
        #expect(try wait("a: loss > rolling_mean(loss, 10)", 4) == RuleWait(4, of: 10, "values of loss"))
        #expect(try wait("a: loss > rolling_mean(loss, 10)", 12) == nil)
    }

    @Test func tensorsAreReadByTheirNames() throws {
        let run = RunUnderRules(
            record: RecordedRun("r").record, selection: try selection("big: tensor(\"fc.weight\").l2 > 10 and loss < 5"))
        var weights = TensorSummary("fc.weight", .weights, count: 4)
        weights.l2 = 20
        let sample = MetricSample(sequence: 1, metric: 0, step: 1, epoch: 0, wallTime: 0, value: 1)
        #expect(run.show([sample], of: [.trainLoss]).alerts.isEmpty)
        let found = run.show(TensorsOfStep(step: 2, epoch: 0, wallTime: 0, summaries: [weights])).alerts
        #expect(found.map(\.tensor) == ["fc.weight"] && found.first?.evidence.first?.value == 20)
    }

    @Test func aListOfRulesIsReadInLinesAndBlocks() throws {
        let text = """
            # what to look for
            spike: loss > 2 * rolling_min(loss, 100)   # twice the best
                for 20 steps
                message "a # is no comment here"

            off StillImproving, DataOrder
            """
        let found = try RuleStatement.all(in: text)
        #expect(found.map(\.statement.name) == ["spike", "StillImproving", "DataOrder"])
        #expect(found[0].text == "spike: loss > 2 * rolling_min(loss, 100) for 20 steps message \"a # is no comment here\"")
        // Each is read again from its one line.
        for (statement, line) in found { #expect(try RuleStatement.all(in: line).map(\.statement) == [statement]) }
        let selection = try RuleSelection(found.map(\.text))
        #expect(selection.entries.filter(\.isOff).map(\.rule.name) == ["DataOrder", "StillImproving"])
        #expect(selection.entries.last?.rule.name == "spike")
    }

    @Test func whatIsOffDoesNotSpeak() throws {
        let run = RunUnderRules(record: RecordedRun("r").record, selection: try selection("off NonFiniteLoss"))
        let sample = MetricSample(sequence: 1, metric: 0, step: 1, epoch: 0, wallTime: 0, value: .nan)
        #expect(run.show([sample], of: [.trainLoss]).alerts.isEmpty)
        #expect(run.stands.first { $0.name == "NonFiniteLoss" }?.state == .disabled)
    }

    @Test(arguments: [
        ("a: loss > 1\nb: loss > rolling_mn(loss, 5)", 2, 11, "there is no function rolling_mn: did you mean rolling_min?"),
        ("Divergense", 1, 1, "there is no rule Divergense: did you mean Divergence?"),
        (
            "loss > 2 for 3 steps", 1, 1,
            "this is a condition without a name: write one and a colon before it, as in spike: loss > 2"
        ),
        (
            "rolling_mean(loss, 3) >= 2", 1, 1,
            "this is a condition without a name: write one and a colon before it, as in spike: loss > 2"
        ),
        ("Overfit: loss > 1", 1, 1, "Descent has a rule Overfit: give yours another name"),
        ("a: loss > 1\na: loss > 2", 2, 1, "there is a rule a already: give this one another name"),
        ("a: loss > 1 sevrity issue", 1, 13, "a rule has no sevrity: did you mean severity?"),
        ("a: loss > 1 severity bad", 1, 22, "expected issue, warning or info"),
        ("a: loss > 1 for 20 stps", 1, 20, "expected steps, epochs, evaluations behind 20"),
        ("a: loss > 1 for many steps", 1, 17, "expected a number of steps, epochs or evaluations"),
        ("a: loss > 1 message hello", 1, 21, "expected a text in quotes"),
        ("a: loss > 1 remedy set", 1, 23, "expected NAME=VALUE"),
        ("a: loss > 1 }", 1, 13, "expected an operator, or for, severity, message, remedy"),
        ("DataOrder(threshold=4", 1, 10, "expected a ) for this"),
        ("FeatureScale(x=4)", 1, 14, "FeatureScale has no parameter x: it takes none"),
        ("?", 1, 1, "expected a rule's name"),
    ])
    func aFaultInAListKnowsItsLine(text: String, line: Int, column: Int, message: String) {
        let fault = #expect(throws: TextFault.self) { try RuleStatement.all(in: text) }
        let place = fault?.place(in: text)
        #expect(place?.line == line && place?.column == column)
        #expect(fault?.message == message)
    }
}
