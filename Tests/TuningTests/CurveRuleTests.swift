import Glibc
import Numerics
import Testing

@testable import Tuning

@Suite("Curves that are followed to their end")
struct CurveRuleTests {
    private func curve(_ floor: Double, _ slope: Double, _ exponent: Double, _ count: Int) -> [Double] {
        (1...count).map { floor + slope * pow(Double($0), -exponent) }
    }

    @Test("a curve that comes down to a floor is followed there, and what it may come to holds what comes")
    func followed() throws {
        var inside = 0, source = RandomSource(seed: 4)
        for round in 0..<40 {
            let floor = source.uniform(), exponent = 0.4 + source.uniform()
            let noisy = curve(floor, 1, exponent, 50).map { $0 + 0.01 * source.normal() }
            let outlook = try #require(CurveRule.followed(Array(noisy.prefix(12)), to: 50))
            let deviation = outlook.parts.reduce(0) {
                $0 + $1.weight * ($1.deviation * $1.deviation + ($1.mean - outlook.mean) * ($1.mean - outlook.mean))
            }.squareRoot()
            if (outlook.mean - noisy[49]).magnitude < 2 * deviation { inside += 1 }
            if round == 0 { #expect((outlook.mean - noisy[49]).magnitude < 0.15) }
        }
        #expect(inside >= 36)
    }

    @Test("a trial that comes down to a worse floor than the best ends, one that still falls goes on")
    func ends() {
        var rule = CurveRule(finalEpoch: 30)
        let flat = curve(1, 0.5, 2, 30), falling = curve(0.2, 1, 0.5, 30)
        var stoppedAt: Int?
        for (epoch, value) in flat.enumerated() where stoppedAt == nil {
            if rule.report(1, value: value, best: 0.6) != nil { stoppedAt = epoch + 1 }
        }
        #expect(stoppedAt.map { $0 < 15 } == true)
        for value in falling { #expect(rule.report(2, value: value, best: 0.4) == nil) }
        // Without a best there is nothing to be worse than, and what was reached already is kept.
        for value in flat { #expect(rule.report(3, value: value, best: nil) == nil) }
        for value in flat { #expect(rule.report(4, value: value, best: 1.001) == nil) }
    }

    @Test("a search is converged when the model sees no gain of 1 % anywhere, and not before")
    func converged() throws {
        var search = try TrialSearch(space("x=0:1", "y=0:1"), .bayesian, seed: 2)
        var reached: Int?
        for number in 0..<60 where reached == nil {
            guard let trial = search.ask() else { break }
            let x = trial.values["x"]?.number ?? 0, y = trial.values["y"]?.number ?? 0
            search.tell(trial.number, .finished(1 + (x - 0.3) * (x - 0.3) + (y - 0.7) * (y - 0.7)))
            if search.isConverged { reached = number + 1 }
        }
        #expect(try #require(reached) >= 20)
        #expect(try #require(search.best).value < 1.01)
        var steep = try TrialSearch(space("x=0:1"), .random, seed: 2)
        for _ in 0..<30 {
            guard let trial = steep.ask() else { break }
            steep.tell(trial.number, .finished(trial.values["x"]?.number ?? 0))
        }
        #expect(!steep.isConverged)
    }
}
