import Testing

@testable import Tuning

@Suite("Sobol sequences")
struct SequenceTests {
    // From scipy.stats.qmc.Sobol(scramble=False), which has the same direction numbers.
    @Test("points are the published ones")
    func published() {
        let first = SobolSequence(dimension: 6, seed: nil)
        #expect(first.point(0) == [0, 0, 0, 0, 0, 0])
        #expect(first.point(2) == [0.75, 0.25, 0.25, 0.25, 0.75, 0.75])
        #expect(first.point(4) == [0.375, 0.375, 0.625, 0.875, 0.375, 0.125])
        #expect(first.point(7) == [0.125, 0.625, 0.375, 0.125, 0.125, 0.375])
        let all = SobolSequence(dimension: 33, seed: nil)
        #expect(all.point(5).prefix(8) == [0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375])
        #expect(all.point(37).suffix(6) == [0.390625, 0.515625, 0.109375, 0.359375, 0.140625, 0.609375])
    }

    @Test("scrambled points fill every sixteenth of each dimension once, whatever the seed", arguments: [1, 2, 77])
    func scrambled(seed: UInt64) {
        let sequence = SobolSequence(dimension: 10, seed: seed)
        let points = (0..<16).map(sequence.point)
        for dimension in 0..<10 { #expect(Set(points.map { Int($0[dimension] * 16) }).count == 16) }
        #expect(points.allSatisfy { $0.allSatisfy { $0 >= 0 && $0 < 1 } })
        #expect(SobolSequence(dimension: 10, seed: seed &+ 1).point(3) != sequence.point(3))
    }
}
