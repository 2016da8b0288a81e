import Numerics
import Testing

@testable import Tables

/// Columns that are right about the target in most rows only.
@Suite struct NoisyCopyTests {
    private func numeric(_ name: String, _ values: [Double]) -> Column {
        Column(name: name, kind: .numeric, storage: .numbers(values))
    }

    private func texts(_ name: String, _ values: [String]) -> Column {
        let words = Array(Set(values)).sorted()
        return Column(
            name: name, kind: .categorical,
            storage: .codes(values.map { Int32(words.firstIndex(of: $0) ?? -1) }, dictionary: words))
    }

    private func findings(_ columns: [Column]) -> [TableFinding] {
        DataFindings(Table(columns: columns), target: .init("y")).found.filter {
            $0.kind == .leakage || $0.kind == .possibleLeakage
        }
    }

    /// Two features, classes that follow from them with chance, and a copy of these that is right with a probability.
    private struct Copied {
        var features: [Double] = [], others: [Double] = []
        var isYes: [Bool] = [], copy: [Bool] = []

        init(_ count: Int, right: Double, seed: UInt64) {
            var random = RandomSource(seed: seed)
            for _ in 0..<count {
                let x = random.normal(), z = random.normal()
                let yes = x + random.normal() * 0.8 > 0.3
                features.append(x)
                others.append(z)
                isYes.append(yes)
                // In the other rows somebody else's.
                copy.append(random.uniform() < right ? yes : random.uniform() < 0.4)
            }
        }
    }

    @Test(arguments: [0.8, 0.9], [1, 2, 3]) func `a copy of two classes is found by how it is wrong`(_ right: Double, _ seed: Int)
    {
        let made = Copied(600, right: right, seed: UInt64(seed * 100))
        let columns = [numeric("x", made.features), numeric("z", made.others), texts("y", made.isYes.map { $0 ? "yes" : "no" })]
        let named = findings([texts("status", made.copy.map { $0 ? "yes" : "no" })] + columns)
        #expect(named.map(\.columns) == [["status"]] && named.map(\.kind) == [.leakage])
        #expect(named.first?.summary.contains("and in the others another one by chance") == true)
        // Under other names it may be a test that errs.
        let other = findings([texts("ward", made.copy.map { $0 ? "W1" : "W0" })] + columns)
        #expect(other.map(\.columns) == [["ward"]] && other.map(\.kind) == [.possibleLeakage])
        let numbers = findings([numeric("flag", made.copy.map { $0 ? 1 : 0 })] + columns)
        #expect(numbers.map(\.kind) == [.possibleLeakage])
    }

    @Test func `a copy of which too few rows err to say how is one where hardly any does`() {
        let made = Copied(300, right: 0.97, seed: 5)
        let errors = zip(made.copy, made.isYes).count { $0 != $1 }
        #expect((5...9).contains(errors))
        let found = findings([
            texts("status", made.copy.map { $0 ? "yes" : "no" }), numeric("x", made.features), numeric("z", made.others),
            texts("y", made.isYes.map { $0 ? "yes" : "no" }),
        ])
        #expect(found.map(\.columns) == [["status"]], "\(found)")
    }

    @Test func `a feature that is wrong about some kind of rows is none`() {
        let made = Copied(600, right: 1, seed: 9)
        // As right as a copy, but it is the other feature that says where it errs.
        let errs = made.isYes.indices.map { made.others[$0] > 1 ? !made.isYes[$0] : made.isYes[$0] }
        // Right about the one class, and wrong about the other in a third of the rows.
        var random = RandomSource(seed: 4)
        let lopsided = made.isYes.map { $0 ? random.uniform() < 0.6 : false }
        let found = findings([
            numeric("x", made.features), numeric("z", made.others), texts("errs", errs.map { $0 ? "yes" : "no" }),
            texts("lopsided", lopsided.map { $0 ? "yes" : "no" }), texts("y", made.isYes.map { $0 ? "yes" : "no" }),
        ])
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `more classes under other names are found, too`() {
        var random = RandomSource(seed: 12)
        let y = (0..<500).map { _ in random.integer(below: 4) }
        let code = y.map { random.uniform() < 0.8 ? $0 : random.integer(below: 4) }
        let x = y.map { Double($0) + random.normal() * 2 }
        let found = findings([texts("code", code.map { "c\(7 - $0)" }), numeric("x", x), texts("y", y.map { "kind \($0)" })])
        #expect(found.map(\.columns) == [["code"]] && found.map(\.kind) == [.leakage])
    }

    @Test(arguments: [0.7, 0.8, 0.9]) func `a number that goes with the target in most rows is a leak, rounded and along a curve`(
        _ right: Double
    ) {
        var random = RandomSource(seed: 21)
        let y = (0..<400).map { _ in abs(random.normal()) * 900 + 20 }
        let bent = y.map { random.uniform() < right ? ($0.squareRoot() * 100).rounded() : (random.uniform() * 4000).rounded() }
        let x = y.map { $0 + random.normal() * 600 }
        let found = findings([numeric("fee", bent), numeric("x", x), numeric("y", y)])
        #expect(found.map(\.columns) == [["fee"]], "\(found)")
    }

    @Test func `a law that bends, and targets that are mostly 0, are no copies`() {
        var random = RandomSource(seed: 31)
        let x = (0..<400).map { _ in random.normal() }
        let mostly = (0..<400).map { _ in random.uniform() < 0.7 ? 0 : (random.uniform() * 100).rounded() }
        #expect(RankCopy(x, mostly) == nil)
        #expect(RankCopy(x, x.map { $0 * $0 * $0 }) == nil)
        #expect(RankCopy(x, x.map { $0 + random.normal() * 0.3 }) == nil)
    }

    @Test func `what tells the class wherever it has a value is a leak`() {
        var random = RandomSource(seed: 5)
        let y = (0..<500).map { _ in random.uniform() < 0.4 }
        let code = y.map { random.uniform() < 0.8 ? ($0 ? 3.0 : 7) : Double.nan }
        let found = findings([
            numeric("code", code), numeric("x", y.map { _ in random.normal() }), texts("y", y.map { $0 ? "yes" : "no" }),
        ])
        #expect(found.map(\.columns) == [["code"]])
        #expect(found.first?.summary == "where code has a value it tells 99 % of y")
    }

    /// scipy 1.17 `chi2.sf`.
    @Test(arguments: [(3.841, 1.0, 0.05), (11.07, 5, 0.05), (15.086, 5, 0.01), (76.15, 50, 0.01)])
    func `the tail of chi square is near that of the reference`(_ sum: Double, _ freedom: Double, _ expected: Double) {
        #expect(abs(ChiSquare.tail(sum, freedom: freedom) - expected) < 0.0015)
    }
}
