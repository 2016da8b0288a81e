import Databases
import Events
import JSON

/// The names of one kind of thing in a workspace, and what the user says about them: the one place where names are resolved and kept
/// apart, and where an edit is read, folded in and written.
struct EntityStore {
    private let database: Database
    private let table: EntityTable

    init(_ database: Database, _ table: EntityTable) {
        self.database = database
        self.table = table
    }

    /// What the user says about one of them; nil when there is no such thing.
    func labels(of id: String) throws(StoreError) -> EntityLabels? {
        let sql = "SELECT name, tags, note, is_archived, is_deleted FROM \(table.name) WHERE id = ?"
        return try database.rows(sql, [.text(id)]) { Self.labels($0, from: 0) }.first
    }

    /// Reads name, tags, note and both marks from five columns of a row.
    static func labels(_ row: Database.Row, from column: Int32) -> EntityLabels {
        var tags: [String] = []
        do { tags = try JSONValue(parsing: row.text(column + 1)).array?.compactMap(\.string) ?? [] } catch {}
        return EntityLabels(
            name: row.text(column), tags: tags, note: row.text(column + 2), isArchived: row.integer(column + 3) != 0,
            isDeleted: row.integer(column + 4) != 0)
    }

    // MARK: - Names

    /// The id that a user means by a name, an id, a unique prefix of either, or `@latest`.
    /// - Parameter alias: what the kind itself makes of a text that is none of these, such as `@best`.
    /// - Throws: `notFound` and `ambiguous`, with what to type instead.
    func id(
        named text: String, includingDeleted: Bool = false, alias: () throws(StoreError) -> String? = { nil }
    ) throws(StoreError) -> String {
        if text.isEmpty { throw notFound("no \(table.noun) has an empty name: give \(table.ways)") }
        let all = try names(includingDeleted: includingDeleted)
        if text == "@latest" { if let newest = all.first { return newest.id } }
        if text.hasPrefix("@") {
            if let meant = try alias() { return meant }
            throw notFound("no \(table.noun) for \(text): \(table.otherwise)")
        }
        if let exact = all.first(where: { $0.id == text || $0.name == text }) { return exact.id }
        let matches = all.filter { $0.id.hasPrefix(text) || $0.name.hasPrefix(text) }
        if matches.count == 1 { return matches[0].id }
        if matches.isEmpty { throw notFound("no \(table.noun) '\(text)': \(table.listing)") }
        let few = matches.prefix(5).map(\.name).joined(separator: ", ")
        throw StoreError(
            code: .ambiguous, message: "'\(text)' could be \(few)\(matches.count > 5 ? ", …" : ""): type more of it",
            operation: "find \(table.noun)")
    }

    private func notFound(_ message: String) -> StoreError {
        StoreError(code: .notFound, message: message, operation: "find \(table.noun)")
    }

    /// All ids and names, newest first.
    private func names(includingDeleted: Bool) throws(StoreError) -> [(id: String, name: String)] {
        let filter = includingDeleted ? "" : "WHERE is_deleted = 0"
        return try database.rows("SELECT id, name FROM \(table.name) \(filter) ORDER BY \(table.order) DESC, rowid DESC") {
            ($0.text(0), $0.text(1))
        }
    }

    /// A name that none has: the wanted one, or that with a number. Call it in the transaction that takes the name.
    func free(like name: String) throws(StoreError) -> String {
        let taken = Set(try database.rows("SELECT name FROM \(table.name) WHERE name >= ?", [.text(name)]) { $0.text(0) })
        guard taken.contains(name) else { return name }
        var number = 2
        while taken.contains("\(name)-\(number)") { number += 1 }
        return "\(name)-\(number)"
    }

    // MARK: - Edits

    /// Folds an edit into what is said. Read and written in one transaction, so that of two who change a thing at once neither loses
    /// what it said.
    /// - Returns: what is said now.
    /// - Throws: `notFound`, and `nameTaken` for a name that another one has.
    @discardableResult
    func edit(_ id: String, _ edit: EntityEdit) throws(StoreError) -> EntityLabels {
        try database.transaction { () throws(StoreError) in
            guard var labels = try labels(of: id) else {
                throw StoreError(
                    code: .notFound, message: "the \(table.noun) \(id) is gone from the workspace", operation: "edit")
            }
            labels.apply(edit)
            try write(labels, of: id, change: try database.nextChange())
            return labels
        }
    }

    /// Writes what the user says, inside a transaction that the caller holds.
    /// - Throws: `nameTaken` when another one has the name.
    func write(_ labels: EntityLabels, of id: String, change: Int) throws(StoreError) {
        let own = Database.Value.text(id)
        let others = try database.rows(
            "SELECT 1 FROM \(table.name) WHERE name = ? AND id <> ?", [.text(labels.name), own]
        ) { $0.integer(0) }
        guard others.isEmpty else {
            throw StoreError(
                code: .nameTaken, message: "another \(table.noun) is called \(labels.name): choose another name",
                operation: "rename")
        }
        try database.run(
            "UPDATE \(table.name) SET name = ?, tags = ?, note = ?, is_archived = ?, is_deleted = ?, change = ? WHERE id = ?",
            [
                .text(labels.name), .text(JSONValue.array(labels.tags.map { .string($0) }).text), .text(labels.note),
                .integer(labels.isArchived ? 1 : 0), .integer(labels.isDeleted ? 1 : 0), .integer(change), own,
            ])
    }

    // MARK: - What a process works for

    /// Which process works, or worked, for one of them, and how far it is by what that one wrote; nil when there is no such thing.
    func owner(of id: String) throws(StoreError) -> (process: ProcessMark, status: JobStatus?)? {
        try database.rows("SELECT owner, status FROM \(table.name) WHERE id = ?", [.text(id)]) {
            (ProcessMark(text: $0.text(0)), JobStatus(rawValue: $0.text(1)))
        }.first
    }
}

extension Database {
    /// Counts the workspace's change number up by one, inside a transaction that the caller holds.
    func nextChange() throws(StoreError) -> Int {
        try run("UPDATE counter SET change = change + 1")
        return try rows("SELECT change FROM counter") { $0.integer(0) }.first ?? 0
    }
}

extension RunStore {
    /// The names of runs.
    var names: EntityStore { EntityStore(database, .runs) }
}
