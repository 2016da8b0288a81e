import Glibc
import Testing

@testable import Serving

/// Deployments and alarms, by a clock that a test turns.
@Suite struct GuardrailTests {
    static let plans: [DeploymentPlan] = [
        DeploymentPlan(.allAtOnce, wait: 10, terminationWait: 5),
        DeploymentPlan(.canary, step: 0.1, wait: 10, terminationWait: 5),
        DeploymentPlan(.linear, step: 0.3, wait: 10), DeploymentPlan(.rolling, step: 0.05, wait: 10, terminationWait: 5),
    ]

    /// Turns the clock by a quarter of a second.
    private func drive(
        _ plan: DeploymentPlan, alarmAt: Double? = nil, until end: Double = 1000
    ) throws -> (phase: Deployment.Phase, actions: [(at: Double, action: Deployment.Action)]) {
        var (deployment, first) = try #require(Deployment.begin(plan, now: 0, alarms: []))
        var actions = first.map { (at: 0.0, action: $0) }, now = 0.0
        while now < end, !deployment.isOver {
            now += 0.25
            let alarms = alarmAt.map { $0 <= now } == true ? ["slow"] : []
            actions += deployment.advance(now: now, alarms: alarms).map { (now, $0) }
        }
        return (deployment.phase, actions)
    }

    @Test func stepsAreThoseOfTheStrategy() {
        #expect(Self.plans[0].shares == [1] && Self.plans[1].shares == [0.1, 1])
        let linear = Self.plans[2].shares
        #expect(linear.count == 4 && linear.last == 1 && abs(linear[2] - 0.9) < 1e-12)
        #expect(Self.plans[3].shares.count == 20 && DeploymentPlan(.linear, step: 0.1).shares.count == 10)
    }

    @Test(arguments: plans) func eachStepIsWatchedAndTheOldVersionGoesLast(plan: DeploymentPlan) throws {
        let (phase, actions) = try drive(plan)
        #expect(phase == .updated)
        #expect(actions.dropLast().map(\.action) == plan.shares.map { .shift(share: $0) })
        #expect(actions.dropLast().map(\.at) == plan.shares.indices.map { Double($0) * plan.wait })
        #expect(actions.last?.action == .retireOld)
        #expect(actions.last?.at == Double(plan.shares.count) * plan.wait + plan.terminationWait)
    }

    @Test(arguments: plans) func anAlarmAtAnyMomentBringsTheOldVersionBack(plan: DeploymentPlan) throws {
        let whole = Double(plan.shares.count) * plan.wait + plan.terminationWait
        for moment in stride(from: 0.25, through: whole - 0.25, by: 0.25) {
            let (phase, actions) = try drive(plan, alarmAt: moment)
            guard case .rolledBack(let reason) = phase else {
                Issue.record("\(plan.strategy) at \(moment): \(phase)")
                return
            }
            #expect(reason.contains("slow") && actions.last?.at == moment)
            #expect(actions.last?.action == .rollBack(reason: reason) && !actions.map(\.action).contains(.retireOld))
        }
        #expect(try drive(plan, alarmAt: whole + 1).phase == .updated)
        #expect(Deployment.begin(plan, now: 0, alarms: ["on"]) == nil)
    }

    @Test func aClockThatWasNotLookedAtSkipsNoWatching() throws {
        var (deployment, _) = try #require(Deployment.begin(DeploymentPlan(.canary, wait: 10), now: 0, alarms: []))
        #expect(deployment.advance(now: 500, alarms: []) == [.shift(share: 1)])
        #expect(deployment.advance(now: 509, alarms: []).isEmpty && !deployment.isOver)
        #expect(deployment.advance(now: 510, alarms: []) == [.retireOld])
        var (quick, first) = try #require(Deployment.begin(DeploymentPlan(.linear, step: 0.5), now: 0, alarms: []))
        #expect(first == [.shift(share: 0.5)] && quick.advance(now: 0, alarms: []) == [.shift(share: 1), .retireOld])
    }

    @Test func plansBeyondSageMakersLimitsAreRefused() {
        for plan in [
            DeploymentPlan(.canary, step: 0.6), DeploymentPlan(.canary, step: 0), DeploymentPlan(.linear, step: 0.05),
            DeploymentPlan(.rolling, step: 0.6), DeploymentPlan(.allAtOnce, wait: 3601), DeploymentPlan(.canary, step: .nan),
            DeploymentPlan(.allAtOnce, wait: -1),
        ] { #expect(plan.fault != nil, "\(plan)") }
        for plan in Self.plans { #expect(plan.fault == nil) }
    }

    private func rule(
        _ metric: AlarmRule.Metric, _ statistic: String, _ comparison: AlarmRule.Comparison, _ threshold: Double,
        _ datapoints: Int = 2, _ missing: AlarmRule.Missing = .notBreaching
    ) throws -> AlarmRule {
        AlarmRule(
            metric: metric, statistic: try #require(AlarmRule.Statistic(statistic)), comparison: comparison, threshold: threshold,
            period: 1, evaluationPeriods: 3, datapoints: datapoints, missing: missing)
    }

    @Test func anAlarmIsOnWhenEnoughPeriodsAreBeyondTheThreshold() throws {
        let alarm = try rule(.serverErrors, "Sum", .above, 1)
        #expect(alarm.state([2, 0, 2], before: .ok) == .alarm && alarm.state([2, 0, 1], before: .alarm) == .ok)
        #expect(alarm.state([2, nil, nil], before: .alarm) == .ok)
        #expect(try rule(.serverErrors, "Sum", .above, 1, 2, .breaching).state([2, nil, 0], before: .ok) == .alarm)
        #expect(try rule(.serverErrors, "Sum", .above, 1, 2, .ignore).state([nil, nil, nil], before: .alarm) == .alarm)
        #expect(try rule(.serverErrors, "Sum", .above, 1, 2, .missing).state([nil, nil, nil], before: .ok) == .insufficientData)
        #expect(try rule(.invocations, "Sum", .atMost, 3, 3).state([3, 2, 1], before: .ok) == .alarm)
    }

    @Test func stretchesOfTheLastSecondsHoldAllThatWasAnsweredInThem() {
        let metrics = VariantMetrics()
        for second in 90..<110 {
            for _ in 0...(second - 90) {
                metrics.add(
                    .init(status: second == 105 ? 424 : 200, isModelError: second == 105, model: 3_000_000, overhead: 1),
                    now: Double(second) + 0.5)
            }
        }
        // From 100 to before 110: of the second that begins at 110 nothing is told.
        metrics.add(.init(status: 200, isModelError: false, model: 9, overhead: 1), now: 110.1)
        let stretches = metrics.stretches(2, of: 5, before: 110)
        #expect(stretches.map(\.invocations) == [(11...15).reduce(0, +), (16...20).reduce(0, +)])
        #expect(stretches.map(\.modelErrors) == [0, 16] && stretches.map(\.clientErrors) == [0, 16])
        // 3 ms lie between 2.56 and 3.07 ms.
        #expect(stretches[0].modelLatency.filled.map(\.count) == [65])
        #expect(abs((stretches[0].modelLatency.filled.first?.bound ?? 0) - 3.072e-3) < 1e-9)
        #expect(metrics.stretches(3, of: 1, before: 50).allSatisfy { $0.invocations == 0 })
    }

    @Test func valuesAreThoseOfTheRequestsOfAPeriod() throws {
        let metrics = VariantMetrics()
        for number in 0..<10 {
            metrics.add(
                .init(
                    status: number < 2 ? 424 : 200, isModelError: number < 2, model: UInt64(number + 1) * 1_000_000,
                    overhead: 5_000),
                now: 100.5)
        }
        metrics.add(.init(status: 200, isModelError: false, model: 99_000_000, overhead: 0), now: 101.5)
        let counts = metrics.counts(from: 100, before: 101)
        #expect(try rule(.modelErrors, "Average", .above, 0).value(counts) == 0.2)
        #expect(try rule(.clientErrors, "Sum", .above, 0).value(counts) == 2)
        #expect(try rule(.modelLatency, "Average", .above, 0).value(counts) == 5500)
        let tail = try #require(try rule(.modelLatency, "p99", .above, 0).value(counts))
        #expect(tail >= 10_000 && tail <= 12_600)
        let slow = try rule(.modelLatency, "Average", .above, 50_000, 1)
        #expect(slow.state(of: [metrics], now: 101.9, before: .ok) == .ok)
        #expect(slow.state(of: [metrics], now: 102, before: .ok) == .alarm)
        #expect(slow.state(of: [metrics], now: 110, before: .alarm) == .ok)
        #expect(AlarmRule.Statistic("p0") == nil && AlarmRule.Statistic("median") == nil && AlarmRule.Statistic("p99.9") != nil)
        #expect(try rule(.modelErrors, "p99", .above, 0).fault != nil)
    }

    @Test func whoLooksLateLooksAtEachSecondThatEnded() throws {
        #expect(AlarmRule.moments(after: nil, until: 10.5) == [10.5] && AlarmRule.moments(after: 10.2, until: 10.7) == [10.7])
        #expect(AlarmRule.moments(after: 10.2, until: 13.1) == [11, 12, 13, 13.1])
        #expect(AlarmRule.moments(after: 12, until: 11) == [11])
        let metrics = VariantMetrics()
        metrics.add(.init(status: 424, isModelError: true, model: 1, overhead: 1), now: 11.5)
        let alarm = AlarmRule(
            metric: .modelErrors, statistic: .sum, comparison: .above, threshold: 0, period: 1, evaluationPeriods: 1,
            datapoints: 1)
        // On for one second, between two looks.
        #expect(
            alarm.state(of: [metrics], now: 11.6, before: .ok) == .ok && alarm.state(of: [metrics], now: 14, before: .ok) == .ok)
        let states = AlarmRule.moments(after: 11.6, until: 14.2).map { alarm.state(of: [metrics], now: $0, before: .ok) }
        #expect(states == [.alarm, .ok, .ok, .ok])
    }

    @Test func processorTimeIsAShareOfACoreAndLevelsAreMeans() throws {
        let metrics = VariantMetrics()
        for _ in 0..<10 {
            metrics.add(.init(status: 200, isModelError: false, model: 1, overhead: 1, processor: 75_000_000), now: 100.5)
        }
        let busy = try rule(.processor, "Average", .above, 70, 1)
        #expect(busy.values(of: [metrics], now: 102) == [0, 75, 0] && busy.fault == nil)
        #expect(busy.state(of: [metrics], now: 102, before: .ok) == .alarm)
        #expect(busy.state(of: [metrics], now: 110, before: .alarm) == .ok)
        var levels = LevelHistory()
        for (level, time) in [(10.0, 100.1), (20, 100.6), (40, 101.2)] { levels.add(level, now: time) }
        let full = try rule(.memory, "Average", .atLeast, 40, 1)
        #expect(full.values(of: [], levels: levels, now: 102) == [nil, 15, 40])
        #expect(full.state(of: [], levels: levels, now: 102, before: .ok) == .alarm)
        #expect(try rule(.backlog, "Sum", .above, 1).fault != nil && rule(.memory, "p50", .above, 1).fault != nil)
    }

    @Test func whatAnsweringTakesOfAProcessorIsCounted() throws {
        let before = ThreadTime.nanoseconds
        var sum = 0.0
        while ThreadTime.nanoseconds - before < 20_000_000 { sum += 1 }
        let spent = ThreadTime.nanoseconds - before
        usleep(50_000)
        // Sleeping is no work.
        #expect(spent >= 20_000_000 && ThreadTime.nanoseconds - before < 45_000_000 && sum > 0)
    }
}
