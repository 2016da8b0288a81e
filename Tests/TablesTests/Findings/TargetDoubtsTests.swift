import Glibc
import Numerics
import Testing

@testable import Tables

/// Targets that contradict those of rows that are alike.
@Suite struct TargetDoubtsTests {
    private func numeric(_ name: String, _ values: [Double]) -> Column {
        Column(name: name, kind: .numeric, storage: .numbers(values))
    }

    private func texts(_ name: String, _ values: [String]) -> Column {
        let words = Array(Set(values)).sorted()
        return Column(
            name: name, kind: .categorical,
            storage: .codes(values.map { Int32(words.firstIndex(of: $0) ?? -1) }, dictionary: words))
    }

    private func found(_ columns: [Column]) -> [TableFinding] {
        DataFindings(Table(columns: columns), target: .init("y")).found.filter { $0.kind != .untoldTargets }
    }

    /// Three kinds of rows around three places.
    private struct Kinds {
        var x: [Double] = [], z: [Double] = [], kind: [Int] = []

        init(_ count: Int, seed: UInt64) {
            var random = RandomSource(seed: seed)
            for _ in 0..<count {
                let own = random.integer(below: 3)
                kind.append(own)
                x.append([0, 4, 2][own] + random.normal() * 0.9)
                z.append([0, 0, 4][own] + random.normal() * 0.9)
            }
        }

        func table(_ kinds: [Int], _ test: TargetDoubtsTests) -> [Column] {
            [test.numeric("x", x), test.numeric("z", z), test.texts("y", kinds.map { ["red", "green", "blue"][$0] })]
        }
    }

    @Test(arguments: [0.1, 0.2, 0.4], [1, 2, 3]) func `wrong labels are counted and named row by row`(
        _ share: Double, _ seed: Int
    ) throws {
        let made = Kinds(400, seed: UInt64(seed))
        var random = RandomSource(seed: UInt64(seed + 50))
        let isWrong = made.kind.map { _ in random.uniform() < share }
        let given = made.kind.indices.map { isWrong[$0] ? (made.kind[$0] + 1 + random.integer(below: 2)) % 3 : made.kind[$0] }
        let finding = try #require(found(made.table(given, self)).first)
        // One time in twenty chance spreads them over the classes unevenly, and it is a remark.
        #expect((finding.kind == .labelNoise || finding.kind == .possibleLabelNoise && seed == 2) && finding.columns == ["y"])
        let low = try #require(finding.figures.first { $0.name == "share at least" }?.value),
            high = try #require(finding.figures.first { $0.name == "at most" }?.value)
        #expect(low < share + 0.05 && high > share - 0.05, "\(low) to \(high)")
        // Of the most doubtful rows nearly all are wrong.
        let first = finding.rows.prefix(20)
        #expect(first.count { isWrong[$0 - 1] } * 10 >= first.count * 9)
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func `kinds that overlap and outcomes that are open are not called wrong`(_ seed: Int) {
        let made = Kinds(400, seed: UInt64(seed))
        #expect(found(made.table(made.kind, self)).isEmpty)
        var random = RandomSource(seed: UInt64(seed))
        let odds = zip(made.x, made.z).map { 1 / (1 + exp(-(0.7 * $0 - 0.5 * $1 - 0.5))) }
        let open = odds.map { random.uniform() < $0 ? "yes" : "no" }
        // At best a remark: three heaps with odds of their own are as sure anywhere.
        let doubts = found([numeric("x", made.x), numeric("z", made.z), texts("y", open)])
        #expect(doubts.allSatisfy { $0.kind == .possibleLabelNoise }, "\(doubts)")
        let nothing = odds.map { _ in random.uniform() < 0.5 ? "yes" : "no" }
        #expect(found([numeric("x", made.x), numeric("z", made.z), texts("y", nothing)]).isEmpty)
    }

    @Test func `where one column tells all that is told the outcome may be open`() throws {
        var random = RandomSource(seed: 8)
        let sign = (0..<500).map { _ in random.uniform() < 0.5 }, x = sign.map { _ in random.normal() }
        // Its errors follow the other feature, so that it is no copy.
        let y = zip(sign, x).map { abs($1) > 1.2 ? !$0 : $0 }
        let doubts = found([
            texts("sign", sign.map { $0 ? "up" : "down" }), numeric("x", x), texts("y", y.map { $0 ? "yes" : "no" }),
        ])
        #expect(!doubts.contains { $0.kind == .labelNoise }, "\(doubts)")
    }

    /// Numbers that follow from two features.
    private func numbers(_ count: Int, seed: UInt64) -> (x: [Double], z: [Double], y: [Double]) {
        var random = RandomSource(seed: seed)
        let x = (0..<count).map { _ in random.normal() }, z = (0..<count).map { _ in random.normal() }
        return (x, z, zip(x, z).map { 50 + 9 * $0 - 6 * $1 + random.normal() * 2 })
    }

    private func found(_ made: (x: [Double], z: [Double], y: [Double])) -> [TableFinding] {
        found([numeric("x", made.x), numeric("z", made.z), numeric("y", made.y)])
    }

    @Test(arguments: [0.1, 0.2, 0.5], [1, 2]) func `numbers of other rows are counted and named`(_ share: Double, _ seed: Int)
        throws
    {
        var made = numbers(400, seed: UInt64(seed)), random = RandomSource(seed: UInt64(seed + 9))
        let isWrong = made.y.map { _ in random.uniform() < share }
        made.y = made.y.indices.map { isWrong[$0] ? made.y[random.integer(below: 400)] : made.y[$0] }
        let finding = try #require(found(made).first)
        #expect(finding.kind == .labelNoise)
        let told = try #require(finding.figures.first { $0.name == "share of targets" }?.value)
        #expect(abs(told - share) <= 0.11)
        let first = finding.rows.prefix(15)
        #expect(first.count { isWrong[$0 - 1] } * 10 >= first.count * 9)
    }

    @Test(arguments: [1000.0, 10, 0.1, -1]) func `numbers in another unit are named with the factor`(_ factor: Double) throws {
        var made = numbers(300, seed: 4)
        let wrong = stride(from: 7, to: 300, by: 30)
        for row in wrong { made.y[row] *= factor }
        let finding = try #require(found(made).first { $0.kind == .wrongUnits })
        #expect(finding.figures.first?.value == factor)
        #expect(!found(made).contains { $0.kind == .targetOutliers })
        #expect(Set(finding.rows).isSubset(of: wrong.map { $0 + 1 }) && finding.rows.count >= 8)
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func `heavy tails, wider errors and rare costs are honest`(_ seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        let made = numbers(400, seed: UInt64(seed))
        #expect(found(made).isEmpty)
        let heavy = made.y.map { $0 + random.normal() / max(0.05, abs(random.normal())) * 1.5 }
        #expect(!found((made.x, made.z, heavy)).contains { $0.kind == .labelNoise || $0.kind == .wrongUnits })
        let wider = zip(made.x, made.y).map { $1 + random.normal() * exp($0) * 2 }
        #expect(!found((made.x, made.z, wider)).contains { $0.kind == .labelNoise || $0.kind == .wrongUnits })
        let rare = made.y.map { random.uniform() < 0.1 ? $0 + 40 * random.uniform() : $0 }
        #expect(!found((made.x, made.z, rare)).contains { $0.kind == .labelNoise || $0.kind == .wrongUnits })
    }

    @Test func `rows that are alike and differ in the target are named`() throws {
        let made = Kinds(200, seed: 3)
        var x = made.x, z = made.z, kinds = made.kind
        for row in 0..<6 {
            (x[100 + row], z[100 + row]) = (x[row], z[row])
            kinds[100 + row] = row < 4 ? (kinds[row] + 1) % 3 : kinds[row]
        }
        let table = [numeric("x", x), numeric("z", z), texts("y", kinds.map { ["red", "green", "blue"][$0] })]
        let finding = try #require(found(table).first { $0.kind == .contradictions })
        #expect(finding.rows == [1, 2, 3, 4, 101, 102, 103, 104])
        #expect(finding.summary == "8 rows are like others in every feature and differ in y")
    }

    @Test func `equations with a symmetric matrix are solved`() throws {
        let solution = try #require(Cholesky.solve([4, 2, 0, 3], order: 2, [8, 7], columns: 1))
        #expect(abs(solution[0] - 1.25) < 1e-12 && abs(solution[1] - 1.5) < 1e-12)
        #expect(Cholesky.solve([1, 2, 0, 1], order: 2, [1, 1], columns: 1) == nil)
    }
}
