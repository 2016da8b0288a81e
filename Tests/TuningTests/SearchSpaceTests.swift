import Numerics
import Testing

@testable import Tuning

func space(_ ranges: String...) throws -> SearchSpace {
    try SearchSpace(ranges.map { range in try RangeReader().parameter(range) })
}

@Suite("Search spaces")
struct SearchSpaceTests {
    @Test("values come back from their places, on every scale")
    func roundTrip() throws {
        let space = try TuningTests.space(
            "a=log:1e-6:10", "b=reverse-log:0.2:0.9999", "c=-3:5", "d=int:log:1:1000", "e=int:-4:4", "f=cat:x,y,z")
        var source = RandomSource(seed: 3)
        for _ in 0..<500 {
            let point = space.randomPoint(&source)
            let values = space.values(at: point).mapValues(\.text)
            let again = try #require(space.point(of: values))
            for (place, other) in zip(point, again) { #expect((place - other).magnitude < 1e-12) }
            #expect(space.canonical(point) == point)
        }
    }

    @Test("the middle of a logarithmic range is the geometric mean, and the ends are the ends")
    func scales() throws {
        let rate = try RangeReader().parameter("a=log:0.0001:1")
        #expect((try #require(Double(rate.value(at: 0.5).text)) - 0.01).magnitude < 1e-15)
        #expect(rate.value(at: 0) == .number(0.0001))
        #expect(rate.value(at: 1) == .number(1))
        // 1 - 0.01 is half way to 1 - 0.0001 from 0, by factors of ten.
        let momentum = try RangeReader().parameter("a=reverse-log:0:0.9999")
        #expect((try #require(Double(momentum.value(at: 0.5).text)) - 0.99).magnitude < 1e-12)
    }

    @Test("whole numbers have equal room")
    func integers() throws {
        let layers = try RangeReader().parameter("a=int:1:4")
        let counts = (0..<4000).reduce(into: [String: Int]()) {
            $0[layers.value(at: (Double($1) + 0.5) / 4000).text, default: 0] += 1
        }
        #expect(counts == ["1": 1000, "2": 1000, "3": 1000, "4": 1000])
    }

    @Test("a parameter exists where its condition holds, and so do those that depend on it")
    func conditions() throws {
        // Written in an order in which conditions come before what they name.
        let space = try TuningTests.space("w3=int:8:64?w2>=16", "layers=int:1:2", "w2=int:8:64?layers>=2")
        #expect(space.values(at: try #require(space.point(of: ["layers": "1"]))).keys.sorted() == ["layers"])
        #expect(space.point(of: ["layers": "2"]) == nil)
        #expect(space.values(at: try #require(space.point(of: ["layers": "2", "w2": "8"]))).keys.sorted() == ["layers", "w2"])
        let all = try #require(space.point(of: ["layers": "2", "w2": "20", "w3": "9"]))
        #expect(space.values(at: all) == ["layers": .integer(2), "w2": .integer(20), "w3": .integer(9)])
    }

    @Test("a grid counts what differs, and what does not exist once")
    func grid() throws {
        #expect(try space("a=cat:x,y", "b=int:1:3").gridCount == 6)
        #expect(try space("layers=int:1:3", "w2=cat:8,16?layers>=2").gridCount == 5)
        #expect(try space("a=0:1", "b=cat:x,y").gridCount == nil)
        #expect(try space("a=int:1:2000", "b=int:1:2000").gridCount == nil)
    }

    @Test("spaces that cannot be searched are refused with the reason")
    func refusals() throws {
        #expect(throws: TuningError(.range, "nothing is searched: give at least one --range NAME=LOW:HIGH")) {
            try SearchSpace([])
        }
        #expect(throws: TuningError(.range, "--range a is there twice")) { try space("a=0:1", "a=0:2") }
        #expect(throws: TuningError(.range, "--range a: its condition names b, which has no range and no --set")) {
            try space("a=0:1?b>1")
        }
        #expect(throws: TuningError(.range, "--range a, b: the conditions go round in a circle")) {
            try space("a=0:1?b>1", "b=0:1?a>1")
        }
        #expect(
            throws: TuningError(.range, "--range b: it never exists, since a never has a value for which a>=5 holds")
        ) { try space("a=int:1:4", "b=0:1?a>=5") }
        let many = try (0..<31).map { try RangeReader().parameter("p\($0)=0:1") }
        #expect(
            throws: TuningError(
                .range, "31 parameters are searched, and 30 can be: hold those that matter least with --set")
        ) { try SearchSpace(many) }
    }

    @Test("advice names the range, the number of parameters and the number of trials at once")
    func advice() throws {
        let space = try TuningTests.space("rate=linear:0.0001:1", "b=0:1", "c=0:1")
        let advice = SearchAdvice.find(space, .bayesian, trialCount: 8, parallelCount: 4)
        #expect(advice.count == 3)
        #expect(
            advice.first
                == "rate covers 10000 times its smallest value on a linear scale, where small values are hardly tried: "
                + "log:0.0001:1.0 tries all magnitudes"
        )
        let one = try TuningTests.space("a=0:1")
        #expect(SearchAdvice.find(one, .bayesian, trialCount: 50, parallelCount: 2).isEmpty)
        #expect(SearchAdvice.find(one, .random, trialCount: 50, parallelCount: 2, processorCount: 2).isEmpty)
        let crowded = SearchAdvice.find(one, .random, trialCount: 50, parallelCount: 8, processorCount: 2)
        #expect(crowded == ["8 trials at once share 2 processors: each takes longer, and all together are no sooner done"])
    }

}
