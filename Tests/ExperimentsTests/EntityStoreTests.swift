import Databases
import Events
import Testing

@testable import Experiments

/// Names and what is said about things, whatever their kind.
@Suite struct EntityStoreTests {
    private let temporary: TemporaryWorkspace
    private let database: Database
    /// A kind that there is none of.
    private static let jars = EntityTable(
        kind: .dataset, name: "jars", order: "opened_at", noun: "jar", ways: "a name or @latest", otherwise: "fill one first",
        listing: "look at the shelf")
    private let store: EntityStore

    init() throws {
        temporary = try TemporaryWorkspace()
        database = try Database(path: temporary.workspace.databasePath)
        try database.execute(
            """
            CREATE TABLE jars (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, tags TEXT NOT NULL DEFAULT '[]',
                note TEXT NOT NULL DEFAULT '', is_archived INTEGER NOT NULL DEFAULT 0, is_deleted INTEGER NOT NULL DEFAULT 0,
                created_at REAL NOT NULL, opened_at REAL NOT NULL, change INTEGER NOT NULL) STRICT;
            INSERT INTO jars (id, name, created_at, opened_at, change)
                VALUES ('a1', 'plum', 1, 9, 0), ('b1', 'plum-2', 2, 5, 0), ('b2', 'quince', 3, 7, 0);
            """)
        store = EntityStore(database, Self.jars)
    }

    private func failure(_ text: String, includingDeleted: Bool = false) -> String? {
        do throws(StoreError) {
            _ = try store.id(named: text, includingDeleted: includingDeleted)
            return nil
        } catch { return error.message }
    }

    @Test func aThingIsFoundByNameIdPrefixAndAlias() throws {
        #expect(try store.id(named: "plum") == "a1")
        #expect(try store.id(named: "b2") == "b2")
        #expect(try store.id(named: "qu") == "b2")
        #expect(try store.id(named: "@latest") == "a1")
        #expect(try store.id(named: "@sweetest") { "b1" } == "b1")
        #expect(failure("") == "no jar has an empty name: give a name or @latest")
        #expect(failure("@sweetest") == "no jar for @sweetest: fill one first")
        #expect(failure("fig") == "no jar 'fig': look at the shelf")
        #expect(failure("b") == "'b' could be quince, plum-2: type more of it")
        #expect(try store.free(like: "plum") == "plum-3" && store.free(like: "fig") == "fig")
    }

    @Test func anEditIsFoldedInAndCounted() throws {
        let before = try database.rows("SELECT change FROM counter") { $0.integer(0) }
        let edit = EntityEdit(addedTags: ["x", "y"], note: "n")
        let labels = try #require(try store.labels(of: "a1"))
        #expect(try store.edit("a1", edit) == EntityLabels(name: "plum", tags: ["x", "y"], note: "n"))
        try store.edit("a1", EntityEdit(removedTags: ["x"], isDeleted: true))
        #expect(try store.labels(of: "a1") == EntityLabels(name: "plum", tags: ["y"], note: "n", isDeleted: true))
        #expect(failure("a1") != nil && failure("a1", includingDeleted: true) == nil)
        #expect(try store.id(named: "@latest") == "b2")
        try store.edit("a1", EntityEdit(isDeleted: false))
        try store.edit("a1", EntityEdit(removedTags: ["y"]))
        try store.edit("a1", EntityEdit(note: labels.note))
        #expect(try store.labels(of: "a1") == labels)
        #expect(try database.rows("SELECT change FROM jars WHERE id = 'a1'") { $0.integer(0) } == [before[0] + 5])
    }

    @Test func aNameIsGivenOnce() throws {
        let taken = #expect(throws: StoreError.self) { try store.edit("b1", EntityEdit(name: "quince", note: "n")) }
        #expect(taken?.code == .nameTaken)
        #expect(taken?.message == "another jar is called quince: choose another name")
        #expect(try store.labels(of: "b1") == EntityLabels(name: "plum-2"))
        let gone = #expect(throws: StoreError.self) { try store.edit("c", EntityEdit(note: "n")) }
        #expect(gone?.message == "the jar c is gone from the workspace")
    }

    @Test func anEditsInverseTakesItBack() {
        let before = EntityLabels(name: "a", tags: ["x", "y"], note: "n", isArchived: true)
        for edit in [
            EntityEdit(name: "b", tags: ["z"], note: "m", isArchived: false, isDeleted: true),
            EntityEdit(addedTags: ["x", "w"], removedTags: ["y"]), EntityEdit(),
        ] {
            var labels = before
            labels.apply(edit)
            labels.apply(edit.inverse(for: before))
            #expect(Set(labels.tags) == Set(before.tags))
            labels.tags = before.tags
            #expect(labels == before)
        }
        #expect(EntityEdit.problem(withName: "@x", of: "jar") == "a jar's name does not begin with @: choose another")
    }
}
