import Glibc
import Numerics
import Testing

@testable import Tuning

@Suite("Densities of trials")
struct ParzenTests {
    // From scipy.stats.truncnorm, with the widths by hand.
    @Test("a density is the mean of truncated normal kernels and the wide one")
    func density() throws {
        #expect(ParzenDensity.widths([0.2, 0.5, 0.9]).map { ($0 * 1e9).rounded() / 1e9 } == [0.3, 0.4, 0.4])
        let density = ParzenDensity(try space("a=0:1"), [[0.2], [0.5], [0.9]], weights: [1, 1, 1])
        for (place, expected) in [(0.1, -0.0810314588318982), (0.55, 0.07691717935573245), (0.99, -0.18904039864584726)] {
            #expect((density.logDensity([place]) - expected).magnitude < 1e-12)
        }
    }

    @Test("words have probabilities that add up to 1")
    func words() throws {
        let space = try space("a=cat:x,y,z"),
            density = ParzenDensity(space, [[0.5 / 3], [0.5 / 3], [2.5 / 3]], weights: [1, 1, 1])
        let shares = (0..<3).map { exp(density.logDensity([(Double($0) + 0.5) / 3])) }
        #expect((shares.reduce(0, +) - 1).magnitude < 1e-12)
        #expect(shares[0] > shares[2] && shares[2] > shares[1])
    }

    @Test("what is drawn follows the density")
    func drawing() throws {
        let density = ParzenDensity(try space("a=0:1"), [[0.1], [0.15], [0.12]], weights: [1, 1, 1])
        var source = RandomSource(seed: 5)
        let low = (0..<4000).count { _ in density.drawn(&source)[0] < 0.3 }
        // By the density itself, summed over a thousand slices.
        let expected = (0..<300).reduce(0.0) { $0 + exp(density.logDensity([(Double($1) + 0.5) / 1000])) / 1000 }
        #expect((Double(low) / 4000 - expected).magnitude < 0.03)
    }
}
