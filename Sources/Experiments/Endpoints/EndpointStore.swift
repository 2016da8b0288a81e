import Clocks
import Databases
import Events
import JSON

/// Endpoints, what happened to them, and what is wanted of them. Commands write wishes; the host alone changes how an endpoint stands.
public struct EndpointStore {
    let database: Database

    init(_ database: Database) { self.database = database }

    // MARK: - Endpoints

    /// All of them, newest first.
    public func all() throws(StoreError) -> [EndpointRecord] {
        try database.rows("SELECT body FROM endpoints ORDER BY created_at DESC, rowid DESC") { Self.record($0.text(0)) }
            .compactMap { $0 }
    }

    /// Everything that is said of endpoints, alarms, kept models and monitors, to be compared with what it was.
    public func standing() throws(StoreError) -> String {
        let sql = """
            SELECT body FROM endpoints UNION ALL SELECT body FROM alarms
            UNION ALL SELECT id || approval || note FROM model_versions
            UNION ALL SELECT body FROM monitors
            UNION ALL SELECT monitor || ' ' || count(*) || ' ' || max(scheduled_at) || ' '
                || sum(status IN ('Pending', 'InProgress')) || ' ' || sum(status = 'InProgress')
                FROM monitor_executions GROUP BY monitor
            UNION ALL SELECT body FROM monitor_retrainings
            """
        return try database.rows(sql) { $0.text(0) }.joined(separator: "\n")
    }

    public func endpoint(id: String) throws(StoreError) -> EndpointRecord? {
        try database.rows("SELECT body FROM endpoints WHERE id = ?", [.text(id)]) { Self.record($0.text(0)) }
            .compactMap { $0 }.first
    }

    /// The one of a name, an id, or `@latest`. A beginning is not enough: whoever asks an endpoint means that one.
    /// - Throws: `notFound`, with what there is.
    public func endpoint(named text: String) throws(StoreError) -> EndpointRecord {
        let all = try all()
        if text == "@latest", let newest = all.first { return newest }
        if let found = all.first(where: { $0.name == text || $0.id == text }) { return found }
        let known = all.isEmpty ? "there is none: `descent endpoint create` makes one" : "there are " + Self.names(all)
        throw StoreError(code: .notFound, message: "no endpoint '\(text)': \(known)", operation: "find endpoint")
    }

    /// Keeps a new endpoint, which the host then brings into service.
    /// - Throws: `nameTaken`.
    public func register(_ record: EndpointRecord) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            // One that is there only to say why it is gone gives way.
            let past = try all().filter { $0.name == record.name && $0.status == .deleting }
            for past in past { try remove(past.id) }
            let taken = try database.rows("SELECT 1 FROM endpoints WHERE name = ?", [.text(record.name)]) { $0.integer(0) }
            guard taken.isEmpty else {
                throw StoreError(
                    code: .nameTaken,
                    message: "there is an endpoint \(record.name): delete it with `descent endpoint delete \(record.name)`, "
                        + "or choose another name", operation: "register endpoint")
            }
            try database.run(
                "INSERT INTO endpoints (id, name, body, created_at) VALUES (?, ?, ?, ?)",
                [.text(record.id), .text(record.name), .text(record.json.text), .real(record.createdAt)])
            try note(.statusChanged(EndpointNews(record)), at: record.createdAt)
        }
    }

    /// Keeps how an endpoint stands, with what happened to it.
    /// - Returns: whether it is there still.
    @discardableResult
    public func write(_ record: EndpointRecord, _ event: EndpointEvent?) throws(StoreError) -> Bool {
        try database.transaction { () throws(StoreError) in
            let known = try database.rows("SELECT 1 FROM endpoints WHERE id = ?", [.text(record.id)]) { $0.integer(0) }
            guard !known.isEmpty else { return false }
            try database.run("UPDATE endpoints SET body = ? WHERE id = ?", [.text(record.json.text), .text(record.id)])
            if let event { try note(event, at: WallClock.now()) }
            return true
        }
    }

    /// Removes an endpoint. Its monitors stay with what they found, and look no more by themselves.
    public func remove(_ id: String) throws(StoreError) {
        let monitors = MonitorStore(database)
        if let record = try endpoint(id: id) {
            for monitor in try monitors.all() where monitor.endpoint == record.name && monitor.nextAt != nil {
                try monitors.change(monitor.name) { $0.nextAt = nil }
            }
        }
        try database.run("DELETE FROM endpoints WHERE id = ?", [.text(id)])
    }

    /// What happened to an endpoint, the oldest first.
    public func history(of id: String) throws(StoreError) -> [(at: Double, event: EndpointEvent)] {
        let sql = "SELECT at, kind, body FROM endpoint_events WHERE endpoint = ? ORDER BY id"
        return try database.rows(sql, [.text(id)]) { row -> (at: Double, event: EndpointEvent)? in
            guard let json = Self.json(row.text(2)), let event = EndpointEvent(name: EventName(row.text(1)), json: json) else {
                return nil
            }
            return (row.real(0), event)
        }.compactMap { $0 }
    }

    private func note(_ event: EndpointEvent, at time: Double) throws(StoreError) {
        try database.run(
            "INSERT INTO endpoint_events (endpoint, at, kind, body) VALUES (?, ?, ?, ?)",
            [
                .text(event.news.id), .real(time), .text(event.name.text), .text(JSONValue.object(event.members).text),
            ])
    }

    // MARK: - Wishes

    /// Writes down what is wanted of an endpoint.
    /// - Returns: the wish's number, by which its answer is had.
    public func wish(_ wish: EndpointWish, of endpoint: String) throws(StoreError) -> Int {
        try database.transaction { () throws(StoreError) in
            try database.run(
                "INSERT INTO endpoint_wishes (endpoint, body) VALUES (?, ?)", [.text(endpoint), .text(wish.json.text)])
            return try database.rows("SELECT last_insert_rowid()") { $0.integer(0) }.first ?? 0
        }
    }

    /// Wishes without an answer, in their order; those that this version does not know have no wish.
    public func wishes() throws(StoreError) -> [(number: Int, endpoint: String, wish: EndpointWish?)] {
        try database.rows("SELECT id, endpoint, body FROM endpoint_wishes WHERE answer IS NULL ORDER BY id") { row in
            (row.integer(0), row.text(1), Self.json(row.text(2)).flatMap(EndpointWish.init(json:)))
        }
    }

    /// - Parameter refusal: why it was not done; empty: it was.
    public func answer(_ number: Int, _ refusal: String) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try database.run("UPDATE endpoint_wishes SET answer = ? WHERE id = ?", [.text(refusal), .integer(number)])
            // Of those who did not wait for theirs.
            try database.run("DELETE FROM endpoint_wishes WHERE answer IS NOT NULL AND id < ?", [.integer(number - 100)])
        }
    }

    /// The answer to a wish, which is had once.
    /// - Returns: nil as long as there is none.
    public func takeAnswer(_ number: Int) throws(StoreError) -> String? {
        let sql = "SELECT answer FROM endpoint_wishes WHERE id = ? AND answer IS NOT NULL"
        guard let answer = try database.rows(sql, [.integer(number)], { $0.text(0) }).first else { return nil }
        try withdraw(number)
        return answer
    }

    /// Forgets a wish.
    public func withdraw(_ number: Int) throws(StoreError) {
        try database.run("DELETE FROM endpoint_wishes WHERE id = ?", [.integer(number)])
    }

    // MARK: - Rows

    private static func record(_ text: String) -> EndpointRecord? { json(text).flatMap(EndpointRecord.init(json:)) }

    private static func json(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }

    private static func names(_ all: [EndpointRecord]) -> String {
        all.prefix(5).map(\.name).joined(separator: ", ") + (all.count > 5 ? ", …" : "")
    }
}

extension RunStore {
    public var endpoints: EndpointStore { EndpointStore(database) }
}
