import Numerics
import Testing

@testable import Tuning

@Suite("Searches that begin with earlier ones")
struct WarmStartTests {
    /// A bowl with its bottom at a place.
    private func bowl(_ values: [String: SettingValue], _ x: Double = 0.3, _ y: Double = 0.7) -> Double {
        let dx = (values["x"]?.number ?? 0.5) - x, dy = (values["y"]?.number ?? 0.5) - y
        return dx * dx + dy * dy
    }

    private func earlier(_ name: String = "before", _ count: Int = 20, _ value: ([String: SettingValue]) -> Double) throws
        -> WarmStart.Search
    {
        var search = try TrialSearch(space("x=0:1", "y=0:1"), .sobol, seed: 11)
        var trials: [WarmStart.Search.Trial] = []
        for _ in 0..<count {
            guard let trial = search.ask() else { break }
            trials.append(.init(values: trial.values.mapValues(\.text), value: value(trial.values), isStopped: false))
        }
        return WarmStart.Search(name: name, trials: trials)
    }

    private func best(of search: inout TrialSearch, after count: Int, _ value: ([String: SettingValue]) -> Double) -> Double {
        for _ in 0..<count {
            guard let trial = search.ask() else { break }
            search.tell(trial.number, .finished(value(trial.values)))
        }
        return search.best?.value ?? .nan
    }

    @Test("what was found for the same counts as if it had been found here")
    func identical() throws {
        let before = try earlier { bowl($0) }
        let space = try space("x=0:1", "y=0:1")
        var warm = try TrialSearch(space, .bayesian, seed: 3, warmStart: WarmStart(.identical, [before]))
        let asked = warm.ask(), first = try #require(asked)
        // No ten trials to find its way about: the model is there at once.
        #expect(first.reason.contains("the model"))
        #expect(bowl(first.values) < 0.02)
        #expect(warm.inherited.map(\.usedCount) == [20])
        // What was tried before is not tried again, and is no trial of this search.
        #expect(warm.best == nil)
        let known = Set(before.trials.compactMap { space.point(of: $0.values) })
        for _ in 0..<5 {
            let next = warm.ask()
            #expect(!known.contains(try #require(next).point))
        }
    }

    @Test("something alike is used from the first trial on", arguments: [SearchStrategy.bayesian, .asha])
    func transfer(strategy: SearchStrategy) throws {
        let alike = try earlier { 100 + 50 * bowl($0, 0.35, 0.65) }
        var warm = try TrialSearch(space("x=0:1", "y=0:1"), strategy, seed: 3, warmStart: WarmStart(.transfer, [alike]))
        let asked = warm.ask(), first = try #require(asked)
        #expect(first.reason == "the best of before")
        warm.tell(first.number, .finished(bowl(first.values)))
        #expect(best(of: &warm, after: 7) { bowl($0) } < 0.004)
    }

    @Test("what disagrees with what is found here soon counts nothing")
    func harmful() throws {
        let misleading = try earlier { -bowl($0) }
        var warm = try TrialSearch(space("x=0:1", "y=0:1"), .bayesian, seed: 3, warmStart: WarmStart(.transfer, [misleading]))
        #expect(best(of: &warm, after: 25) { bowl($0) } < 0.01)
        #expect(warm.history.entries.suffix(5).allSatisfy { !$0.trial.reason.contains("earlier searches") })
    }

    @Test("of several earlier searches those count that agree")
    func several() throws {
        let alike = try earlier("alike") { bowl($0) }, other = try earlier("other") { -bowl($0) }
        let space = try space("x=0:1", "y=0:1")
        let models = [other, alike].compactMap { TransferModel(PlacedSearch($0, in: space, needsAll: false) { $0 }, in: space) }
        var source = RandomSource(seed: 1)
        let points = [[0.3, 0.7], [0.1, 0.1], [0.9, 0.2], [0.5, 0.6], [0.8, 0.9]]
        let values = points.map { ($0[0] - 0.3) * ($0[0] - 0.3) + ($0[1] - 0.7) * ($0[1] - 0.7) }
        let warp = OutputWarp(values), warped = values.map(warp.callAsFunction)
        let process = GaussianProcess(
            SurrogateSpace(space), points: points, values: warped, SurrogateParameters(dimension: 2))
        let weights = RankWeights(process, models, points: points, values: warped, &source)
        #expect(weights.earlier[0] == 0 && weights.earlier[1] > 0.5)
    }

    @Test("ranges may be others: what lies outside is left out, what is new is unknown")
    func ranges() throws {
        let before = try earlier { bowl($0) }
        var warm = try TrialSearch(
            space("x=0:0.5", "z=0:1"), .bayesian, seed: 3, warmStart: WarmStart(.transfer, [before]))
        #expect(warm.inherited[0].usedCount == 10 && warm.inherited[0].count == 20)
        #expect(best(of: &warm, after: 12) { bowl($0) + ($0["z"]?.number ?? 0) } < 0.1)
    }

    @Test("a search that is taken up suggests what it would have suggested")
    func resumed() throws {
        let start = WarmStart(.transfer, [try earlier { bowl($0, 0.4, 0.6) }])
        let space = try space("x=0:1", "y=0:1")
        var search = try TrialSearch(space, .bayesian, seed: 1, warmStart: start)
        _ = best(of: &search, after: 8) { bowl($0) }
        var again = try TrialSearch(space, .bayesian, seed: 1, warmStart: start)
        for entry in search.history.entries {
            again.add(entry.trial)
            if let outcome = entry.outcome { again.tell(entry.trial.number, outcome) }
        }
        let next = search.ask(), other = again.ask()
        #expect(next != nil && next == other)
    }

    @Test("what cannot begin with earlier searches is refused")
    func refused() throws {
        let before = try earlier { bowl($0) }
        #expect(throws: TuningError.self) {
            try TrialSearch(TuningTests.space("x=0:1"), .random, seed: 1, warmStart: WarmStart(.transfer, [before]))
        }
        #expect(
            throws: TuningError(
                .strategy, "no trial of before with a value lies in the ranges: widen them, or leave it out of --warm-start")
        ) { try TrialSearch(TuningTests.space("x=5:6"), .bayesian, seed: 1, warmStart: WarmStart(.transfer, [before])) }
        #expect(throws: TuningError(.strategy, "before knows none of z: leave it out of --warm-start")) {
            try TrialSearch(TuningTests.space("z=0:1"), .bayesian, seed: 1, warmStart: WarmStart(.transfer, [before]))
        }
    }
}
