import Databases
import Events
import Glibc
import TemporaryFolders
import Testing

@testable import Experiments

/// Workspaces of earlier and later versions, and what a damaged one gives back.
@Suite struct MigrationTests {
    @Test func whatWasGivenOutNeverChanges() {
        let given = OldWorkspace.migrations
        let now = MigrationList.workspace.migrations
        #expect(now.prefix(given.count).map(\.name) == given.map(\.name))
        #expect(now.prefix(given.count).map(\.sql) == given.map(\.sql))
    }

    @Test(arguments: 1...4) func anEarlierVersionsWorkspaceOpensAndIsBroughtUpToDate(count: Int) throws {
        let old = try OldWorkspace(OldWorkspace.migrations.prefix(count).map(\.name))
        try old.add(makeRecord("aaaa0001", name: "adam"))
        let workspace = try Workspace(path: old.path)
        #expect(try RunStore(workspace).run(named: "adam").record.id == RunID("aaaa0001"))
        try MigrationList.workspace.check(try Database(path: workspace.databasePath, .reading))
    }

    @Test func runsOfAnEarlierVersionAreNumberedInTheOrderTheyWereCreated() throws {
        let old = try OldWorkspace()
        for (index, id) in ["aaaa0003", "aaaa0001", "aaaa0002"].enumerated() {
            var record = makeRecord(id, name: "run-\(index)")
            record.createdAt = Double(10 - index)
            try old.add(record)
        }
        let store = try RunStore(try Workspace(path: old.path))
        let numbers = try ["aaaa0002", "aaaa0001", "aaaa0003"].map { try store.run(RunID($0))?.record.number }
        #expect(numbers == [0, 1, 2])
        #expect(try store.register(makeRecord("aaaa0004", name: "new")).number == 3)
    }

    @Test func anEarlierVersionsWorkspaceThatCannotBeWrittenIsRefused() throws {
        let old = try OldWorkspace(["0001-runs"])
        let database = try Database(path: old.path + "/descent.sqlite", .reading)
        let error = #expect(throws: StoreError.self) { try MigrationList.workspace.check(database) }
        #expect(error?.code == .olderVersion)
        #expect(
            error?.message.hasSuffix(
                "was written by an older Descent and cannot be brought up to date, since it cannot be written: "
                    + "copy the workspace to where it can") == true)
    }

    @Test func aLaterVersionsWorkspaceIsRefusedInWords() throws {
        let temporary = try TemporaryWorkspace()
        try temporary.executeSQL("INSERT INTO migrations VALUES ('9999-future')")
        let path = temporary.workspace.databasePath
        #expect(
            #expect(throws: StoreError.self) { try Workspace(path: temporary.workspace.path) }?.message
                == "\(path) was written by a newer Descent (9999-future): use that version or another workspace")
        let reading = #expect(throws: StoreError.self) {
            try MigrationList.workspace.check(try Database(path: path, .reading))
        }
        #expect(reading?.message == "\(path) was written by a newer Descent: use that version or another workspace")
    }

    @Test(arguments: [1, 4]) func aDamagedDatabaseOfAnEarlierVersionGivesItsRowsToTheLaterTables(count: Int) throws {
        let old = try OldWorkspace(OldWorkspace.migrations.prefix(count).map(\.name))
        try old.add(makeRecord("aaaa0001", name: "adam"))
        let folder = try TemporaryFolder()
        let new = try Database(path: folder.path + "/descent.sqlite")
        let counts = try Salvage(from: old.path + "/descent.sqlite", into: new, .workspace).run()
        #expect(counts["runs"] == 1)
        try MigrationList.workspace.check(new)
        let workspace = try Workspace(path: folder.path)
        #expect(try RunStore(workspace).run(named: "adam").record == makeRecord("aaaa0001", name: "adam"))
        #expect(try RunStore(workspace).changeNumber() == 1)
    }

    @Test func everyTableCanBeSalvagedRowByRow() throws {
        let temporary = try TemporaryWorkspace()
        let database = try Database(path: temporary.workspace.databasePath)
        let tables = try database.rows("SELECT name FROM sqlite_master WHERE type = 'table'") { $0.text(0) }
        #expect(tables.contains("runs"))
        // Salvage looks for rows by their places.
        for table in tables { _ = try database.rows("SELECT rowid FROM \(table)") { $0.integer(0) } }
    }
}
