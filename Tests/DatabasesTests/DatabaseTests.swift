import Glibc
import TemporaryFolders
import Testing

@testable import Databases

/// One connection: what it says when something fails, and what belongs to one file.
@Suite struct DatabaseTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    @Test func errorsAreInWordsAndNeverStatements() throws {
        let database = try Database(path: scratch.path + "/any.sqlite")
        let error = #expect(throws: StoreError.self) { try database.execute("SELECT nothing FROM nowhere") }
        #expect(error?.description.contains("SELECT") == false)
        for (code, systemCode, words) in [
            (SQLite.full, Int32(0), "is full: make room"), (SQLite.ioError, ENOSPC, "is full: make room"),
            (SQLite.ioError, EFBIG, "ulimit -f"), (SQLite.cannotOpen, EMFILE, "ulimit -n"),
            (SQLite.ioError, EROFS, "cannot be written"),
            (SQLite.noMemory, 0, "ulimit -v"), (SQLite.corrupt, 0, "`descent doctor --recover`"),
            (SQLite.ioError, EIO, "check its disk"),
        ] {
            let error = Database.failure(
                code, systemCode: systemCode, path: "/w/descent.sqlite", libraryMessage: "m", operation: "COMMIT")
            #expect(error.description.contains(words), "\(error)")
            #expect(!error.description.contains("COMMIT"))
        }
    }

    @Test func aFailedTransactionLeavesNothing() throws {
        let database = try Database(path: scratch.path + "/any.sqlite")
        try database.execute("CREATE TABLE t (x INTEGER) STRICT")
        #expect(throws: StoreError.self) {
            try database.transaction { () throws(StoreError) in
                try database.run("INSERT INTO t VALUES (?)", [.integer(1)])
                try database.run("INSERT INTO t VALUES (?)", [.text("no number")])
            }
        }
        #expect(try database.rows("SELECT x FROM t") { $0.integer(0) }.isEmpty)
    }

    @Test func whatIsWrittenIntoAFileThatWasReplacedIsRefused() throws {
        let path = scratch.path + "/any.sqlite"
        let database = try Database(path: path)
        // Where changes go into a log, the library itself does not notice.
        try database.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (x INTEGER) STRICT")
        #expect(rename(path, path + ".away") == 0)
        let gone = #expect(throws: StoreError.self) {
            try database.transaction { () throws(StoreError) in try database.execute("INSERT INTO t VALUES (1)") }
        }
        #expect(gone?.code == .gone)
        #expect(rename(path + ".away", path) == 0)
        #expect(try database.rows("SELECT x FROM t") { $0.integer(0) }.isEmpty)
    }

    @Test func anotherProgramsDatabaseIsReadAndNotWritten() throws {
        let path = scratch.path + "/theirs.sqlite"
        let own = try Database(path: path)
        try own.execute("CREATE TABLE t (a TEXT, b REAL, c INTEGER); INSERT INTO t VALUES ('x', 0.5, NULL)")
        let foreign = try ForeignDatabase(path: path)
        #expect(try foreign.tables() == ["t"])
        #expect(try foreign.rows("SELECT * FROM t") == [[.text("x"), .real(0.5), .null]])
        #expect(throws: StoreError.self) { try foreign.rows("DELETE FROM t") }
        #expect(#expect(throws: StoreError.self) { try ForeignDatabase(path: scratch.path + "/none") }?.code == .cannotOpen)
    }
}

/// SQLite's result codes, by what they say.
private enum SQLite {
    static let full: Int32 = 13, ioError: Int32 = 10, cannotOpen: Int32 = 14, noMemory: Int32 = 7, corrupt: Int32 = 11
}
