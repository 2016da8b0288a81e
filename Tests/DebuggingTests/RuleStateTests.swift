import Events
import Testing

@testable import Debugging

/// How a rule's state goes on from one to the next.
@Suite struct RuleStateTests {
    /// Speaks of losses over 1, and says when they are under it again; needs two losses to say anything.
    private struct OverOne: Rule {
        static let name = "OverOne"
        static let summary = "losses over 1"
        static let clears = true
        private var count = 0
        private var isOver = false

        static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { metric == .trainLoss }
        var waits: RuleWait? { count < 2 ? RuleWait(count, of: 2, "losses") : nil }

        mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
            guard case .samples(let stretch) = input else { return nil }
            return stretch.firstVerdict { sample in
                count += 1
                guard count >= 2, isOver != (sample.value > 1) else { return nil }
                isOver.toggle()
                if !isOver { return .cleared("it is \(sample.value)") }
                return .raised(
                    Alert(
                        rule: Self.name, severity: .info, step: sample.step, summary: "over", evidence: [], cause: "",
                        remedies: []))
            }
        }
    }

    /// The same without saying when it is over.
    private struct OnceOverOne: Rule {
        static let name = "OnceOverOne"
        static let summary = "a loss over 1"
        private var rule = OverOne()

        static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { metric == .trainLoss }
        mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
            let finding = rule.observe(input, of: run)
            guard var alert = finding?.alert, let place = finding?.place else { return nil }
            alert.rule = Self.name
            return RuleFinding(alert, at: place)
        }
    }

    private let record = RecordedRun("r").record

    private func samples(_ losses: [Double]) -> [MetricSample] {
        losses.enumerated().map {
            MetricSample(
                sequence: UInt64($0.offset + 1), metric: 0, step: $0.offset + 1, epoch: 0, wallTime: 0, value: $0.element)
        }
    }

    /// What is told of losses that come in stretches of a length.
    private func told(_ run: RunUnderRules, _ losses: [Double], by length: Int) -> [DebuggerEvent] {
        let samples = samples(losses)
        return stride(from: 0, to: samples.count, by: length).flatMap {
            run.show(samples[$0..<min($0 + length, samples.count)], of: [.trainLoss])
        }
    }

    @Test(arguments: [1, 2, 3, 100]) func aFindingIsClearedAndFoundAgainHoweverTheLossesAreCut(length: Int) {
        let run = RunUnderRules(record: record, rules: [OverOne()])
        let told = told(run, [0, 0, 2, 3, 0.5, 0.5, 2, 2, 2, 0], by: length)
        #expect(told.alerts.map(\.step) == [3, 7])
        let states = told.states(of: "OverOne").filter { !$0.hasPrefix("OK") }
        #expect(states == ["Issue 3", "Cleared 5", "Issue 7", "Cleared 10"])
        #expect(run.stands[0].state == .cleared && run.stands[0].reason == "it is 0.0" && run.stands[0].alert == nil)
    }

    @Test func aRuleSaysWhatItWaitsForUntilItHasSeenEnough() {
        let run = RunUnderRules(record: record, rules: [OverOne()])
        #expect(run.stands[0].wait == RuleWait(0, of: 2, "losses"))
        #expect(told(run, [0], by: 1).isEmpty)
        #expect(run.stands[0].state == .waitingForData && run.stands[0].wait == RuleWait(1, of: 2, "losses"))
        // That it looks is no news.
        #expect(told(run, [0], by: 1).isEmpty)
        #expect(run.stands[0].state == .ok)
        #expect(run.stands[0].wait == nil)
    }

    @Test func aRuleThatCannotTellWhenItIsOverSpeaksOnce() {
        let run = RunUnderRules(record: record, rules: [OnceOverOne()])
        let told = told(run, [0, 2, 0, 2, 0, 2], by: 2)
        #expect(told.alerts.map(\.step) == [2])
        #expect(run.stands[0].state == .issue)
    }

    /// What a run recorded: losses, and what its rules told of them.
    private func history(_ losses: [Double], _ events: [DebuggerEvent]) -> RunHistory {
        let points = losses.enumerated().map { MetricPoint(step: $0.offset + 1, epoch: 0, wallTime: 0, value: $0.element) }
        return RunHistory(
            curves: [(.trainLoss, points)],
            events: events.map { StudioEvent(sequence: 0, wallTime: 0, run: record.id, kind: .debugger($0)) })
    }

    private func later(_ run: RunUnderRules, _ losses: [Double], from first: Int) -> [DebuggerEvent] {
        let samples = losses.enumerated().map {
            MetricSample(
                sequence: UInt64($0.offset + first), metric: 0, step: $0.offset + first, epoch: 0, wallTime: 0, value: $0.element)
        }
        return run.show(samples[...], of: [.trainLoss])
    }

    @Test func whatStandsInAResumedRunIsNotSaidAgainAndClears() {
        let losses = [0.0, 2, 2]
        let before = told(RunUnderRules(record: record, rules: [OverOne()]), losses, by: 3)
        let run = RunUnderRules(record: record, rules: [OverOne()])
        #expect(run.goOn(after: history(losses, before)).isEmpty)
        #expect(run.stands[0].state == .issue && run.stands[0].alert == before.alerts.first)
        let after = later(run, [2, 0, 3], from: 4)
        #expect(after.states(of: "OverOne") == ["Cleared 5", "Issue 6"] && after.alerts.map(\.step) == [6])
    }

    @Test func whatWasSaidOfAnEndIsGoneWhenTheRunGoesOn() {
        let alert = Alert(
            rule: "OverOne", severity: .info, step: 3, summary: "it ended", evidence: [], cause: "", remedies: [])
        let run = RunUnderRules(record: record, rules: [OverOne()])
        let told = run.goOn(
            after: history(
                [0, 0, 0],
                [.alertRaised(alert), .ruleEvaluated(RuleEvaluation(rule: "OverOne", state: .issue, step: 3))]))
        #expect(
            told == [.ruleEvaluated(RuleEvaluation(rule: "OverOne", state: .cleared, step: 3, reason: "the run goes on"))])
    }

    @Test func alertsOfARunKnowWhetherTheyStand() {
        func event(_ kind: DebuggerEvent, _ time: Double) -> StudioEvent {
            StudioEvent(sequence: 0, wallTime: time, run: record.id, kind: .debugger(kind))
        }
        let run = RunUnderRules(record: record, rules: [OverOne(), OnceOverOne()])
        let events = told(run, [0, 2, 0, 2], by: 4).enumerated().map { event($0.element, Double($0.offset)) }
        let alerts = RaisedAlert.all(in: events)
        #expect(alerts.map(\.alert.rule) == ["OverOne", "OnceOverOne", "OverOne"])
        #expect(alerts.map { $0.cleared?.step } == [3, nil, nil])
        var summary = RunSummary(record: record)
        for event in events { summary.apply(event) }
        #expect(summary.alertCount == 2)
    }
}
