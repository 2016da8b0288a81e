import Testing

@testable import Tuning

@Suite("Searches by asking and telling")
struct TrialSearchTests {
    private func bowl(_ trial: Trial) -> Double {
        let x = trial.values["x"]?.number ?? 0, y = trial.values["y"]?.number ?? 0
        return (x - 0.3) * (x - 0.3) + (y - 0.7) * (y - 0.7)
    }

    private func run(_ search: inout TrialSearch, _ count: Int, _ value: (Trial) -> Double?) {
        for _ in 0..<count {
            guard let trial = search.ask() else { return }
            search.tell(trial.number, value(trial).map(TrialOutcome.finished) ?? .failed)
        }
    }

    @Test("the same seed and the same answers give the same trials, another seed others", arguments: SearchStrategy.allCases)
    func deterministic(strategy: SearchStrategy) throws {
        let ranges = strategy == .grid ? ["x=int:0:4", "y=int:0:4"] : ["x=0:1", "y=0:1"]
        let space = try SearchSpace(ranges.map { range in try RangeReader().parameter(range) })
        var searches = try [7, 7, 8].map { seed in try TrialSearch(space, strategy, seed: seed) }
        for index in searches.indices { run(&searches[index], 14, bowl) }
        let points = searches.map { $0.history.entries.map(\.trial.point) }
        #expect(points[0] == points[1])
        #expect(points[0] != points[2])
    }

    @Test(
        "a search that is taken up from its trials suggests what it would have suggested",
        arguments: [SearchStrategy.bayesian, .tpe])
    func resumed(strategy: SearchStrategy) throws {
        let space = try space("x=0:1", "y=0:1")
        var search = try TrialSearch(space, strategy, seed: 1)
        run(&search, 13, bowl)
        var again = try TrialSearch(space, strategy, seed: 1)
        for entry in search.history.entries {
            again.add(entry.trial)
            if let outcome = entry.outcome { again.tell(entry.trial.number, outcome) }
        }
        for _ in 0..<3 {
            let next = search.ask(), trial = try #require(next), other = again.ask()
            #expect(other == trial)
            search.tell(trial.number, .finished(bowl(trial)))
            again.tell(trial.number, .finished(bowl(trial)))
        }
    }

    @Test("a model finds the bottom of a bowl, and the top of a hill", arguments: [SearchStrategy.bayesian, .tpe])
    func finds(strategy: SearchStrategy) throws {
        let space = try space("x=0:1", "y=0:1")
        var down = try TrialSearch(space, strategy, seed: 2),
            up = try TrialSearch(space, strategy, seed: 2, direction: .maximised)
        run(&down, 25, bowl)
        run(&up, 25) { 5 - bowl($0) }
        #expect(try #require(down.best).value < 0.02)
        #expect(try #require(up.best).value > 4.98)
    }

    @Test("trials at the same time differ")
    func pending() throws {
        let space = try space("x=0:1", "y=0:1")
        var search = try TrialSearch(space, .bayesian, seed: 3)
        run(&search, 12, bowl)
        let points = (0..<5).compactMap { _ in search.ask()?.point }
        for (index, point) in points.enumerated() {
            for other in points[(index + 1)...] { #expect(!AcquisitionSearch.lie(point, other, within: 0.003)) }
        }
    }

    @Test("failed trials are kept away from, and never the best", arguments: [SearchStrategy.bayesian, .tpe])
    func failures(strategy: SearchStrategy) throws {
        var search = try TrialSearch(space("x=0:1", "y=0:1"), strategy, seed: 4)
        run(&search, 30) { (trial: Trial) -> Double? in (trial.values["x"]?.number ?? 0) > 0.5 ? nil : bowl(trial) }
        let late = search.history.entries.suffix(10)
        #expect(late.count { $0.outcome == .failed } <= 3)
        #expect(try #require(search.best).value < 0.1)
        // NaN is a failure, and all failures leave nothing best.
        var other = try TrialSearch(space("x=0:1", "y=0:1"), strategy, seed: 4)
        run(&other, 14) { _ in .nan }
        #expect(other.best == nil)
        #expect(other.history.count == 14)
    }

    @Test("a grid ends when all is tried, and one with too many points is refused")
    func grid() throws {
        let space = try space("a=cat:x,y,z", "b=int:1:4")
        var search = try TrialSearch(space, .grid, seed: 0, trialCount: 12)
        var seen: Set<[String: SettingValue]> = []
        while let trial = search.ask() { seen.insert(trial.values) }
        #expect(seen.count == 12)
        #expect(
            throws: TuningError(
                .strategy, "the grid has 12 points and there are 11 trials: allow --max-jobs 12, or search otherwise")
        ) { try TrialSearch(space, .grid, seed: 0, trialCount: 11) }
        #expect(
            throws: TuningError(
                .strategy, "a grid needs countable values, and x has a continuous range: give its values as cat:A,B,C")
        ) { try TrialSearch(TuningTests.space("x=0:1"), .grid, seed: 0) }
    }

    @Test(
        "a space of few configurations is searched to its end without trying one twice",
        arguments: [SearchStrategy.bayesian, .random])
    func small(strategy: SearchStrategy) throws {
        var search = try TrialSearch(space("a=cat:x,y,z", "b=int:1:5"), strategy, seed: 1)
        var points: Set<[Double]> = []
        while let trial = search.ask(), points.count < 100 {
            #expect(points.insert(trial.point).inserted)
            search.tell(trial.number, .finished(Double(trial.number)))
        }
        #expect(points.count == 15)
    }

    @Test("the strategy that is chosen is one that suits, with the reason")
    func automatic() throws {
        let numbers = try space("x=0:1", "y=0:1")
        #expect(SearchStrategy.suiting(numbers, trialCount: 50, dataBytes: 1000, canStopEarly: true).strategy == .bayesian)
        #expect(SearchStrategy.suiting(numbers, trialCount: 50, dataBytes: 200_000_000, canStopEarly: true).strategy == .asha)
        let few = SearchStrategy.suiting(try space("x=cat:a,b"), trialCount: 50, dataBytes: nil, canStopEarly: false)
        #expect(few.strategy == .grid)
        #expect(few.reason == "there are only 2 configurations, and all can be tried")
    }

    @Test func aTrialThatIsLeftOutWhileItRunsIsNotKnownAnyMore() throws {
        var search = try TrialSearch(try TuningTests.space("a=0:1"), .random, seed: 3)
        var trials: [Trial] = []
        for _ in 0..<3 { if let trial = search.ask() { trials.append(trial) } }
        search.leaveOut(0)
        search.tell(0, .finished(-1))
        search.tell(2, .finished(2))
        search.tell(1, .finished(1))
        #expect(search.best?.trial == trials[1] && search.best?.value == 1)
        #expect(search.history.count == 2 && search.ask()?.number == 3)
    }
}
