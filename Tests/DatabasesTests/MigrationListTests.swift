import TemporaryFolders
import Testing

@testable import Databases

/// A database's history.
@Suite struct MigrationListTests {
    private let scratch: TemporaryFolder
    private let list = MigrationList([
        Migration("0001-a", "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);"),
        Migration("0002-b", "CREATE TABLE b AS SELECT x + 1 AS y FROM a;"),
    ])

    init() throws { scratch = try TemporaryFolder() }

    private func open() throws -> Database { try Database(path: scratch.path + "/any.sqlite") }

    @Test func everyStepIsTakenOnce() throws {
        try list.apply(to: try open(), only: ["0001-a"])
        let database = try open()
        try database.execute("UPDATE a SET x = 5")
        #expect(throws: StoreError.self) { try list.check(database) }
        for _ in 0..<2 { try list.apply(to: try open()) }
        #expect(try database.rows("SELECT y FROM b") { $0.integer(0) } == [6])
        #expect(try MigrationList.applied(to: database) == ["0001-a", "0002-b"])
        try list.check(database)
    }

    @Test func aStepThatFailsTakesTheOthersOfItsVersionBack() throws {
        let broken = MigrationList(list.migrations + [Migration("0003-c", "CREATE TABLE c (x) STRICT")])
        #expect(throws: StoreError.self) { try broken.apply(to: try open()) }
        #expect(try MigrationList.applied(to: try open()).isEmpty)
        try list.apply(to: try open())
    }

    @Test func aStepThatIsNotOursIsRefused() throws {
        try list.apply(to: try open())
        let older = MigrationList(Array(list.migrations.prefix(1)))
        #expect(#expect(throws: StoreError.self) { try older.apply(to: try open()) }?.code == .newerVersion)
        #expect(#expect(throws: StoreError.self) { try older.check(try open()) }?.code == .newerVersion)
    }
}
