import Explaining
import Glibc
import Numerics
import Testing

@Suite("Shapley values of any game")
struct CoalitionGameTests {
    /// A game whose worths bend with the sum of its members' strengths, and with what some pairs do together.
    private func game(_ count: Int, seed: UInt64) -> CoalitionGame {
        var random = RandomSource(seed: seed)
        let strengths = (0..<count).map { _ in random.normal() }
        let pairs = (0..<count * count).map { _ in random.uniform() < 0.2 ? random.normal() * 0.5 : 0 }
        return CoalitionGame(playerCount: count, outputCount: 1) { memberships in
            stride(from: 0, to: memberships.count, by: count).map { start in
                let members = (0..<count).filter { memberships[start + $0] }
                let sum = members.reduce(0.0) { $0 + strengths[$1] }
                return tanh(sum)
                    + members.reduce(0.0) { sum, first in
                        sum + members.reduce(0.0) { $0 + ($1 < first ? pairs[first * count + $1] : 0) }
                    }
            }
        }
    }

    @Test("who changes nothing gets nothing, who is alike gets alike, and all get everything")
    func axioms() throws {
        let game = CoalitionGame(playerCount: 4, outputCount: 1) { memberships in
            stride(from: 0, to: memberships.count, by: 4).map { start in
                let member = { (player: Int) in memberships[start + player] ? 1.0 : 0 }
                return 3 + member(0) * member(1) * 5 + member(3) * 2
            }
        }
        let found = try game.exactValues()
        #expect(found.values == [2.5, 2.5, 0, 2])
        #expect(found.expected == [3])
        #expect(found.errors == nil)
    }

    @Test("the values of a sum of games are the sums of their values")
    func linearity() throws {
        let first = game(6, seed: 1), second = game(6, seed: 2)
        let sum = CoalitionGame(playerCount: 6, outputCount: 1) { memberships throws(ExplainingError) in
            zip(try first.worths(memberships), try second.worths(memberships)).map { $0 + $1 }
        }
        let both = try sum.exactValues().values
        let parts = zip(try first.exactValues().values, try second.exactValues().values).map { $0 + $1 }
        for (whole, part) in zip(both, parts) { #expect(abs(whole - part) < 1e-12) }
    }

    @Test("as many samples as there are coalitions make kernel values exact")
    func whole() throws {
        let game = game(8, seed: 3), exact = try game.exactValues()
        let found = try game.kernelValues(samples: 254)
        #expect(found.values == exact.values)
        #expect(found.errors == nil)
    }

    @Test("kernel values add up to the whole, and 95 of 100 stated intervals hold the exact value", arguments: [100, 400, 1200])
    func coverage(samples: Int) throws {
        var held = 0, all = 0
        for seed in 0..<60 {
            let game = game(12, seed: UInt64(seed)), exact = try game.exactValues()
            let found = try game.kernelValues(samples: samples, seed: UInt64(seed) + 1000)
            let errors = try #require(found.errors)
            #expect(abs(found.values.reduce(0, +) - exact.values.reduce(0, +)) < 1e-9)
            for player in 0..<12 {
                all += 1
                if abs(found.values[player] - exact.values[player]) <= errors[player] { held += 1 }
            }
        }
        // 95 % of 720, less what players of one game have in common.
        #expect(Double(held) / Double(all) > 0.92, "\(held) of \(all)")
        #expect(Double(held) / Double(all) < 0.995, "\(held) of \(all)")
    }

    @Test("more samples bring smaller errors")
    func shrinking() throws {
        let game = game(14, seed: 9)
        let few = try #require(try game.kernelValues(samples: 200).errors),
            many = try #require(try game.kernelValues(samples: 3200).errors)
        #expect(many.reduce(0, +) < few.reduce(0, +) / 2)
    }

    @Test("too many columns for every coalition, and too few samples, are refused with what to do")
    func refusals() throws {
        #expect(throws: ExplainingError.self) { try game(17, seed: 1).exactValues() }
        #expect(throws: ExplainingError.self) { try game(12, seed: 1).kernelValues(samples: 20) }
        #expect(throws: ExplainingError.self) { try game(20, seed: 1).kernelValues(samples: 1_000_000_000) }
    }
}
