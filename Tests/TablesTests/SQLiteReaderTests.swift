import Databases
import Glibc
import Numerics
import TemporaryFolders
import Testing

@testable import Tables

@Suite struct SQLiteReaderTests {
    @Test(arguments: ["flat", "flat-utf16"]) func `a table of a database gives the table that CSV gives`(name: String) throws {
        let table = try Table(contentsOf: fixture(name + ".sqlite"))
        #expect(table.format == .sqlite)
        #expect(table.reading.part == "flat")
        expectSame(table, try Table(contentsOf: fixture("flat.csv")), name)
    }

    @Test func `of several tables the largest is read, and the others are named`() throws {
        let table = try Table(contentsOf: fixture("several.sqlite"))
        #expect(table.reading.part == "odd \"name")
        #expect(table.reading.parts == ["few", "odd \"name", "empty", "seen"])
        let warning = try #require(table.warnings.first { $0.code == .severalParts })
        #expect(
            warning.message.replacing(fixture("several.sqlite"), with: "several.sqlite")
                == "several.sqlite has 3 tables and 'odd \"name', the largest, is read; --table NAME reads another: few, empty, seen"
        )
    }

    @Test func `types are those of the values, and bytes are missing values`() throws {
        let table = try Self.part("odd \"name")
        #expect(table.columns.map(\.name) == ["word", "n", "raw", "mixed", "n n"])
        #expect(table.columns.map(\.kind) == [.categorical, .integer, .integer, .categorical, .integer])
        #expect(table.texts[0] == [nil, "p", "q", "r"])
        #expect(table.texts[1] == ["4", "1", "-2", nil])
        #expect(table.texts[2] == [nil, nil, nil, "5"])
        #expect(table.texts[3] == ["12", "12", "x", "1.5"])
        #expect(table.columns[4].numbers == [0, 9_007_199_254_740_992, -9_223_372_036_854_775_808, 9_223_372_036_854_775_808])
        let binary = try #require(table.warnings.first { $0.code == .binaryValues })
        #expect(binary.column == "raw")
        #expect(binary.message.hasPrefix("raw holds bytes in 1 of 4 rows"))
    }

    @Test func `a table or view is read by its name, in any case of letters`() throws {
        let few = try Self.part("few")
        #expect(few.texts == [["7", "9"], ["2", "2.5"]])
        #expect(few.columns.map(\.kind) == [.integer, .numeric])
        #expect(few.warnings == [])
        #expect(try Self.part("SEEN").columns.map(\.name) == ["b", "c", "a"])
        let empty = try Self.part("empty")
        #expect(empty.rowCount == 0)
        #expect(empty.warnings.map(\.code) == [.noRows])
        let error = #expect(throws: TableError.self) { try Self.part("many") }
        #expect(error?.code == .badOption)
        #expect(error?.message == "the database has no table or view 'many': it has few, odd \"name, empty, seen")
    }

    @Test func `a view without an end is not begun unasked`() throws {
        let folder = try TemporaryFolder()
        try Database(path: folder.path + "/a.db").execute(
            "CREATE VIEW v AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n")
        let error = #expect(throws: TableError.self) { try Table(contentsOf: folder.path + "/a.db") }
        #expect(error?.message == "the database has no tables: say with --table which of its views to read: v")
        let some = try Table(
            contentsOf: folder.path + "/a.db",
            options: .with {
                $0.part = "v"
                $0.rowLimit = 3
            })
        #expect(some.columns[0].numbers == [1, 2, 3])
    }

    @Test func `only as many rows are read as are asked for`() throws {
        var options = ReadOptions()
        options.rowLimit = 5
        let table = try Table(contentsOf: fixture("flat.sqlite"), options: options)
        #expect(table.rowCount == 5)
        #expect(table.reading.isCut)
        options.rowLimit = 120
        #expect(try !Table(contentsOf: fixture("flat.sqlite"), options: options).reading.isCut)
    }

    @Test func `rows that stand in the log only are read, while the writer is there and after it was killed`() throws {
        let folder = try TemporaryFolder()
        let writer = try Database(path: folder.path + "/a.db")
        try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (x); PRAGMA wal_checkpoint; INSERT INTO t VALUES (1), (2)")
        let before = try Table(contentsOf: folder.path + "/a.db")
        #expect(before.texts == [["1", "2"]])
        #expect(before.fingerprint == (try DataFingerprint.of(folder.path + "/a.db")))
        try writer.execute("INSERT INTO t VALUES (3)")
        let after = try Table(contentsOf: folder.path + "/a.db")
        #expect(after.texts == [["1", "2", "3"]])
        #expect(after.fingerprint != before.fingerprint)
        // Copied without the log's index.
        let copy = try TemporaryFolder()
        for name in ["a.db", "a.db-wal"] { try copy.write(Self.bytes(folder.path + "/" + name), as: name) }
        #expect(try Table(contentsOf: copy.path + "/a.db").texts == [["1", "2", "3"]])
        #expect(Self.names(copy.path) == ["a.db", "a.db-wal"])
        withExtendedLifetime(writer) {}
    }

    @Test(arguments: ["WAL", "DELETE"]) func `no file appears beside a database, and it stays as it is`(mode: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a b?#%.db"
        try Database(path: path).execute("PRAGMA journal_mode = \(mode); CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        #expect(Self.names(folder.path) == ["a b?#%.db"])
        let bytes = try Self.bytes(path)
        #expect(try Table(contentsOf: path).texts == [["1"]])
        #expect(Self.names(folder.path) == ["a b?#%.db"])
        #expect(try Self.bytes(path) == bytes)
    }

    @Test func `through a link, the log beside the file is read`() throws {
        let folder = try TemporaryFolder(), other = try TemporaryFolder()
        let writer = try Database(path: folder.path + "/a.db")
        try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)")
        #expect(symlink(folder.path + "/a.db", other.path + "/link.db") == 0)
        #expect(try Table(contentsOf: other.path + "/link.db").texts == [["1", "2"]])
        #expect(Self.names(other.path) == ["link.db"])
        withExtendedLifetime(writer) {}
    }

    @Test func `a database whose last change broke off is refused, for its rows may be halves`() throws {
        let folder = try TemporaryFolder(), copy = try TemporaryFolder()
        let writer = try Database(path: folder.path + "/a.db")
        try writer.execute(
            "CREATE TABLE t (x); WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO t SELECT i FROM n"
        )
        try writer.execute("PRAGMA cache_size = 2; BEGIN; UPDATE t SET x = x + 1000000000")
        for name in ["a.db", "a.db-journal"] { try copy.write(Self.bytes(folder.path + "/" + name), as: name) }
        #expect(Self.error(copy.path + "/a.db").hasPrefix("a change to the database was never completed: open it once"))
        #expect(Self.names(copy.path) == ["a.db", "a.db-journal"])
        withExtendedLifetime(writer) {}
    }

    @Test func `tables that a text index keeps for itself are not offered`() throws {
        let folder = try TemporaryFolder()
        try Database(path: folder.path + "/a.db").execute(
            "CREATE TABLE t (x INTEGER PRIMARY KEY AUTOINCREMENT); CREATE VIRTUAL TABLE words USING fts5(a)")
        #expect(try Table(contentsOf: folder.path + "/a.db").reading.parts == ["t", "words"])
    }

    @Test func `databases that cannot be read are refused with words`() throws {
        let folder = try TemporaryFolder()
        try Database(path: folder.path + "/none.db").execute("PRAGMA user_version = 1")
        #expect(Self.error(folder.path + "/none.db") == "the database has no tables: give another file")
        try folder.write(Array("SQLite format 3\0".utf8), as: "short.db")
        #expect(Self.error(folder.path + "/short.db").hasPrefix("the database is damaged: copy it again"))
        let locked = try Database(path: folder.path + "/locked.db")
        try locked.execute("CREATE TABLE t (x); PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)")
        #expect(Self.error(folder.path + "/locked.db").hasPrefix("another program is writing the database: try again"))
        withExtendedLifetime(locked) {}
    }

    @Test func `files cut short and damaged bytes are read or refused, and never more`() throws {
        let whole = try fixtureBytes("flat.sqlite")
        for end in stride(from: 16, to: whole.count, by: 211) {
            let error = readingError(bytes: Array(whole[..<end]), name: "data.db")
            #expect(error?.code == .damagedFile, "\(end) bytes")
        }
        var random = RandomSource(seed: 16)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<4 { bytes[16 + random.integer(below: bytes.count - 16)] = UInt8(random.integer(below: 256)) }
            if let error = readingError(bytes: bytes, name: "data.db") { #expect(!error.message.isEmpty) }
        }
    }

    private static func part(_ name: String) throws -> Table {
        var options = ReadOptions()
        options.part = name
        return try Table(contentsOf: fixture("several.sqlite"), options: options)
    }

    private static func error(_ path: String) -> String {
        do throws(TableError) { _ = try Table(contentsOf: path) } catch { return error.message }
        return "no error"
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        return bytes
    }

    private static func names(_ folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
