import Databases
import Events
import JSON

/// Alarms over endpoints. Commands make and delete them; the host alone changes how they stand.
public struct AlarmStore {
    let database: Database

    init(_ database: Database) { self.database = database }

    static let migration = Migration(
        "0022-alarms", "CREATE TABLE alarms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;")

    /// By name.
    public func all() throws(StoreError) -> [AlarmRecord] {
        try database.rows("SELECT body FROM alarms ORDER BY name") { row -> AlarmRecord? in
            do { return AlarmRecord(json: try JSONValue(parsing: row.text(0))) } catch { return nil }
        }.compactMap { $0 }
    }

    /// - Throws: `notFound`, with what there is.
    public func alarm(named name: String) throws(StoreError) -> AlarmRecord {
        let all = try all()
        if let found = all.first(where: { $0.name == name }) { return found }
        let names = all.prefix(5).map(\.name).joined(separator: ", ")
        let known = all.isEmpty ? "there is none: `descent alarm create` makes one" : "there are \(names)"
        throw StoreError(code: .notFound, message: "no alarm '\(name)': \(known)", operation: "find alarm")
    }

    /// - Throws: `nameTaken`.
    public func register(_ alarm: AlarmRecord) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            let taken = try database.rows("SELECT 1 FROM alarms WHERE name = ?", [.text(alarm.name)]) { $0.integer(0) }
            guard taken.isEmpty else {
                throw StoreError(
                    code: .nameTaken,
                    message: "there is an alarm \(alarm.name): `descent alarm delete \(alarm.name)`, or choose another name",
                    operation: "register alarm")
            }
            try database.run(
                "INSERT INTO alarms (name, body) VALUES (?, ?)", [.text(alarm.name), .text(alarm.json.text)])
        }
    }

    /// Keeps how an alarm stands, if it is there still.
    public func write(_ alarm: AlarmRecord) throws(StoreError) {
        try database.run("UPDATE alarms SET body = ? WHERE name = ?", [.text(alarm.json.text), .text(alarm.name)])
    }

    public func remove(_ name: String) throws(StoreError) {
        try database.run("DELETE FROM alarms WHERE name = ?", [.text(name)])
    }
}

extension RunStore {
    public var alarms: AlarmStore { AlarmStore(database) }
}
