import Numerics
import Testing

@testable import Tables

/// What columns tell of a target by themselves.
@Suite struct TargetRelationsTests {
    private func column(_ name: String, _ values: [Double]) -> Column {
        Column(name: name, kind: .numeric, storage: .numbers(values))
    }

    private func table(_ count: Int = 400) -> Table {
        var random = RandomSource(seed: 3)
        let x = (0..<count).map { _ in random.normal() }, noise = (0..<count).map { _ in random.normal() }
        let bent = (0..<count).map { _ in random.normal() }
        let y = (0..<count).map { 2 * x[$0] + bent[$0] * bent[$0] + 0.1 * random.normal() }
        let words = x.map { Int32($0 > 0 ? 1 : 0) }
        return Table(columns: [
            column("noise", noise), column("x", x), column("bent", bent),
            Column(name: "sign", kind: .categorical, storage: .codes(words, dictionary: ["down", "up"])), column("y", y),
        ])
    }

    @Test func columnsThatTellMoreComeFirstAndNoiseTellsNothing() throws {
        let found = TargetRelations(table(), target: "y", asClasses: false)
        #expect(found.columns.map(\.column).first == "x" && found.columns.map(\.column).last == "noise")
        let powers = Dictionary(uniqueKeysWithValues: found.columns.map { ($0.column, $0.power) })
        // y has a variance of 4 by x, 2 by bent squared.
        #expect(abs((powers["x"] ?? 0) - 4.0 / 6) < 0.12 && abs((powers["bent"] ?? 0) - 2.0 / 6) < 0.12, "\(powers)")
        #expect((powers["noise"] ?? 1) < 0.03)
        // A bend has no correlation to speak of; what is no number has none at all.
        let correlations = Dictionary(uniqueKeysWithValues: found.columns.map { ($0.column, $0.correlation) })
        #expect(abs(correlations["bent"]?.flatMap { $0 } ?? 1) < 0.2 && (correlations["x"]?.flatMap { $0 } ?? 0) > 0.7)
        #expect(correlations["sign"]?.flatMap { $0 } == nil && found.rowCount == 400)
    }

    @Test func correlationsAreThoseOfEachWithEach() throws {
        let table = table(), found = TargetRelations(table, target: "y", asClasses: false)
        #expect(found.numeric.sorted() == ["bent", "noise", "x", "y"])
        let x = try #require(found.numeric.firstIndex(of: "x")), y = try #require(found.numeric.firstIndex(of: "y"))
        let own = Statistics.correlation(table.column(named: "x")?.numbers ?? [], table.column(named: "y")?.numbers ?? [])
        #expect(abs(found.correlations[x][y] - own) < 1e-12 && abs(found.correlations[y][x] - own) < 1e-12)
        #expect(found.correlations[x][x] == 1)
    }

    @Test func classesAreToldToo() {
        let found = TargetRelations(table(), target: "sign", asClasses: true)
        #expect(found.columns.first?.column == "x" && (found.columns.first?.power ?? 0) > 0.85)
        #expect((found.columns.first?.correlation ?? 0) > 0.7)
        #expect(!found.numeric.contains("sign"))
    }

    @Test func aTargetThatIsTheSameEverywhereIsToldByNothing() {
        let same = Table(columns: [column("x", (0..<30).map(Double.init)), column("y", Array(repeating: 1, count: 30))])
        #expect(TargetRelations(same, target: "y", asClasses: false).columns.isEmpty)
        #expect(TargetRelations(same, target: "nobody", asClasses: false).columns.isEmpty)
    }

    @Test func rowsThatRepeatAreCounted() {
        let twice = Table(columns: [column("x", [1, 2, 1, 1]), column("y", [3, 4, 3, 5])])
        #expect(twice.repeatedRowCount == 1)
    }
}
