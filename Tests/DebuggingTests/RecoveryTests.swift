import Events
import Testing

@testable import Debugging

/// What rules say when a run goes well again.
@Suite struct RecoveryTests {
    /// All rules over a run of 20 steps an epoch, whose validation loss is told once an epoch.
    private func told(
        _ losses: [Double], constant: Double? = nil, validation: (Int) -> Double = { 1 / Double($0) }
    ) -> [DebuggerEvent] {
        let run = RunUnderRules(record: RecordedRun("r").record, rules: RuleCatalogue.all.map { $0.init() })
        var data = TrainingDataSummary(
            rowCount: 1000, featureCount: 3, validationRowCount: 100, target: "y", isShuffled: true, isNormalised: true,
            orderZ: 0, scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")
        (data.constantTrainingLoss, data.constantValidationLoss) = (constant, constant)
        var found = run.show(data)
        for (place, loss) in losses.enumerated() {
            let step = place + 1
            func show(_ metric: MetricName, _ value: Double) {
                let sample = MetricSample(
                    sequence: UInt64(step), metric: 0, step: step, epoch: Double(step) / 20, wallTime: 0, value: value)
                found += run.show([sample], of: [metric])
            }
            show(.trainLoss, loss)
            if step % 20 == 0 { show(.validationLoss, validation(step / 20)) }
        }
        return found
    }

    private func states(_ events: [DebuggerEvent], _ rule: String) -> [String] {
        events.states(of: rule).filter { !$0.hasPrefix("OK") }.map { String($0.prefix { $0 != " " }) }
    }

    @Test func aLossThatClimbsAndFallsBackClearsItsAlert() {
        let healthy = RecordedRun.healthy(800, seed: 3, noise: 0.03)
        let climb = RecordedRun.climbing(120, by: 1.01)
        let told = told(healthy + climb + [Double](repeating: 0.3, count: 200))
        #expect(states(told, "Divergence") == ["Issue", "Cleared"])
        #expect(states(self.told(healthy + climb), "Divergence") == ["Issue"])
    }

    @Test func aLossThatIsFiniteAgainForAWhileClearsItsAlert() {
        let told = told([1, 0.9, .nan] + [Double](repeating: 0.8, count: 49))
        #expect(states(told, "NonFiniteLoss") == ["Issue"])
        let longer = self.told([1, 0.9, .nan] + [Double](repeating: 0.8, count: 50))
        #expect(longer.states(of: "NonFiniteLoss").last == "Cleared 53")
    }

    @Test func aLossThatFlickersIsToldAFewTimesAndNotForEver() {
        let flicker = (0..<20_000).map { $0 % 60 == 0 ? Double.nan : 1 }
        let alerts = told(flicker).alerts.filter { $0.rule == "NonFiniteLoss" }
        #expect((1...2).contains(alerts.count))
    }

    @Test func aLossThatFallsAtLastClearsItsAlert() {
        let flat = [Double](repeating: 0.7, count: 100), falling = (0..<100).map { 0.6 - 0.002 * Double($0) }
        #expect(states(told(flat + falling), "LossNotDecreasing") == ["Issue", "Cleared"])
    }

    @Test func aNewBestClearsOverfitting() {
        let falling = (0..<500).map { 1 - 0.001 * Double($0) }
        let turns = told(falling) { $0 < 5 ? 1 - 0.1 * Double($0) : $0 < 15 ? 0.8 : 0.3 }
        #expect(states(turns, "Overfit") == ["Suspect", "Issue", "Cleared"])
        // A few bad evaluations are suspected, and no more.
        let blips = told(falling) { $0 % 6 > 2 ? 0.9 : 1 / Double($0) }
        #expect(Set(states(blips, "Overfit")).isSubset(of: ["Suspect"]))
        #expect(blips.alerts.allSatisfy { $0.rule != "Overfit" })
    }

    @Test func aModelThatGetsBetterThanAConstantClearsItsAlert() {
        let losses = [Double](repeating: 1, count: 500)
        let late = told(losses, constant: 1) { $0 < 12 ? 1 : 0.5 }
        #expect(states(late, "NoBetterThanConstant") == ["Issue", "Cleared"])
        #expect(states(told(losses, constant: 1) { _ in 1 }, "NoBetterThanConstant") == ["Issue"])
    }
}
