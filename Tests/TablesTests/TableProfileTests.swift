import Glibc
import Numerics
import Testing

@testable import Tables

@Suite struct TableProfileTests {
    static func codes(_ text: String, target: String? = nil) throws -> [TableWarning.Code] {
        try TableProfile(Table.of(text), target: target).warnings.map(\.code)
    }

    /// Rows of two random features and a label for each row number.
    static func labelled(_ rowCount: Int, label: (Int, inout RandomSource) -> String) -> String {
        var random = RandomSource(seed: 3)
        return "a,b,y\n"
            + (0..<rowCount).map { row in "\(random.normal()),\(random.normal()),\(label(row, &random))\n" }.joined()
    }

    /// Fares by distance, tips, tolls, a fee of a few sizes, and two columns that have nothing to do with it.
    private static let rides: String = {
        var random = RandomSource(seed: 9)
        var text = "distance,fare,tip,tolls,driver,age,total\n"
        for row in 0..<800 {
            let distance = -2.5 * log(random.uniform() + 1e-9), fare = 2.5 + 2.5 * distance + random.uniform()
            let tip = Double(row % 4) * 0.06 * fare, tolls = row % 16 == 0 ? 6.12 : 0, fee = [0.8, 3.3, 3.3, 4.3][row % 7 % 4]
            text += "\(distance),\(fare),\(tip),\(tolls),\(row % 40),\(20 + row * 37 % 50),\(fare + tip + tolls + fee)\n"
        }
        return text
    }()

    @Test func `a target that is the sum of columns is said to be`() throws {
        let found = { (text: String, target: String) throws -> [String] in
            try TableProfile(Table.of(text), target: target).warnings.filter { $0.code == .leakage }.map(\.message)
        }
        let taxis = try found(Self.rides, "total").filter { $0.contains("sum of") }
        #expect(
            taxis == [
                "total is nearly the sum of fare, tip and tolls: leave them out (--drop fare --drop tip --drop tolls) unless they are known before the outcome"
            ])
        // Counts of bikes: one part is most of it.
        var random = RandomSource(seed: 4)
        let bikes = (0..<400).map { _ -> String in
            let warmth = random.uniform(), few = Int(random.next() % 60), many = Int(warmth * 500) + Int(random.next() % 90)
            return "\(warmth),\(few),\(many),\(few + many)\n"
        }
        #expect(
            try found("temp,casual,registered,cnt\n" + bikes.joined(), "cnt").contains {
                $0.hasPrefix("cnt is nearly the sum of casual and registered: leave them out (--drop casual --drop registered)")
            })
        // A weighted sum, and a sum with as much that is none of the columns.
        let others = (0..<400).map { _ -> String in
            let a = random.normal(), b = random.normal()
            return "\(a),\(b),\(a * 2 + b),\(a + b + random.normal())\n"
        }
        let table = "a,b,weighted,loose\n" + others.joined()
        for target in ["weighted", "loose"] { #expect(try !found(table, target).contains { $0.contains("sum of") }) }
    }

    @Test func `figures are those of pandas`() throws {
        // pandas 3.1.1: Series([3, 1, 4, 1, 5, 9, 2, 6]).describe(): mean 3.875, std 2.748376143938713, quartiles 1.75 3.5 5.25.
        let profile = try TableProfile(Table.of("x,c\n3,u\n1,v\n4,u\n1,u\n5,\n9,w\n2,u\n6,v\nNA,v\n"))
        let x = profile.columns[0], figures = try #require(x.statistics)
        #expect((x.count, x.missing, x.distinct) == (8, 1, 7))
        #expect(figures.mean == 3.875)
        #expect(abs(figures.standardDeviation - 2.748376143938713) < 1e-15)
        #expect(
            [figures.minimum, figures.lowerQuartile, figures.median, figures.upperQuartile, figures.maximum] == [
                1, 1.75, 3.5, 5.25, 9,
            ])
        #expect(figures.histogram.reduce(0, +) == 8)
        // A bin for each whole number.
        #expect(figures.histogram == [2, 1, 1, 1, 1, 1, 0, 0, 1] && figures.binWidth == 1)
        #expect(x.mostFrequent.first == .init(value: "1", count: 2))
        let c = profile.columns[1]
        #expect((c.count, c.missing, c.distinct) == (8, 1, 3))
        #expect(c.mostFrequent == [.init(value: "u", count: 4), .init(value: "v", count: 3), .init(value: "w", count: 1)])
    }

    @Test func `bins of whole numbers hold equally many of them`() throws {
        // Ages from 18 to 64, ten of each: 47 numbers, two to a bin, one left over.
        let ages = (18...64).flatMap { [Double](repeating: Double($0), count: 10) }
        let whole = try #require(ColumnSummary(Column(name: "age", kind: .integer, storage: .numbers(ages))).statistics)
        #expect(whole.binWidth == 2 && whole.histogram == [Int](repeating: 20, count: 23) + [10])
        let parts = try #require(ColumnSummary(Column(name: "x", kind: .numeric, storage: .numbers(ages))).statistics)
        #expect(parts.histogram.count == 24 && parts.binWidth == 46.0 / 24)
    }

    @Test func `the ten most frequent numbers are found among many`() throws {
        var random = RandomSource(seed: 8)
        let values = (0..<4000).map { _ in Double(random.integer(below: 900)) + (random.uniform() < 0.3 ? 0.5 : 0) }
        let counts = Dictionary(grouping: values, by: { $0 }).mapValues(\.count)
        let expected = counts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.prefix(10)
        let summary = ColumnSummary(Column(name: "x", kind: .numeric, storage: .numbers(values)))
        #expect(summary.distinct == counts.count)
        #expect(summary.mostFrequent.map(\.count) == expected.map(\.value))
        #expect(summary.mostFrequent.map(\.value) == expected.map { Column.text(of: $0.key) })
    }

    @Test func `constant, empty, sparse, long-tailed and unequal columns are warned of`() throws {
        var text = "same,empty,sparse,wild,small,name\n"
        for row in 0..<100 {
            text += "7,,\(row < 50 ? "1" : ""),\(row == 9 ? 99999 : row),\(Double(row % 13) / 10_000),n\(row)\n"
        }
        #expect(try Self.codes(text) == [.constantColumn, .allMissing, .manyMissing, .outliers, .rowName, .scaleSpread])
    }

    /// As `hospital number` and two columns of lesions of the horse colic data.
    @Test func `numbers that were handed out and columns of hardly more than one value are warned of`() throws {
        var random = RandomSource(seed: 3)
        let numbers = (0..<300).map { row in
            row % 10 == 0 ? 5_279_000 + random.integer(below: 26_000) : 528_000 + random.integer(below: 7_000)
        }
        func found(_ name: String, _ values: [String]) throws -> [TableWarning] {
            let text = "\(name),x\n" + values.enumerated().map { "\($1),\($0 % 7)\n" }.joined()
            return try TableProfile(Table.of(text, options: ReadOptions(header: .first))).warnings
                .filter { $0.column == name && [.keyLike, .nearlyConstant, .outliers, .rowName].contains($0.code) }
        }
        let keys = try found("column_3", numbers.map(String.init))
        #expect(keys.map(\.code) == [.keyLike])
        #expect(keys.first?.message.contains("come again: --group column_3 keeps their rows together") == true, "\(keys)")
        // Keys by their name alone; prices, days and seconds are none, nor what is rounded.
        #expect(try found("patient_id", (0..<100).map { "\($0 == 7 ? 24 : $0 * 3)" }).map(\.code) == [.keyLike])
        #expect(try found("price", numbers.map(String.init)).allSatisfy { $0.code == .outliers })
        #expect(try found("column_3", (0..<300).map { "\(100_000 + random.integer(below: 90_000) + $0 - $0)" }).isEmpty)
        #expect(try found("column_3", (0..<300).map { "\((52_800 + ($0 * 37) % 700) * 10)" }).isEmpty)
        #expect(try found("column_3", (0..<300).map { "\(1_700_000_000 + $0 * 86_400 + $0 % 59)" }).isEmpty)
        // One value in more than 95 % of the rows, and little else.
        let rare = (0..<300).map { [8: "03111", 70: "01400", 250: "03111"][$0] ?? "00000" }
        let constant = try found("lesion", rare)
        #expect(constant.map(\.code) == [.nearlyConstant])
        #expect(constant.first?.message.hasPrefix("lesion is 00000 but in 3 of 300 rows (99 %): ") == true, "\(constant)")
        let pixels =
            "p0,p1,p2,p3,p4,p5\n"
            + (0..<300).map { row in
                (0..<6).map { row % 60 == $0 ? "1" : "0" }.joined(separator: ",") + "\n"
            }.joined()
        #expect(try TableProfile(Table.of(pixels)).warnings.allSatisfy { $0.code != .nearlyConstant })
        #expect(try found("sex", (0..<300).map { $0 % 10 == 0 ? "f" : "m" }).isEmpty)
        // Mostly zero, and otherwise a quantity that many rows have.
        #expect(try found("gain", (0..<4000).map { $0 % 25 == 0 ? "\($0)" : "0" }).filter { $0.code != .outliers }.isEmpty)
    }

    @Test(arguments: [
        // A ratio of 10^24 is no whole number that a processor knows.
        ("a,b\n1e12,1e-12\n2e12,2e-12\n3e12,3e-12\n4e12,4e-12\n", "a spreads about 1e+24 times as wide as b: "),
        ("a,b\n1e153,1e-161\n2e153,2e-161\n3e153,3e-161\n", "a spreads about 1e+314 times as wide as b: "),
        ("a,b\n100,0.5\n200,1\n300,1.5\n", "a spreads 200 times as wide as b: "),
    ])
    func `columns of any scale are profiled, and how far apart they are is said`(text: String, warning: String) throws {
        let profile = try TableProfile(Table.of(text))
        #expect(profile.warnings.contains { $0.code == .scaleSpread && $0.message.hasPrefix(warning) }, "\(profile.warnings)")
        #expect(profile.columns.allSatisfy { ($0.statistics?.histogram.reduce(0, +) ?? 0) == profile.rowCount })
    }

    @Test func `rows in the target's order are warned of, rows in random order are not`() throws {
        #expect(try Self.codes(Self.labelled(200) { row, _ in row < 100 ? "no" : "yes" }, target: "y") == [.orderedByTarget])
        #expect(try Self.codes(Self.labelled(200) { _, random in random.uniform() < 0.5 ? "no" : "yes" }, target: "y") == [])
        #expect(try Self.codes(Self.labelled(200) { row, _ in "\(Double(row) / 7)" }, target: "y") == [.orderedByTarget])
        #expect(try Self.codes(Self.labelled(200) { _, random in "\(random.normal())" }, target: "y") == [])
        #expect(try Self.codes(Self.labelled(200) { row, _ in row < 100 ? "no" : "yes" }) == [.orderedColumn])
    }

    @Test func `neighbour agreement follows its formula`() {
        // n = 4, classes 2 + 2: p = 4/12, agreements of 0,0,1,1 are 2, z = (2 - 1) / sqrt(3 · 1/3 · 2/3).
        #expect(abs(NeighbourAgreement.classScore([0, 0, 1, 1], classCount: 2) - 1 / (2.0 / 3).squareRoot()) < 1e-12)
        #expect(NeighbourAgreement.classScore([0, 0, 0], classCount: 1) == 0)
        #expect(NeighbourAgreement.numberScore([5, 5, 5]) == 0)
        // Deviations -1.5 -0.5 0.5 1.5: products 0.75 - 0.25 + 0.75 = 1.25, squares 5, times sqrt 4.
        #expect(abs(NeighbourAgreement.numberScore([1, 2, 3, 4]) - 0.5) < 1e-12)
    }

    @Test func `a column that tells the target is warned of`() throws {
        var random = RandomSource(seed: 2)
        var text = "alive,twice,noise,y\n"
        for _ in 0..<100 {
            let label = random.integer(below: 2)
            text += "\(label == 1 ? "yes" : "no"),\(Double(label) * 2 + random.normal() / 100),\(random.normal()),\(label)\n"
        }
        let warnings = try TableProfile(Table.of(text), target: "y").warnings.filter { $0.code == .leakage }
        #expect(warnings.map(\.column) == ["alive", "twice"])
    }

    @Test func `uneven classes and repeated rows are warned of`() throws {
        #expect(try Self.codes(Self.labelled(200) { row, _ in row % 20 == 3 ? "yes" : "no" }, target: "y").contains(.imbalance))
        let row = "1,2,3,4,5\n"
        let rows = (0..<100).map { "\($0),2,\($0 * $0),4.5,\($0 % 7)\n" }.joined()
        #expect(try Self.codes("a,b,c,d,e\n" + rows + row + row + row).contains(.duplicateRows))
        #expect(try Self.codes("a,b,c,d,e\n" + rows).contains(.duplicateRows) == false)
    }

    @Test func `a target that is not there is an error`() throws {
        let table = try Table.of("a,b\n1,2\n")
        #expect(throws: TableError.self) { try TableProfile(table, target: "c") }
        #expect(try TableProfile(Table.of("a,b\n"), target: "b").rowCount == 0)
    }

    @Test func `text that becomes features is a note and no problem`() throws {
        let lines = (0..<60).map { "\(["red car", "blue boat", "old car"][$0 % 3]) no\($0),shop\($0 % 25),k.\($0 * 7919).q" }
        let table = try Table.of("title,shop,mark\n" + lines.joined(separator: "\n") + "\n")
        let found = try TableProfile(table, target: nil).warnings.filter {
            $0.code == .featureChoice || $0.code == .highCardinality
        }
        #expect(
            found.map(\.message) == [
                "title is text whose words recur: they are features",
                "shop is text with 25 distinct values that recur: they are categories",
                "mark is text with 60 distinct values: it is not used as a feature",
            ])
    }
}
