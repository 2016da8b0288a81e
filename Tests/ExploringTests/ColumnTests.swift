import Exploring
import Searching
import Tables
import Testing

/// Numbers are of pandas 3.1.1 and scipy 1.17.1 on the sample data.
@Suite struct ColumnTests {
    private static let sample: String =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/sample-data/insurance.csv"
    private let rows: BrowsedRows

    init() throws { rows = try BrowsedRows(path: Self.sample) }

    private func place(_ name: String) throws -> Int { try #require(rows.columns.firstIndex { $0.name == name }) }

    private func counts(_ name: String) throws -> ColumnCounts {
        let place = try place(name)
        var counter = ColumnCounter(rows.columns[place])
        for piece in 0..<rows.pieces.count {
            let table = try rows.pieces.table(piece)
            counter.add(table.columns[place], rows: 0..<table.rowCount)
        }
        return counter.counts()
    }

    private func pair(_ first: String, _ second: String) throws -> ColumnPair? {
        let (a, b) = (try place(first), try place(second))
        var counter = PairCounter(rows.columns[a], rows.columns[b])
        for piece in 0..<rows.pieces.count {
            let table = try rows.pieces.table(piece)
            counter.add(table.columns[a], table.columns[b], rows: 0..<table.rowCount)
        }
        return counter.pair()
    }

    /// How many rows a condition finds.
    private func found(_ condition: String) throws -> Int {
        var scan = RowScan(try RowSearch(parsing: condition, columns: rows.columns), clock: SearchClock(now: 0))
        while scan.pieceCount < rows.pieces.count { try scan.look(at: rows.pieces) }
        return scan.rows.count
    }

    @Test func `figures of numbers are those of pandas`() throws {
        let counts = try counts("charges"), moments = try #require(counts.moments)
        #expect(counts.rowCount == 1338 && counts.missing == 0)
        #expect(abs(moments.skewness - 1.531191727788723) < 1e-9)
        #expect(abs(moments.standardDeviation - 10083.570908398355) < 1e-6)
        #expect([moments.lowerQuartile, moments.median, moments.upperQuartile] == [7485.4175, 11722.615000000002, 16851.94])
        #expect(moments.outliers == 126)
        #expect(try found(moments.outlierCondition) == 126)
    }

    @Test(arguments: ["charges", "age", "bmi", "children", "region", "smoker"])
    func `the condition of every bar finds as many rows as it has`(_ name: String) throws {
        let counts = try counts(name)
        for entry in counts.bins + counts.values.prefix(30) { #expect(try found(entry.condition) == entry.count, "\(entry)") }
        if !counts.bins.isEmpty { #expect(counts.bins.reduce(0) { $0 + $1.count } == counts.present) }
        #expect(try found(counts.missingCondition) == counts.missing)
    }

    @Test func `values come most frequent first`() throws {
        #expect(try counts("region").values.map(\.label) == ["northeast", "southwest", "northwest", "southeast"])
        #expect(try counts("region").values.map(\.count) == [358, 338, 323, 319])
        #expect(try counts("region").bins.isEmpty && counts("region").distinct == 4)
    }

    @Test func `two columns of numbers have the correlations and the line of scipy and numpy`() throws {
        guard case .points(let points) = try pair("age", "charges") else {
            Issue.record("no points")
            return
        }
        #expect(abs(points.pearson - 0.3103035376294351) < 1e-12)
        #expect(abs(points.spearman - 0.5331274632132106) < 1e-12)
        #expect(abs(points.slope - 237.5363023) < 1e-6 && abs(points.intercept - 4649.36462544) < 1e-6)
        #expect(points.grid.reduce(0) { $0 + $1.reduce(0, +) } == 1338)
    }

    @Test(arguments: [("charges", "region"), ("region", "charges")])
    func `numbers by groups have pandas' figures and the correlation ratio`(_ first: String, _ second: String) throws {
        guard case .groups(let groups) = try pair(first, second) else {
            Issue.record("no groups")
            return
        }
        #expect(abs(groups.correlationRatio - 0.05557252500165171) < 1e-12)
        let north = try #require(groups.groups.first)
        #expect(north.label == "northeast" && north.count == 358)
        #expect(abs(north.mean - 13753.181034) < 1e-6 && abs(north.standardDeviation - 9437.877379) < 1e-6)
        let quartiles = [north.lowerQuartile, north.median, north.upperQuartile]
        #expect(zip(quartiles, [7588.8925, 11197.03, 15523.665]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(try found(north.condition) == 358)
        #expect(groups.isFirstNumeric == (first == "charges") && groups.others == 0)
    }

    @Test func `two columns of categories have a table of counts and Cramér's V`() throws {
        guard case .table(let table) = try pair("smoker", "region") else {
            Issue.record("no table")
            return
        }
        #expect(abs(table.cramersV - 0.06321133230206943) < 1e-9)
        #expect(table.rows.map(\.label) == ["no", "yes"])
        #expect(table.columns.map(\.label) == ["northeast", "southwest", "northwest", "southeast"])
        #expect(table.counts == [[297, 271, 247, 247], [61, 67, 76, 72]])
    }

    @Test func `every two columns are compared by what suits them`() throws {
        let table = try rows.pieces.table(0)
        var counter = AssociationCounter(rows.columns)
        counter.add(table, rows: Array(0..<table.rowCount))
        let matrix = counter.matrix(around: nil, numbers: .spearman)
        func value(_ first: String, _ second: String) throws -> Double {
            let a = try #require(matrix.columns.firstIndex { $0.name == first })
            let b = try #require(matrix.columns.firstIndex { $0.name == second })
            #expect(matrix.values[a][b] == matrix.values[b][a])
            return matrix.values[a][b]
        }
        #expect(matrix.rowCount == 1338 && matrix.columns.count == 7)
        #expect(abs(try value("age", "charges") - 0.5331274632132106) < 1e-12)
        #expect(abs(try value("region", "charges") - 0.05557252500165171) < 1e-12)
        #expect(abs(try value("smoker", "region") - 0.06321133230206943) < 1e-9)
        let pearson = counter.matrix(around: nil, numbers: .pearson)
        #expect(abs(pearson.values[0][6] - 0.3103035376294351) < 1e-12)
        #expect(matrix.measure(0, 6, .spearman) == "Spearman" && matrix.measure(1, 6, .spearman) == "correlation ratio")
        // Of many columns those that go most with the one that is asked about, and it.
        let few = counter.matrix(around: 4, numbers: .pearson, most: 2)
        #expect(few.columns.map(\.name) == ["smoker", "charges"])
    }

    @Test func `rows are taken evenly from files of any size`() {
        #expect(AssociationCounter.step(rowCount: 20_000, columnCount: 10) == 1)
        #expect(AssociationCounter.step(rowCount: 10_000_000, columnCount: 10) == 500)
        #expect(AssociationCounter.step(rowCount: 10_000, columnCount: 7_000) == 4)
    }

    @Test func `bins have edges that people would choose`() {
        let dates = Table(columns: [
            Column(name: "at", kind: .date, storage: .numbers([1_704_067_200, 1_704_153_600, 1_706_745_600, .nan]))
        ])
        let column = RowColumn(name: "at", kind: .date)
        var counter = ColumnCounter(column)
        counter.add(dates.columns[0], rows: 0..<4)
        let counts = counter.counts()
        #expect(counts.missing == 1)
        #expect(counts.bins.first?.label.hasSuffix("– 2024-01-02") == true)
        for bin in counts.bins where bin.count > 0 {
            let search = try? RowSearch(parsing: bin.condition, columns: [column])
            #expect(search?.rows(of: dates, clock: SearchClock(now: 0)).count == bin.count)
        }
    }
}
