import Glibc
import TemporaryFolders
import Testing

@testable import Tables

/// A folder of files, or what a pattern matches, is one table.
@Suite struct FolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ files: [(name: String, text: String)]) throws {
        for (name, text) in files {
            var path = folder.path
            for part in name.split(separator: "/").dropLast() {
                path += "/" + part
                mkdir(path, 0o700)
            }
            try folder.write(text, as: name)
        }
    }

    private func table(_ pattern: String = "", options: ReadOptions = ReadOptions()) throws(TableError) -> Table {
        try Table(contentsOf: pattern.isEmpty ? folder.path : folder.path + "/" + pattern, options: options)
    }

    private func fault(_ pattern: String = "", options: ReadOptions = ReadOptions()) -> String {
        do throws(TableError) {
            _ = try table(pattern, options: options)
            return "no error"
        } catch { return error.description.replacing(folder.path, with: "DIR") }
    }

    private func messages(_ table: Table) -> [String] { table.warnings.map { "\($0.code): \($0.message)" } }

    // MARK: - Which files

    @Test func `files come in the order people count in, and programs' own notes are left out`() throws {
        try write([
            ("part-10.csv", "a,b\n10,x\n"), ("part-2.csv", "a,b\n2,y\n"), ("sub/part-1.csv", "a,b\n99,z\n"), ("_SUCCESS", ""),
            (".part-2.csv.crc", "crc"), ("_temporary/0.csv", "a,b\n5,q\n"), (".hidden/1.csv", "a,b\n6,q\n"),
            ("README.md", "# no"),
        ])
        let table = try table()
        #expect(table.column(named: "a")?.numbers == [2, 10, 99])
        #expect(table.column(named: "b")?.kind == .categorical)
        #expect(table.reading.fileCount == 3)
        #expect(messages(table) == ["skippedFiles: README.md is no data by name and left out"])
    }

    @Test func `patterns take names, sets of characters and folders in between`() throws {
        try write([
            ("2024-01.csv", "a\n1\n"), ("2024-02.csv", "a\n2\n"), ("2025-01.csv", "a\n3\n"), ("deep/er/2024-03.csv", "a\n4\n"),
            ("deep/2024-04.csv", "a\n5\n"), ("2024-01.txt", "a\n9\n"),
        ])
        #expect(try table("2024-*.csv").column(named: "a")?.numbers == [1, 2])
        #expect(try table("202[5-9]-0?.csv").column(named: "a")?.numbers == [3])
        #expect(try table("2024-0[!1].csv").column(named: "a")?.numbers == [2])
        #expect(try table("**/2024-*.csv").column(named: "a")?.numbers == [1, 2, 5, 4])
        #expect(try table("*/2024-*.csv").column(named: "a")?.numbers == [5])
        #expect(try table("dee*").column(named: "a")?.numbers == [5, 4])
        #expect(fault("2030-*.csv") == "DIR/2030-*.csv: no file has such a name: check the pattern")
    }

    @Test func `a file that really has such a name is that file`() throws {
        try write([("x[1].csv", "a\n1\n"), ("x1.csv", "a\n2\n")])
        #expect(try table("x[1].csv").column(named: "a")?.numbers == [1])
    }

    @Test func `links that lead in circles, and to what is there anyway, add nothing`() throws {
        try write([("a/1.csv", "a\n1\n"), ("a/b/2.csv", "a\n2\n")])
        #expect(symlink("..", folder.path + "/a/b/loop") == 0)
        #expect(symlink(folder.path + "/a/1.csv", folder.path + "/again.csv") == 0)
        #expect(try table().rowCount == 2)
        #expect(try table("**/*.csv").rowCount == 2)
    }

    @Test func `folders without data are refused with words`() throws {
        #expect(fault().hasPrefix("DIR: holds no data files: "))
        try write([("notes.md", "x")])
        #expect(fault().hasPrefix("DIR: holds no data files (notes.md is none): "))
        try write([("a.csv", "")])
        #expect(fault() == "DIR: holds nothing but empty files: give files with records")
    }

    @Test func `a damaged data file is named, and so are two formats`() throws {
        try write([("a.csv", "a,b\n1,2\n"), ("b.csv", "a,b\n1,2\n3\n")])
        #expect(fault().hasPrefix("DIR/b.csv:3"))
        try write([("b.csv", "a,b\n1,x\n3,4\n")])
        let strict = ReadOptions.with { ($0.isStrict, $0.kinds) = (true, ["b": .integer]) }
        #expect(fault(options: strict).hasPrefix("DIR/b.csv: line 2: 'x' of column 'b'"), "\(fault(options: strict))")
        try write([("b.csv", "a,b\n1,2\n"), ("c.jsonl", "{\"a\": 1, \"b\": 2}\n")])
        #expect(
            fault()
                == "DIR: holds files of several formats, such as a.csv (csv) and c.jsonl (json-lines): name those of one with a "
                + "pattern such as '*.csv'")
    }

    @Test func `files of the same content are told`() throws {
        try write([("1.csv", "a,b\n1,2\n"), ("2.csv", "a,b\n1,2\n"), ("3.csv", "a,b\n1,3\n")])
        #expect(try messages(table()) == ["duplicateRows: 1.csv and 2.csv have the same content: their rows are there twice"])
        try write([("k=1/1.csv", "a,b\n1,2\n"), ("k=2/1.csv", "a,b\n1,2\n")])
        #expect(try messages(table("k=*")).isEmpty)
    }

    // MARK: - Columns

    @Test func `columns are matched by name, and what a file lacks is missing`() throws {
        try write([("1.csv", "a,b\n1,x\n2,y\n"), ("2.csv", "b,a\nz,3\n"), ("3.csv", "c,a\n7,4\n")])
        let table = try table()
        #expect(table.columns.map(\.name) == ["a", "b", "c"])
        #expect(table.column(named: "a")?.numbers == [1, 2, 3, 4])
        #expect(table.texts[1] == ["x", "y", "z", nil])
        #expect(table.texts[2] == [nil, nil, nil, "7"])
        #expect(
            messages(table).filter { $0.hasPrefix("missing") } == [
                "missingColumn: b is missing in 1 of 3 files, such as 3.csv: its rows have no value there",
                "missingColumn: c is missing in 2 of 3 files, such as 1.csv: its rows have no value there",
            ])
    }

    @Test func `files without headers need as many columns, and take the names of those that have some`() throws {
        try write([("1.csv", "a,b\n1,x\n2,y\n"), ("2.csv", "3,z\n4,w\n")])
        let table = try table()
        #expect(table.columns.map(\.name) == ["a", "b"] && table.column(named: "a")?.numbers == [1, 2, 3, 4])
        #expect(
            messages(table).contains {
                $0.hasPrefix("unsureHeader: 2.csv has no header: the columns are taken to be those of 1.csv")
            })
        try write([("2.csv", "3,z,1\n4,w,1\n")])
        #expect(fault().hasPrefix("DIR/2.csv: has no header and 3 columns, but 1.csv has 2: "))
    }

    @Test func `whether texts are a header is settled by the other files`() throws {
        try write([("1.csv", "name,town\nann,rome\nbob,oslo\n"), ("2.csv", "name,town\ncid,bern\n"), ("3.csv", "name,town\n")])
        #expect(try table().texts == [["ann", "bob", "cid"], ["rome", "oslo", "bern"]])
        try write([("1.csv", "ann,rome\nbob,oslo\n"), ("2.csv", "cid,bern\ndan,kiev\n"), ("3.csv", "eve,lima\n")])
        #expect(try table().texts[0] == ["ann", "bob", "cid", "dan", "eve"])
    }

    // MARK: - Kinds

    @Test func `the order of dates is found out from all files, and the others are read again`() throws {
        try write([("1.csv", "d,x\n01/02/2024,1\n03/04/2024,2\n"), ("2.csv", "d,x\n25/12/2024,3\n")])
        let table = try table()
        #expect(table.column(named: "d")?.kind == .date)
        #expect(table.texts[0] == ["2024-02-01", "2024-04-03", "2024-12-25"])
        try write([("3.csv", "d,x\n12/25/2024,3\n")])
        #expect(try self.table().column(named: "d")?.kind == .categorical)
    }

    @Test func `a file of whole numbers goes with one of fractions, and words among numbers make text`() throws {
        try write([("1.csv", "a,b\n1,1\n2,2\n"), ("2.csv", "a,b\n1.5,x\n2.5,y\n")])
        let table = try table()
        #expect(table.column(named: "a")?.kind == .numeric && table.column(named: "a")?.numbers == [1, 2, 1.5, 2.5])
        #expect(table.texts[1] == ["1", "2", "x", "y"])
    }

    @Test func `what was learned from other files holds for all of these`() throws {
        try write([("1.csv", "d,x\n01/02/2024,1\n"), ("2.csv", "d,x\n02/01/2024,2.5\n")])
        let schema = TableSchema(columns: [
            ColumnRule(name: "d", kind: .date, dates: DateRule(order: .mdy)), ColumnRule(name: "x", kind: .numeric),
        ])
        let table = try Table(contentsOf: folder.path, schema: schema)
        #expect(table.texts[0] == ["2024-01-02", "2024-02-01"])
    }

    @Test func `folders called key=value make columns behind the others`() throws {
        try write([
            ("year=2023/town=a%3Ab/1.csv", "x\n1\n"), ("year=2024/town=__HIVE_DEFAULT_PARTITION__/1.csv", "x\n2\n"),
            ("year=2024/town=c/1.csv", "x\n3\n"),
        ])
        let table = try table()
        #expect(table.columns.map(\.name) == ["x", "year", "town"])
        #expect(table.column(named: "year")?.kind == .integer && table.column(named: "year")?.numbers == [2023, 2024, 2024])
        #expect(table.texts[2] == ["a:b", nil, "c"])
        #expect(try self.table("year=2024/*/*.csv").columns.map(\.name) == ["x", "town"])
        #expect(try self.table("year=*/*/*.csv").columns.map(\.name) == ["x", "year", "town"])
    }

    @Test func `only so many rows are read of all files together`() throws {
        try write([("1.csv", "a\n1\n2\n"), ("2.csv", "a\n3\n4\n"), ("3.csv", "a\n5\n")])
        let whole = try table()
        let some = try table(options: .with { $0.rowLimit = 3 })
        #expect(some.column(named: "a")?.numbers == [1, 2, 3] && some.reading.isCut && !whole.reading.isCut)
        #expect(some.fingerprint == whole.fingerprint)
        #expect(try !table(options: .with { $0.rowLimit = 5 }).reading.isCut)
        #expect(fault(options: .with { $0.kinds = ["b": .text] }).contains("no column named 'b'"))
    }

    @Test func `the fingerprint is that of the content, wherever the folder is`() throws {
        try write([
            ("a/1.csv", "a\n1\n2\n"), ("a/2.csv", "a\n3\n"), ("b/x.csv", "a\n1\n2\n"), ("b/y.csv", "a\n3\n"),
            ("c/1.csv", "a\n3\n"),
        ])
        let a = try table("a")
        #expect(try a.fingerprint == table("b").fingerprint && a.fingerprint == table("a/*.csv").fingerprint)
        #expect(try a.fingerprint == DataFingerprint.of(folder.path + "/a") && a.fingerprint != table("c").fingerprint)
        #expect(try table("c").fingerprint == table("c/1.csv").fingerprint)
        #expect(a.byteCount == 10)
    }

    // MARK: - Rows written again

    private func rewritten(_ table: Table, rows: [Int]? = nil, adding columns: [AddedColumn] = [], as name: String) throws
        -> String
    {
        let out = try TemporaryFolder()
        try TableWriter.write(table, rows: rows, adding: columns, to: out.path + "/" + name)
        return try out.read(name)
    }

    @Test func `rows of one kind of text are written byte for byte below one header`() throws {
        try write([("1.csv", "a,b\n1.0,x\n2.00,\"y\"\n"), ("2.csv", "a,b\n3.000,z"), ("3.csv", "a,b\n+4,w\n")])
        let table = try table()
        #expect(try rewritten(table, as: "o.csv") == "a,b\n1.0,x\n2.00,\"y\"\n3.000,z\n+4,w\n")
        #expect(try rewritten(table, rows: [2, 3], as: "o.csv") == "a,b\n3.000,z\n+4,w\n")
        let added = AddedColumn(name: "p", values: ["i", "j", "k"])
        #expect(try rewritten(table, rows: [0, 2, 3], adding: [added], as: "o.csv") == "a,b,p\n1.0,x,i\n3.000,z,j\n+4,w,k\n")
        #expect(TableWriter.ending(for: table) == ".csv")
    }

    @Test func `rows of other columns are written by name, with what folders say behind them`() throws {
        try write([("k=1/1.csv", "a,b\n1.0,x\n"), ("k=02/2.csv", "b;a\nz;3.00\n")])
        #expect(try rewritten(table(), as: "o.csv") == "a,b,k\n1.0,x,1\n3.00,z,02\n")
        let added = AddedColumn(name: "k", values: ["p", "q"])
        #expect(try rewritten(table(), adding: [added], as: "o.csv").hasPrefix("a,b,k,k_2\n"))
        #expect(try rewritten(table(), as: "o.jsonl").contains("\"a\": 1.0, \"b\": \"x\""))
    }

    @Test func `records of JSON Lines keep their own members`() throws {
        try write([("1.jsonl", "{\"a\": 1.0}\n"), ("2.jsonl", "{\"a\":2e0,\"b\":}\n{\"b\": \"x\"}\n")])
        #expect(fault().hasPrefix("DIR/2.jsonl:1"))
        try write([("2.jsonl", "{\"a\":2e0,\"b\":\"y\"}\n{\"b\": \"x\"}\n")])
        let added = AddedColumn(name: "p", values: ["i", "j", "k"])
        #expect(
            try rewritten(table(), adding: [added], as: "o.jsonl")
                == "{\"a\": 1.0, \"p\": \"i\"}\n{\"a\":2e0,\"b\":\"y\",\"p\":\"j\"}\n{\"b\": \"x\", \"p\": \"k\"}\n")
        #expect(try rewritten(table(), rows: [0, 2], as: "o.csv") == "a,b\n1.0,\n,x\n")
    }

    @Test func `Parquet files make one Parquet file of the same values`() throws {
        try write([("1.csv", "id,x\n12345678901234567,0.1\n2,0.25\n"), ("2.csv", "id,x\n3,7.5\n")])
        let out = try TemporaryFolder()
        for name in ["1", "2"] {
            try TableWriter.write(Table(contentsOf: folder.path + "/\(name).csv"), to: out.path + "/\(name).parquet")
        }
        let parts = try Table(contentsOf: out.path)
        #expect(parts.format == .parquet && parts.rowCount == 3 && parts.reading.fileCount == 2)
        #expect(try rewritten(parts, as: "o.csv") == "id,x\n12345678901234567,0.1\n2,0.25\n3,7.5\n")
        let whole = try TemporaryFolder()
        try TableWriter.write(parts, to: whole.path + "/all.parquet")
        #expect(try rewritten(Table(contentsOf: whole.path + "/all.parquet"), as: "o.csv") == rewritten(parts, as: "o.csv"))
    }

    @Test func `a file that changed since it was read is not written`() throws {
        try write([("1.csv", "a\n1\n"), ("2.csv", "a\n2\n")])
        let table = try table()
        try write([("2.csv", "a\n3\n")])
        #expect(throws: TableError.self) { try rewritten(table, as: "o.csv") }
    }
}
