import Testing

@testable import Tuning

@Suite("What matters in a search")
struct SearchImportanceTests {
    /// A search of trials spread evenly over its space.
    private func search(_ ranges: [String], _ count: Int, _ value: ([String: SettingValue]) -> Double) throws -> TrialSearch {
        let space = try SearchSpace(ranges.map { range in try RangeReader().parameter(range) })
        var search = try TrialSearch(space, .sobol, seed: 5)
        for _ in 0..<count {
            guard let trial = search.ask() else { break }
            search.tell(trial.number, .finished(value(trial.values)))
        }
        return search
    }

    private func share(_ found: SearchImportance, _ names: String...) -> Double {
        (found.parameters + found.pairs).first { $0.parameters.sorted() == names.sorted() }?.share ?? .nan
    }

    private func certainty(_ found: SearchImportance, _ names: String...) -> SearchImportance.Certainty? {
        (found.parameters + found.pairs).first { $0.parameters.sorted() == names.sorted() }?.certainty
    }

    @Test("shares are those of the function where they can be worked out by hand")
    func shares() {
        // f = x + 2 y + 6 (x - 1/2)(y - 1/2): variances 1/12, 4/12 and 36/144.
        let sequence = SobolSequence(dimension: 3, seed: 1)
        let points = (0..<2048).map(sequence.point)
        let found = EffectShares(points: points, choiceCounts: [nil, nil, nil])
            .shares(of: points.map { $0[0] + 2 * $0[1] + 6 * ($0[0] - 0.5) * ($0[1] - 0.5) })
        let total = 1.0 / 12 + 4.0 / 12 + 36.0 / 144
        #expect((found.mains[0] - 1.0 / 12 / total).magnitude < 0.01)
        #expect((found.mains[1] - 4.0 / 12 / total).magnitude < 0.01)
        #expect((found.pairs[0][1] - 36.0 / 144 / total).magnitude < 0.02)
        #expect(found.mains[2].magnitude < 0.01 && found.pairs[0][2].magnitude < 0.01)
    }

    @Test("a search finds what matters, and says of what does not that it may be chance")
    func main() throws {
        let search = try search(["x=0:1", "y=0:1", "z=0:1", "word=cat:a,b,c"], 48) { values in
            (values["x"]?.number ?? 0) * 4 + (values["y"]?.number ?? 0)
        }
        let found = try search.importance()
        #expect(found.parameters.map(\.parameters).prefix(2) == [["x"], ["y"]])
        // 16 to 1.
        #expect((share(found, "x") - 16.0 / 17).magnitude < 0.04)
        #expect(certainty(found, "x") == .clear)
        #expect(certainty(found, "z") == .unclear && certainty(found, "word") == .unclear)
        #expect(share(found, "x", "y") < 0.05)
        #expect(found.explained > 0.9 && found.trialCount == 48)
    }

    @Test("what two parameters do only together is their interaction")
    func interaction() throws {
        let search = try search(["x=0:1", "y=0:1"], 40) { values in
            ((values["x"]?.number ?? 0) - 0.5) * ((values["y"]?.number ?? 0) - 0.5)
        }
        let found = try search.importance()
        #expect(share(found, "x", "y") > 0.8 && certainty(found, "x", "y") == .clear)
        #expect(share(found, "x") < 0.1 && share(found, "y") < 0.1)
    }

    @Test("a parameter that does not exist matters nothing there, and what decides whether it does interacts with it")
    func conditional() throws {
        let search = try search(["kind=cat:plain,deep", "width=0:1?kind==deep"], 48) { values in
            values["width"]?.number.map { 2 * $0 - 1 } ?? 0
        }
        let found = try search.importance()
        // The mean is the same for both kinds; half of the variance by width is there for all, half only for one.
        #expect(share(found, "kind") < 0.1)
        #expect((share(found, "width") - 0.5).magnitude < 0.12 && (share(found, "kind", "width") - 0.5).magnitude < 0.12)
    }

    @Test("of chance alone it says that it may be chance")
    func chance() throws {
        var numbers: UInt64 = 1
        let search = try search(["x=0:1", "y=0:1", "z=0:1"], 40) { _ in
            numbers = numbers &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(numbers >> 40)
        }
        let found = try search.importance()
        #expect(found.explained < 0.2)
        #expect(!(found.parameters + found.pairs).contains { $0.certainty == .clear })
    }

    @Test("too few trials, or none that differ, are refused")
    func refused() throws {
        let few = try search(["x=0:1"], 5) { $0["x"]?.number ?? 0 }
        #expect(
            throws: TuningError(
                .trials, "5 trials have a value, and it takes 8 to see what matters: run more with descent tune resume")
        ) { try few.importance() }
        let same = try search(["x=0:1"], 10) { _ in 3 }
        #expect(
            throws: TuningError(.trials, "all 10 trials have the same value: what was searched makes no difference")
        ) { try same.importance() }
    }
}
