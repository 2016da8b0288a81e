import Testing

@testable import Tuning

@Suite("Searches of several objectives")
struct SeveralObjectivesTests {
    /// Two bowls with bottoms at two places: the front is the line between them.
    private func bowls(_ trial: Trial) -> [Double] {
        let x = trial.values["x"]?.number ?? 0, y = trial.values["y"]?.number ?? 0
        return [0.2, 0.8].map { centre in (x - centre) * (x - centre) + (y - 0.5) * (y - 0.5) }
    }

    /// The area that a front of two objectives has below a corner; points beyond it bring nothing.
    private func area(_ points: [[Double]], below corner: Double) -> Double {
        var area = 0.0, last = corner
        for point in points.filter({ $0[0] < corner && $0[1] < corner }).sorted(by: { $0[0] < $1[0] }) where point[1] < last {
            area += (corner - point[0]) * (last - point[1])
            last = point[1]
        }
        return area
    }

    private func found(_ strategy: SearchStrategy, seed: UInt64) throws -> (search: TrialSearch, area: Double) {
        var search = try TrialSearch(space("x=0:1", "y=0:1"), strategy, seed: seed, others: [.minimised])
        var points: [[Double]] = []
        for _ in 0..<30 {
            guard let trial = search.ask() else { break }
            points.append(bowls(trial))
            search.tell(trial.number, values: points[points.count - 1])
        }
        return (search, area(points, below: 0.5))
    }

    @Test("the front is what nothing is better than in everything")
    func front() {
        #expect(ParetoFront.places(of: [[1, 4], [2, 2], [3, 3], [4, 1], [2, 2], [1, 5]]) == [0, 1, 3])
        #expect(ParetoFront.places(of: []) == [])
    }

    @Test("a model covers more of the front than chance does")
    func covers() throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let modelled = try found(.bayesian, seed: seed), random = try found(.random, seed: seed)
            #expect(modelled.area > random.area)
            #expect(modelled.search.front.count >= 6)
            // Both ends and the middle, and nothing off the line.
            let front = modelled.search.front.map(bowls)
            #expect(front.contains { $0[0] < 0.02 } && front.contains { $0[1] < 0.02 })
            #expect(front.map { $0[0] } == front.map { $0[0] }.sorted())
        }
    }

    @Test("what is better upwards is, and a trial without one of its values failed")
    func directions() throws {
        var search = try TrialSearch(space("x=0:1"), .random, seed: 1, direction: .maximised, others: [.minimised])
        let numbers = (0..<4).compactMap { _ in search.ask()?.number }
        search.tell(numbers[0], values: [1, 1])
        search.tell(numbers[1], values: [2, 2])
        search.tell(numbers[2], values: [1, 3])
        search.tell(numbers[3], values: [9, .nan])
        #expect(search.front.map(\.number) == [numbers[1], numbers[0]])
        #expect(search.best?.value == 2)
    }

    @Test("what goes by one objective is refused")
    func refused() {
        #expect(throws: TuningError.self) { try TrialSearch(space("x=0:1"), .asha, seed: 1, others: [.minimised]) }
    }
}
