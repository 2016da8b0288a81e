import Numerics
import Testing

@testable import Tables

/// Rows of plain numbers are worked on without a table: nobody may notice.
@Suite struct NumberRowTests {
    private static let names = ["a", "time", "small", "gaps"]

    /// Ordinary numbers, some that single precision has no digits for, tiny ones, and many that are missing.
    private static func rows(_ count: Int, seed: UInt64) -> [Double] {
        var generator = RandomSource(seed: seed)
        return (0..<count).flatMap { _ in
            [
                Double.random(in: -5...5, using: &generator), 1.7e9 + Double(Int.random(in: 0..<1000, using: &generator)),
                Double.random(in: 0...1, using: &generator) * 1e-40,
                Double.random(in: 0...1, using: &generator) < 0.3 ? .nan : Double(Int.random(in: 0..<9, using: &generator)),
            ]
        }
    }

    private static func table(_ numbers: [Double], order: [Int]) -> Table {
        Table(
            columns: order.map { place in
                let values = stride(from: place, to: numbers.count, by: names.count).map { numbers[$0] }
                return Column(name: names[place], kind: .numeric, storage: .numbers(values))
            })
    }

    @Test(arguments: [true, false], [true, false])
    func theirFeaturesAreThoseOfATableToTheBit(standardises: Bool, keepsMissing: Bool) throws {
        let numbers = Self.rows(200, seed: 3), learned = Self.table(numbers, order: [2, 0, 3, 1])
        var pipeline = try FeaturePipeline.fit(learned, rows: Array(0..<200), target: nil, standardises: standardises)
        if keepsMissing, !standardises { pipeline = pipeline.keepingMissing() }
        let others = Self.rows(60, seed: 4)
        let expected = try pipeline.transform(Self.table(others, order: [0, 1, 2, 3]))
        let encoding = try #require(pipeline.numberRows(Self.names))
        let made = try #require(encoding.matrix(others))
        #expect(made.columnCount == pipeline.featureCount && made.rowCount == 60)
        #expect(made.elements.map(\.bitPattern) == expected.elements.map(\.bitPattern))
        // What a table of them refuses is left to it.
        var large = others
        large[4] = 1e300
        #expect(throws: TableError.self) { try pipeline.transform(Self.table(large, order: [0, 1, 2, 3])) }
        #expect(encoding.matrix(large) == nil)
        #expect(pipeline.numberRows(["a", "time"]) == nil)
    }

    @Test func columnsOfOtherKindsNeedATable() throws {
        let table = try Table.of(FeaturePipelineTests.text)
        let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<5), target: "y", standardises: false)
        #expect(pipeline.numberRows(pipeline.columnNames) == nil)
    }

    private static let layout: RowLayout = {
        let rules = names.map { ColumnRule(name: $0, kind: .numeric) }
        return RowLayout(columns: names, schema: TableSchema(columns: rules))
    }()

    private func put(_ cells: [String?], in rows: inout RowTable) {
        for (place, cell) in cells.enumerated() {
            guard var cell else { continue }
            cell.withUTF8 { rows.put($0, in: place) }
        }
        rows.endRow()
    }

    /// A word among numbers may come in any row: what was put before it stays, and what stands there is told.
    @Test(arguments: 0..<4) func aWordIsMissingAndToldInWhicheverRowItComes(place: Int) throws {
        var rows = RowTable(Self.layout)
        for row in 0..<4 {
            var cells: [String?] = ["\(row)", row == 1 ? "NA" : "\(row * 10)", nil, "2.5"]
            if row == place { cells[3] = "word" }
            put(cells, in: &rows)
        }
        let table = try rows.table()
        #expect(table.columns.map(\.name) == ["a", "time", "gaps"])
        #expect(table.column(named: "a")?.numbers == [0, 1, 2, 3])
        let times = try #require(table.column(named: "time")?.numbers)
        #expect(times[1].isNaN && [times[0], times[2], times[3]] == [0, 20, 30])
        let gaps = try #require(table.column(named: "gaps")?.numbers)
        for row in 0..<4 { #expect(row == place ? gaps[row].isNaN : gaps[row] == 2.5) }
        #expect(table.warnings.map(\.code) == [.strayValues] && table.warnings[0].message.contains("record \(place + 1)"))
    }

    @Test func rowsOfNumbersAreThereAsSuchOnceEachColumnIsGiven() throws {
        var rows = RowTable(Self.layout)
        put(["1", "2", nil, ""], in: &rows)
        #expect(rows.plainNumbers == nil)
        rows.put(7, in: 2)
        rows.put(8, in: 2)
        rows.endRow(absent: 0)
        let numbers = try #require(rows.plainNumbers)
        #expect(numbers.count == 8 && numbers[2].isNaN && numbers[3].isNaN)
        #expect(Array(numbers[4...]) == [0, 0, 7, 0] && Array(numbers[..<2]) == [1, 2])
        #expect(try rows.table().columns.map(\.rowCount) == [2, 2, 2, 2])
    }
}
