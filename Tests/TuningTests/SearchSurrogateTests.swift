import Testing

@testable import Tuning

/// What is believed of the objective, to be looked at.
@Suite struct SearchSurrogateTests {
    /// A bowl with its lowest point at 0.3, seen at even places; b does not matter.
    private func bowl(maximised: Bool = false) throws -> TrialSearch {
        let space = try SearchSpace([
            SearchParameter("a", .continuous(minimum: 0, maximum: 1, .linear)),
            SearchParameter("b", .continuous(minimum: 0, maximum: 1, .linear)),
        ])
        var search = try TrialSearch(space, .random, seed: 3, direction: maximised ? .maximised : .minimised)
        for number in 0..<16 {
            let point = [Double(number) / 15, Double(number * 7 % 16) / 15]
            search.add(Trial(number: number, point: point, values: space.values(at: point), reason: ""))
            let value = 100 + 40 * (point[0] - 0.3) * (point[0] - 0.3)
            search.tell(number, .finished(maximised ? -value : value))
        }
        return search
    }

    @Test func whatWasSeenIsBelievedAndBetweenTheTrialsTheCurve() throws {
        let surrogate = try #require(SearchSurrogate(bowl()))
        #expect(surrogate.count == 16)
        for place in [0.05, 0.3, 0.55, 0.95] {
            let belief = surrogate.belief(at: [place, 0.5]), value = 100 + 40 * (place - 0.3) * (place - 0.3)
            #expect(abs(belief.middle - value) < 1, "\(place): \(belief)")
            #expect(belief.low <= belief.middle && belief.middle <= belief.high)
        }
        let line = surrogate.line(0, through: [0.9, 0.5], count: 11)
        #expect(line.count == 11 && line.indices.min { line[$0].middle < line[$1].middle } == 3)
        let plane = surrogate.plane(0, 1, through: [0.5, 0.5], columns: 10, rows: 4)
        #expect(plane.count == 4 && plane.allSatisfy { row in row[2].middle < row[6].middle && row[3].middle < row[0].middle })
    }

    @Test func whatIsMaximisedIsBelievedInItsOwnNumbers() throws {
        let surrogate = try #require(SearchSurrogate(bowl(maximised: true)))
        let best = surrogate.belief(at: [0.3, 0.5]), worst = surrogate.belief(at: [1, 0.5])
        #expect(abs(best.middle + 100) < 1 && worst.middle < best.middle && best.low <= best.middle)
        // Noise widens what a trial may come to, and what is far from the best has hardly a chance.
        let outcome = surrogate.outcome(at: [0.3, 0.5])
        #expect(outcome.high - outcome.low >= best.high - best.low)
        #expect(surrogate.chance(at: [1, 0.5]) < 0.01 && surrogate.chance(at: [0.3, 0.5]) > 0.01)
    }

    @Test func tooFewTrialsOrAllTheSameTellNothing() throws {
        let space = try SearchSpace([SearchParameter("a", .continuous(minimum: 0, maximum: 1, .linear))])
        var search = try TrialSearch(space, .random, seed: 0)
        #expect(SearchSurrogate(search) == nil)
        for _ in 0..<5 { search.ask().map { search.tell($0.number, .finished(2)) } }
        #expect(SearchSurrogate(search) == nil)
    }

    @Test(arguments: [-1.5, 0, 0.5, 1, 2, 3.5]) func aValueThatWasBentIsUnbentAgain(power: Double) {
        for value in [-3.0, -0.4, 0, 0.2, 2.5] {
            let bent = OutputWarp.bent(value, power)
            // Where the powers' bounded sides end, only what lies before the end comes back.
            #expect(abs(OutputWarp.unbent(bent, power) - value) < 1e-6, "\(value) by \(power)")
        }
    }
}
