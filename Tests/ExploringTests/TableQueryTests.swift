import Exploring
import Tables
import TemporaryFolders
import Testing

@Suite struct TableQueryTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private static let people = Table(columns: [
        Column(name: "id", kind: .integer, storage: .numbers([1, 2, 3, 4])),
        Column(name: "height", kind: .numeric, storage: .numbers([1.5, .nan, 1.75, 2])),
        Column(name: "home town", kind: .categorical, storage: .codes([0, 1, 0, -1], dictionary: ["Leeds", "York"])),
        Column(name: "born", kind: .date, storage: .numbers([0, 86_400, .nan, 1e9])),
    ])
    private static let towns = Table(columns: [
        Column(name: "town", kind: .categorical, storage: .codes([0, 1], dictionary: ["York", "Leeds"])),
        Column(name: "people", kind: .integer, storage: .numbers([200_000, 800_000])),
    ])

    private func answer(_ sql: String) throws -> [[String?]] {
        let query = try TableQuery([("people", BrowsedRows(Self.people)), ("towns", BrowsedRows(Self.towns))])
        let table = try query.answer(sql).table
        return (0..<table.rowCount).map { row in table.columns.map { $0.text(at: row) } }
    }

    @Test(arguments: [
        ("select id, height from people where height > 1.6 order by height desc", [["4", "2"], ["3", "1.75"]]),
        ("select count(*), count(height), avg(height) from people", [["4", "3", "1.75"]]),
        (
            #"select "home town", count(*) from people group by 1 order by 2 desc, 1"#,
            [["Leeds", "2"], [nil, "1"], ["York", "1"]]
        ),
        (
            #"select p.id, t.people from people p join towns t on t.town = p."home town" order by p.id"#,
            [["1", "800000"], ["2", "200000"], ["3", "800000"]]
        ),
        ("select strftime('%Y', born) y from people where y is not null order by born", [["1970"], ["1970"], ["2001"]]),
        ("select id, sum(id) over (order by id) from people", [["1", "1"], ["2", "3"], ["3", "6"], ["4", "10"]]),
        ("with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) select i from n", [["1"], ["2"], ["3"]]),
        ("select a.id from people a, people b where a.id = b.id and b.id = 3", [["3"]]),
        ("select id from people where id = '2'", [["2"]]), ("select id from people where id = 2.0", [["2"]]),
        (#"select id from people where "home town" = 'leeds' collate nocase order by id"#, [["1"], ["3"]]),
        ("select count(*) from people where height is null", [["1"]]),
        ("select '' as empty, null as none", [["", nil]]),
    ])
    func `answers with grouping, joins and windows`(_ sql: String, _ expected: [[String?]]) throws {
        #expect(try answer(sql) == expected)
    }

    @Test(arguments: [
        ("selec 1", "near \"selec\": syntax error", 0), ("select heigth from people", "no such column: heigth", 7),
        ("select ü, x y z from people", "near \"z\": syntax error", 14),
        ("select 1; select 2", "one query at a time: take out what follows it", 9),
        ("select * from nobody", "no such table: nobody; there are people, towns", nil),
        (#"select "home twon" from people"#, "no such column: home twon", 7),
        ("", "there is no query: write select … from …", nil),
    ])
    func `says what is wrong with a query and where`(_ sql: String, _ message: String, _ place: Int?) {
        let error = #expect(throws: QueryError.self) { try answer(sql) }
        #expect(error?.message == message)
        #expect(error?.place == place)
    }

    @Test(arguments: [
        "attach database '/tmp/x.sqlite' as x", "create table t (a)", "insert into people values (9, 9, 9, 9)",
        "delete from people", "drop table people", "pragma temp_store_directory = '/tmp'", "vacuum into '/tmp/x.sqlite'",
        "create temp table t as select 1", "select load_extension('libm.so.6')", "select * from pragma_database_list",
        "begin", "create virtual table f using fts5(a)", "reindex", "analyze", "detach main",
    ])
    func `does nothing but read`(_ sql: String) {
        let error = #expect(throws: QueryError.self) { try answer(sql) }
        let words = ["a query only reads", "may not be modified", "not authorized"]
        #expect(words.contains { error?.message.contains($0) == true })
    }

    @Test func `the columns of an answer have kinds and names of their own`() throws {
        let query = try TableQuery([("people", BrowsedRows(Self.people))])
        let table = try query.answer("select id, id, id * 0.5 half, born, 'yes' as y, id || '' as t from people").table
        #expect(table.columns.map(\.name) == ["id", "id_2", "half", "born", "y", "t"])
        #expect(Array(table.columns.map(\.kind).prefix(4)) == [.integer, .integer, .numeric, .date])
    }

    @Test func `columns whose names differ in case alone can be told apart, and too many are said to be`() throws {
        let numbers = { (name: String, value: Double) in Column(name: name, kind: .numeric, storage: .numbers([value])) }
        let twins = Table(columns: [numbers("a", 1), numbers("A", 2), numbers("a_2", 3)])
        let table = try TableQuery([("twins", BrowsedRows(twins))]).answer("select a, a_2, a_2_2 from twins").table
        #expect(table.columns.map { $0.text(at: 0) } == ["1", "2", "3"])
        let wide = Table(columns: (0..<2_001).map { numbers("c\($0)", 0) })
        let error = #expect(throws: QueryError.self) { try TableQuery([("wide", BrowsedRows(wide))]) }
        #expect(
            error?.message.contains("wide has 2001 columns, and a query reads at most 2000") == true, "\(error?.message ?? "")")
    }

    @Test func `a file that is read in pieces answers as the whole one`() throws {
        let text = "k,v\n" + (0..<1_000_000).map { "g\($0 % 5),\($0)\n" }.joined()
        let rows = try BrowsedRows(path: try scratch.write(text, as: "large.csv"))
        #expect(!rows.pieces.isComplete)
        let query = try TableQuery([("large", rows)])
        let table = try query.answer("select k, count(*), sum(v) from large group by k order by k").table
        #expect(table.rowCount == 5)
        for group in 0..<5 {
            #expect(table.columns[0].text(at: group) == "g\(group)")
            #expect(table.columns[1].text(at: group) == "200000")
            #expect(table.columns[2].text(at: group) == "\((0..<200_000).reduce(0) { $0 + $1 * 5 + group })")
        }
    }

    @Test func `a query that nobody wants any more ends`() throws {
        let query = try TableQuery([("people", BrowsedRows(Self.people))])
        let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
        let error = #expect(throws: QueryError.self) { try query.answer(endless, isWanted: { false }) }
        #expect(error?.isCancelled == true)
    }

    @Test func `more rows than wanted are left out, and said to be`() throws {
        let query = try TableQuery([("people", BrowsedRows(Self.people))])
        let (table, isCut) = try query.answer("select id from people", limit: 2)
        #expect(table.rowCount == 2 && isCut)
    }
}
