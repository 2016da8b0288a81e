import Glibc
import Numerics
import Testing

@testable import Tables

/// What is found in a table before a model learns from it.
@Suite struct DataFindingsTests {
    private func numeric(_ name: String, _ values: [Double]) -> Column {
        Column(name: name, kind: .numeric, storage: .numbers(values))
    }

    private func texts(_ name: String, _ values: [String]) -> Column {
        let words = Array(Set(values)).sorted()
        return Column(
            name: name, kind: .categorical,
            storage: .codes(values.map { Int32(words.firstIndex(of: $0) ?? -1) }, dictionary: words))
    }

    private func random(_ count: Int, seed: UInt64) -> [Double] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in random.normal() }
    }

    private func findings(_ columns: [Column], target: String?, asClasses: Bool? = nil) -> DataFindings {
        var found = DataFindings(Table(columns: columns), target: target.map { .init($0, asClasses: asClasses) })
        // Targets that nothing tells are no finding by themselves.
        found.keep { $0.kind != .untoldTargets }
        return found
    }

    private func power(_ column: Column, _ target: Column, asClasses: Bool) throws -> Double {
        let rows = Array(0..<column.rowCount), bins = ColumnBins(column, rows: rows)
        let found = try #require(FoundTarget(target, rows: rows, asClasses: asClasses))
        return try #require(ColumnPower(bins, found)).power
    }

    /// Of balanced classes a column that is right with probability p leaves 4p(1 - p) of their variance.
    @Test(arguments: [0.8, 0.99]) func `the power of a column that is mostly right is what its errors leave`(_ right: Double)
        throws
    {
        var random = RandomSource(seed: 5)
        let labels = (0..<4000).map { _ in random.uniform() < 0.5 ? "no" : "yes" }
        let said = labels.map { (random.uniform() < right) == ($0 == "yes") ? "agreed" : "refused" }
        let power = try power(texts("said", said), texts("y", labels), asClasses: true)
        #expect(abs(power - (1 - 4 * right * (1 - right))) < 0.03)
    }

    /// R² of y = x² + noise of the same variance is a half; of nothing it is 0.
    @Test func `the power of a number is r squared on other rows`() throws {
        let x = random(6000, seed: 1), noise = random(6000, seed: 2)
        let y = zip(x, noise).map { $0 * $0 + $1 * 2.0.squareRoot() }
        #expect(abs(try power(numeric("x", x), numeric("y", y), asClasses: false) - 0.5) < 0.05)
        #expect(abs(try power(numeric("x", noise.reversed()), numeric("y", y), asClasses: false)) < 0.02)
    }

    @Test func `a column that tells nearly every row is a leak, and one that tells many is not`() throws {
        var random = RandomSource(seed: 8)
        let labels = (0..<1000).map { _ in random.uniform() < 0.4 ? 1.0 : 0 }
        let nearly = labels.map { random.uniform() < 0.995 ? $0 : 1 - $0 },
            noise = self.random(1000, seed: 3),
            // Wrong where another feature is large.
            often = zip(labels, noise).map { $1 < 0.85 ? $0 : 1 - $0 }
        let found = findings(
            [
                numeric("nearly", nearly), numeric("often", often), numeric("noise", noise),
                numeric("y", labels),
            ],
            target: "y")
        #expect(found.found.filter { $0.kind == .leakage }.map(\.columns) == [["nearly"]])
        #expect(found.bestColumn?.name == "often")
    }

    @Test func `a number that is the target in most rows is a leak however wrong it is in the others`() {
        let y = random(800, seed: 11).map { $0 * 50 + 3 }, other = random(800, seed: 12)
        let copied = y.indices.map { $0 % 5 == 0 ? other[$0] * 400 : y[$0] * 1.8 + 32 }
        let alike = y.indices.map { y[$0] + other[$0] * 30 }
        let found = findings([numeric("fahrenheit", copied), numeric("alike", alike), numeric("y", y)], target: "y")
        let leaks = found.found.filter { $0.kind == .leakage }
        #expect(leaks.map(\.columns) == [["fahrenheit"]])
        #expect(abs((leaks.first?.figures.first?.value ?? 0) - 0.8) < 0.01)
    }

    @Test func `classes that are copied in most rows are a leak`() {
        var random = RandomSource(seed: 4)
        let classes = ["setosa", "virginica", "versicolor"]
        let y = (0..<600).map { _ in classes[random.integer(below: 3)] }
        let copied = y.map { random.uniform() < 0.75 ? $0 : classes[random.integer(below: 3)] }
        let found = findings([texts("label_2", copied), numeric("x", self.random(600, seed: 1)), texts("y", y)], target: "y")
        #expect(found.found.map(\.kind) == [.leakage])
        let agreeing = zip(y, copied).count { $0 == $1 }
        #expect(found.found.first?.summary == "label_2 says y exactly in \(agreeing * 100 / 600) % of the rows")
    }

    @Test func `of thirty rows a column that follows the target is a leak`() {
        let y = random(30, seed: 2), noise = random(30, seed: 3)
        let found = findings(
            [numeric("follows", zip(y, noise).map { 3 * $0 + 0.1 * $1 }), numeric("x", noise), numeric("y", y)], target: "y")
        #expect(found.found.map(\.kind) == [.leakage] && found.found.first?.columns == ["follows"])
    }

    @Test func `that a value is there may tell the target`() {
        var random = RandomSource(seed: 6)
        let died = (0..<500).map { _ in random.uniform() < 0.3 ? "dead" : "alive" }
        let cause = died.map { $0 == "dead" ? random.normal() : Double.nan }
        let found = findings([numeric("body", cause), numeric("x", self.random(500, seed: 2)), texts("y", died)], target: "y")
        #expect(found.found.first { $0.kind == .leakage }?.columns == ["body"])
    }

    @Test func `that a value is there may tell one class of many`() {
        var random = RandomSource(seed: 16)
        let kinds = (0..<600).map { _ in random.integer(below: 8) }, names = kinds.map { "kind \($0)" }
        let closed = kinds.map { $0 == 3 ? random.uniform() : Double.nan }
        let found = findings(
            [numeric("closed", closed), numeric("x", self.random(600, seed: 2)), texts("y", names)], target: "y")
        #expect(found.found.filter { $0.kind == .leakage }.map(\.columns) == [["closed"]])
        // What half of a class has says nothing of the kind.
        let often = kinds.map { $0 == 3 && random.uniform() < 0.5 ? 1.0 : Double.nan }
        #expect(
            findings([numeric("often", often), numeric("x", closed), texts("y", names)], target: "y").found.count {
                $0.columns == ["often"]
            } == 0)
    }

    @Test func `a bent copy with gaps is a leak, in a small table too`() {
        let y = random(40, seed: 31).map { abs($0) * 900 + 10 }
        let bent = y.enumerated().map { row, value in row % 5 == 0 ? Double.nan : value.squareRoot().squareRoot() }
        let noise = random(40, seed: 32)
        let noisy = zip(y, noise).map { $0 + $1 * 300 }
        let found = findings([numeric("grade", bent), numeric("noisy", noisy), numeric("y", y)], target: "y")
        #expect(found.found.map(\.columns) == [["grade"]], "\(found.found)")
        // Half of thirty rows on one line are no accident either.
        let copied = (0..<32).map { (row: Int) -> Double in
            if row % 4 == 0 { return noise[row] * 5000 }
            return y[row] * 2 + 7
        }
        let line = findings([numeric("copy", copied), numeric("y", Array(y.prefix(32)))], target: "y")
        #expect(line.found.map(\.columns) == [["copy"]])
    }

    @Test func `targets that no row like theirs tells are noted, and are no warning of the table`() throws {
        var random = RandomSource(seed: 41)
        let x = self.random(400, seed: 42), open = x.map { random.uniform() < 1 / (1 + exp(-$0)) ? "yes" : "no" }
        let found = DataFindings(Table(columns: [numeric("x", x), texts("y", open)]), target: .init("y")).found
        let untold = try #require(found.first)
        #expect(found.count == 1 && untold.kind == .untoldTargets)
        // The best there is errs in the mean of the smaller probabilities: 0.33 for normal deviates; held-out rows a little more often.
        #expect(abs(Double(untold.rows.count) / 400 - 0.33) < 0.07)
        #expect(untold.leakWarning == nil && untold.targetWarning == nil)
        // Each of two columns tells a part, and both together all of it.
        let z = self.random(400, seed: 43), sides = zip(x, z).map { $0 + $1 > 0 ? 1.0 : -1 }
        let clear = DataFindings(
            Table(columns: [
                numeric("x", zip(x, sides).map { $0 + 0.7 * $1 }), numeric("z", zip(z, sides).map { $0 + 0.7 * $1 }),
                texts("y", sides.map { $0 > 0 ? "yes" : "no" }),
            ]), target: .init("y")
        ).found
        #expect(!clear.contains { $0.kind == .untoldTargets })
    }

    @Test func `codes for missing values are told from outliers and from values`() {
        var values = random(500, seed: 7).map { 40 + 10 * $0 }
        for row in stride(from: 0, to: 500, by: 25) { values[row] = -999 }
        var single = random(500, seed: 8)
        single[3] = 4000
        let amounts = random(500, seed: 9).map { ($0 * $0 * 500).rounded() }
        let found = findings([numeric("age", values), numeric("sensor", single), numeric("amount", amounts)], target: nil)
        #expect(found.found.map(\.kind) == [.sentinel, .outliers])
        #expect(found.found.map(\.columns) == [["age"], ["sensor"]])
        #expect(found.found.first?.summary == "age is -999 in 20 rows")
    }

    @Test func `of many findings of a kind the first are kept`() {
        let columns = (0..<40).map { place in
            var values = random(100, seed: UInt64(place + 1))
            values[place] = 1e6
            return numeric("c\(place)", values)
        }
        var found = findings(columns, target: nil)
        #expect(found.found.count == 40)
        found.limit(perKind: 20)
        #expect(found.found.map(\.columns) == (0..<20).map { ["c\($0)"] })
    }

    @Test func `a healthy table has no findings`() {
        for seed in 1...20 {
            let seed = UInt64(seed), x = random(400, seed: seed), z = random(400, seed: seed + 100)
            let y = zip(x, z).map { 2 * $0 - $1 * $1 }
            var random = RandomSource(seed: seed)
            let kinds = (0..<400).map { _ in ["red", "green", "blue"][random.integer(below: 3)] }
            let skewed = x.map { ($0 * 0.8).magnitude * 100 }
            var found = findings(
                [numeric("x", x), numeric("z", z), texts("kind", kinds), numeric("skewed", skewed), numeric("y", y)], target: "y")
            let table = Table(columns: [numeric("x", x), numeric("z", z), texts("kind", kinds), numeric("y", y)])
            found.compare(
                table, rows: Array(0..<300), with: table, rows: Array(300..<400), columns: ["x", "z", "kind", "y"])
            #expect(found.found.isEmpty, "\(seed): \(found.found)")
        }
    }

    @Test func `rows that judge and are copies are found, and discrete rows that are alike are not`() {
        var random = RandomSource(seed: 3)
        let x = self.random(600, seed: 1), z = self.random(600, seed: 2),
            kinds = (0..<600).map { _ in ["a", "b"][random.integer(below: 2)] }
        // Of the last hundred rows every third is one of the others.
        let copied = { (values: [Double]) in values.indices.map { $0 >= 500 && $0 % 3 == 0 ? values[$0 - 500] : values[$0] } }
        let names = kinds.indices.map { $0 >= 500 && $0 % 3 == 0 ? kinds[$0 - 500] : kinds[$0] }
        let table = Table(columns: [numeric("x", copied(x)), numeric("z", copied(z)), texts("kind", names)])
        var found = DataFindings()
        found.compare(table, rows: Array(0..<500), with: table, rows: Array(500..<600), columns: ["x", "z", "kind"])
        #expect(found.found.map(\.kind) == [.overlap])
        #expect(found.found.first?.summary == "33 of 100 rows that judge are in the training rows, too")
        let dice = (0..<4).map { place in
            numeric("d\(place)", (0..<600).map { _ in Double(random.integer(below: place == 0 ? 30 : 3)) })
        }
        var natural = DataFindings()
        natural.compare(
            Table(columns: dice), rows: Array(0..<500), with: Table(columns: dice), rows: Array(500..<600),
            columns: dice.map(\.name))
        #expect(natural.found.isEmpty)
    }

    @Test func `rows that are alike because something of them is not known are no copies`() {
        var random = RandomSource(seed: 13)
        // Who has no age paid one of five fares.
        let isUnknown = (0..<600).map { _ in random.uniform() < 0.4 }
        let age = isUnknown.map { $0 ? Double.nan : 30 + 10 * random.normal() }
        let fare = isUnknown.map { $0 ? Double(random.integer(below: 5)) : 50 + 20 * random.normal() }
        let kinds = (0..<600).map { _ in ["a", "b"][random.integer(below: 2)] }
        let table = Table(columns: [numeric("age", age), numeric("fare", fare), texts("kind", kinds)])
        var found = DataFindings()
        found.compare(table, rows: Array(0..<500), with: table, rows: Array(500..<600), columns: ["age", "fare", "kind"])
        #expect(!found.found.contains { $0.kind == .overlap }, "\(found.found)")
    }

    /// scipy 1.16 `ks_2samp` calls shifts of half a deviation of 300 beside 100 rows p < 0.001, and so does this.
    @Test func `columns that are distributed otherwise in the rows that judge are found`() {
        let x = random(400, seed: 1), z = random(400, seed: 2)
        let moved = x.indices.map { $0 < 300 ? x[$0] : x[$0] + 1 }
        let kinds = x.indices.map { $0 < 300 ? ["a", "b"][$0 % 2] : "b" }
        let table = Table(columns: [numeric("moved", moved), numeric("z", z), texts("kind", kinds)])
        var found = DataFindings()
        found.compare(table, rows: Array(0..<300), with: table, rows: Array(300..<400), columns: ["moved", "z", "kind"])
        let shift = found.found.first { $0.kind == .shift }
        #expect(Set(shift?.columns ?? []) == ["moved", "kind"])
    }

    @Test func `another table may number its texts otherwise`() {
        let table = Table(columns: [
            texts("a", (0..<40).map { "k\($0 % 4)" }), texts("b", ["x", "y"].flatMap { [String](repeating: $0, count: 20) }),
        ])
        let part = table.selecting(rows: Array(20..<40).reversed())
        let whole = RowHashes(table.columns, rowCount: 40).values
        #expect(Set(RowHashes(part.columns, rowCount: 20).values) == Set(whole[20...]))
        #expect(Set(whole[..<20]).isDisjoint(with: whole[20...]))
    }

    @Test func `what a target is learned as is held to its values`() {
        let classes = (0..<300).map { Double($0 * 7 % 5) }, amounts = (0..<300).map { Double($0 * 13 % 97) }
        let x = numeric("x", random(300, seed: 1))
        let whole = { (name: String, values: [Double]) in Column(name: name, kind: .integer, storage: .numbers(values)) }
        #expect(findings([x, whole("y", classes)], target: "y", asClasses: false).found.map(\.kind) == [.classesAsNumbers])
        #expect(findings([x, whole("y", amounts)], target: "y", asClasses: true).found.map(\.kind) == [.numbersAsClasses])
        #expect(findings([x, whole("y", classes)], target: "y").found.isEmpty)
        #expect(findings([x, whole("y", amounts)], target: "y").found.isEmpty)
    }
}
