import Databases
import Events
import JSON

/// Monitors and their executions. An execution is there before anybody looks at data, and the monitor moves on in the same transaction,
/// so that none is lost and none is there twice, whoever is killed.
public struct MonitorStore {
    let database: Database

    init(_ database: Database) { self.database = database }

    static let migration = Migration(
        "0027-monitors",
        """
        CREATE TABLE monitors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;
        CREATE TABLE monitor_executions (
            id INTEGER PRIMARY KEY, monitor TEXT NOT NULL, scheduled_at REAL NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL,
            UNIQUE (monitor, scheduled_at)) STRICT;
        """)

    static let retrainings = Migration(
        "0028-retrainings",
        """
        CREATE TABLE monitor_retrainings (
            id TEXT NOT NULL UNIQUE, endpoint TEXT NOT NULL, is_over INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE INDEX monitor_retrainings_by_endpoint ON monitor_retrainings (endpoint);
        """)

    /// For other programs: names and columns stay as they are. Of bias and attributions violations are told of a column or an output, and
    /// `is_violated` of none of the values.
    static let views = Migration(
        "0029-monitor-views",
        """
        CREATE VIEW monitoring_executions AS SELECT
            monitor, datetime(scheduled_at, 'unixepoch') AS scheduled, datetime(json_extract(body, '$.from'), 'unixepoch') AS rows_from,
            datetime(json_extract(body, '$.until'), 'unixepoch') AS rows_until, status, json_extract(body, '$.rows') AS row_count,
            json_array_length(body, '$.violations') AS violation_count, coalesce(json_extract(body, '$.reason'), '') AS reason
            FROM monitor_executions;
        CREATE VIEW monitoring_values AS SELECT
            e.monitor AS monitor, datetime(e.scheduled_at, 'unixepoch') AS scheduled, d.key AS feature, d.value AS value,
            CASE WHEN json_extract(m.body, '$.type') IN ('data-quality', 'model-quality') THEN EXISTS (
                SELECT 1 FROM json_each(e.body, '$.violations') AS v WHERE json_extract(v.value, '$.feature_name') = d.key
            ) END AS is_violated
            FROM monitor_executions AS e JOIN monitors AS m ON m.name = e.monitor, json_each(e.body, '$.drift') AS d;
        CREATE VIEW monitoring_violations AS SELECT
            e.monitor AS monitor, datetime(e.scheduled_at, 'unixepoch') AS scheduled,
            json_extract(v.value, '$.feature_name') AS feature, json_extract(v.value, '$.constraint_check_type') AS check_type,
            json_extract(v.value, '$.description') AS description
            FROM monitor_executions AS e, json_each(e.body, '$.violations') AS v;
        """)

    // MARK: - Monitors

    /// By name.
    public func all() throws(StoreError) -> [MonitorRecord] {
        try database.rows("SELECT body FROM monitors ORDER BY name") { Self.read($0.text(0), MonitorRecord.init) }.compactMap {
            $0
        }
    }

    /// - Throws: `notFound`, with what there is.
    public func monitor(named name: String) throws(StoreError) -> MonitorRecord {
        let all = try all()
        if let found = all.first(where: { $0.name == name }) { return found }
        let names = all.prefix(5).map(\.name).joined(separator: ", ")
        let known = all.isEmpty ? "there is none: `descent monitor create` makes one" : "there are \(names)"
        throw StoreError(code: .notFound, message: "no monitor '\(name)': \(known)", operation: "find monitor")
    }

    /// - Throws: `nameTaken`.
    public func register(_ monitor: MonitorRecord) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            let taken = try database.rows("SELECT 1 FROM monitors WHERE name = ?", [.text(monitor.name)]) { $0.integer(0) }
            guard taken.isEmpty else {
                throw StoreError(
                    code: .nameTaken,
                    message:
                        "there is a monitor \(monitor.name): `descent monitor delete \(monitor.name)`, or choose another name",
                    operation: "register monitor")
            }
            try database.run(
                "INSERT INTO monitors (name, body) VALUES (?, ?)", [.text(monitor.name), .text(monitor.json.text)])
        }
    }

    /// Changes what is said of a monitor.
    ///
    /// - Throws: `notFound`.
    public func change(_ name: String, _ change: (inout MonitorRecord) -> Void) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            var monitor = try self.monitor(named: name)
            change(&monitor)
            try database.run("UPDATE monitors SET body = ? WHERE name = ?", [.text(monitor.json.text), .text(name)])
        }
    }

    /// All monitors with what they last found, by name.
    public func standings() throws(StoreError) -> [MonitorStanding] {
        var standings: [MonitorStanding] = []
        for monitor in try all() {
            let newest = try executions(of: monitor.name, limit: 1).first
            var judged = newest
            if !(newest?.hasJudged ?? true) {
                judged = try executions(of: monitor.name, limit: 200).first { $0.hasJudged }
            }
            standings.append(
                MonitorStanding(
                    record: monitor, last: newest, judged: judged,
                    retraining: try monitor.endpoint.flatMap { (name) throws(StoreError) in try retrainings(of: name).first }))
        }
        return standings
    }

    /// Removes a monitor with its executions.
    public func remove(_ name: String) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try database.run("DELETE FROM monitor_executions WHERE monitor = ?", [.text(name)])
            try database.run("DELETE FROM monitor_files WHERE monitor = ?", [.text(name)])
            try database.run("DELETE FROM monitors WHERE name = ?", [.text(name)])
        }
    }

    // MARK: - Executions

    /// A monitor's executions, the newest first.
    public func executions(of monitor: String, limit: Int = .max) throws(StoreError) -> [MonitorExecution] {
        try database.rows(
            "SELECT body FROM monitor_executions WHERE monitor = ? ORDER BY scheduled_at DESC LIMIT ?",
            [.text(monitor), .integer(limit)]
        ) { Self.read($0.text(0), MonitorExecution.init) }.compactMap { $0 }
    }

    /// Takes the first execution that nobody has begun, or that somebody began who is gone: from now on it is this process's.
    ///
    /// - Parameter closed: rows of executions that end by then have all been written down.
    /// - Returns: the execution; else when the next one is closed: nil where none waits.
    public func take(
        at time: Double, closed: Double
    ) throws(StoreError) -> (execution: MonitorExecution?, waitsUntil: Double?) {
        try database.transaction { () throws(StoreError) in
            let waiting = try database.rows(
                "SELECT body FROM monitor_executions WHERE status IN ('Pending', 'InProgress') ORDER BY scheduled_at"
            ) { Self.read($0.text(0), MonitorExecution.init) }.compactMap { $0 }
            let free = waiting.filter { $0.owner.map { !ProcessMark(text: $0).isAlive } ?? true }
            guard var next = free.first(where: { $0.until <= closed }) else { return (nil, free.map(\.until).min()) }
            (next.status, next.startedAt, next.owner) = (.inProgress, time, ProcessMark.current.text)
            try write(next)
            return (next, nil)
        }
    }

    /// Keeps how an execution of this process ended.
    public func end(_ execution: MonitorExecution) throws(StoreError) {
        var execution = execution
        execution.owner = nil
        try write(execution)
    }

    /// Writes executions down that are due, and moves their monitor on.
    ///
    /// - Parameter advance: the executions of a monitor and when it looks next, by how the monitor stands now.
    /// - Returns: those that are new.
    public func schedule(
        _ name: String, _ advance: (MonitorRecord) -> (executions: [MonitorExecution], nextAt: Double?)
    ) throws(StoreError) -> [MonitorExecution] {
        try database.transaction { () throws(StoreError) in
            var monitor = try self.monitor(named: name)
            let (executions, nextAt) = advance(monitor)
            for execution in executions {
                try database.run(
                    "INSERT OR IGNORE INTO monitor_executions (monitor, scheduled_at, status, body) VALUES (?, ?, ?, ?)",
                    [
                        .text(name), .real(execution.scheduledAt), .text(execution.status.rawValue), .text(execution.json.text),
                    ])
                monitor.coveredUntil = max(monitor.coveredUntil, execution.until)
            }
            monitor.nextAt = nextAt
            try database.run("UPDATE monitors SET body = ? WHERE name = ?", [.text(monitor.json.text), .text(name)])
            return executions
        }
    }

    /// Keeps how an execution stands, if it is there still.
    private func write(_ execution: MonitorExecution) throws(StoreError) {
        try database.run(
            "UPDATE monitor_executions SET status = ?, body = ? WHERE monitor = ? AND scheduled_at = ?",
            [
                .text(execution.status.rawValue), .text(execution.json.text), .text(execution.monitor),
                .real(execution.scheduledAt),
            ])
    }

    static func read<Value>(_ text: String, _ make: (JSONValue) -> Value?) -> Value? {
        do { return make(try JSONValue(parsing: text)) } catch { return nil }
    }
}

extension MonitorExecution {
    /// Whether it looked at rows and came to its end.
    fileprivate var hasJudged: Bool {
        (status == .completed || status == .completedWithViolations) && rowCount > 0
    }
}

extension RunStore {
    public var monitors: MonitorStore { MonitorStore(database) }
}
