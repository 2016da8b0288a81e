import Databases

/// The schema's history: named steps in order, each applied once. Append, never change.
enum Migrations {
    static let all: [(name: String, sql: String)] = [
        (
            "0001-runs",
            """
            CREATE TABLE runs (
                id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL, status TEXT NOT NULL, phase TEXT,
                reason TEXT NOT NULL, started_at REAL, finished_at REAL, step INTEGER NOT NULL, epoch REAL NOT NULL,
                planned_steps INTEGER NOT NULL, last_metrics TEXT NOT NULL, best_objective REAL, best_step INTEGER,
                alert_count INTEGER NOT NULL, rows_per_second REAL NOT NULL, is_deleted INTEGER NOT NULL,
                tags TEXT NOT NULL, note TEXT NOT NULL, created_at REAL NOT NULL, owner TEXT NOT NULL,
                change INTEGER NOT NULL) STRICT;
            CREATE INDEX runs_change ON runs(change);
            CREATE TABLE metrics (
                id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, name TEXT NOT NULL,
                UNIQUE(run, name)) STRICT;
            CREATE TABLE chunks (
                metric INTEGER NOT NULL REFERENCES metrics(id) ON DELETE CASCADE, number INTEGER NOT NULL,
                count INTEGER NOT NULL, first_step INTEGER NOT NULL, last_step INTEGER NOT NULL, low REAL, high REAL,
                points BLOB NOT NULL) STRICT;
            CREATE UNIQUE INDEX chunks_place ON chunks(metric, number);
            CREATE TABLE events (
                id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, kind TEXT NOT NULL,
                body TEXT NOT NULL) STRICT;
            CREATE INDEX events_run ON events(run, kind);
            CREATE TABLE datasets (path TEXT PRIMARY KEY, profile TEXT NOT NULL, opened_at REAL NOT NULL) STRICT;
            CREATE TABLE counter (change INTEGER NOT NULL) STRICT;
            INSERT INTO counter VALUES (0);
            """
        ),
        (
            "0002-commands",
            """
            CREATE TABLE commands (
                id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
                kind TEXT NOT NULL, body TEXT NOT NULL, created_at REAL NOT NULL) STRICT;
            """
        ),
        (
            // What curves add up to, for the runs table. Ranges of older runs come from their chunks, which know no steps.
            "0003-summaries",
            """
            CREATE INDEX runs_created ON runs(created_at);
            ALTER TABLE runs ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE runs ADD COLUMN metric_ranges TEXT NOT NULL DEFAULT '{}';
            ALTER TABLE runs ADD COLUMN sketch TEXT NOT NULL DEFAULT '{}';
            UPDATE runs SET metric_ranges = (
                SELECT json_group_object(name, json_array(low, NULL, high, NULL)) FROM (
                    SELECT metrics.name AS name, min(chunks.low) AS low, max(chunks.high) AS high
                    FROM metrics JOIN chunks ON chunks.metric = metrics.id
                    WHERE metrics.run = runs.id AND chunks.low IS NOT NULL GROUP BY metrics.id));
            """
        ),
        (
            // Where runs come from. One that was read from a log of Descent's own has the algorithm of its job, but measured
            // something although no job ever said that it starts or what data it trains on.
            "0005-origins",
            """
            UPDATE runs SET record = '{"origin":"watched",' || substr(record, 2)
            WHERE EXISTS (
                SELECT 1 FROM metrics JOIN chunks ON chunks.metric = metrics.id
                WHERE metrics.run = runs.id AND metrics.name NOT LIKE 'system:%')
            AND NOT EXISTS (
                SELECT 1 FROM events WHERE run = runs.id AND (kind = 'trainingDataSummarised'
                    OR kind = 'jobStatusChanged' AND (body LIKE '%"phase":"Starting"%' OR body LIKE '%"phase":"Preparing"%')));
            """
        ),
    ]

    /// Brings a database up to date.
    /// - Throws: `newerVersion` when the workspace was written by a newer Descent.
    static func apply(to database: Database) throws(StoreError) {
        // Readers and one writer at a time do not block each other; a commit survives a killed process (not a lost machine,
        // for which the last moments may be missing but the file is never damaged).
        // Large pages suit curves, which are read in pieces of 28 kB; only a new database takes the size over.
        try database.execute("PRAGMA page_size = 16384")
        try database.executePatiently("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = NORMAL")
        try database.execute("PRAGMA foreign_keys = ON")
        if try appliedCount(database) == all.count { return }
        try database.transaction { () throws(StoreError) in
            try database.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY) STRICT")
            let applied = Set(try database.rows("SELECT name FROM migrations") { $0.text(0) })
            if let unknown = applied.subtracting(all.map(\.name)).sorted().first {
                throw StoreError(
                    code: .newerVersion,
                    message:
                        "\(database.path) was written by a newer Descent (\(unknown)): use that version or another workspace",
                    operation: "migrate")
            }
            for migration in all where !applied.contains(migration.name) {
                try database.execute(migration.sql)
                try database.run("INSERT INTO migrations VALUES (?)", [.text(migration.name)])
            }
        }
    }

    /// Checks that a database that is only read is one of this version: it cannot be brought up to date.
    /// - Throws: `newerVersion` and `olderVersion`.
    static func check(_ database: Database) throws(StoreError) {
        let applied = try appliedCount(database)
        if applied == all.count { return }
        let names = applied < 0 ? Set(try database.rows("SELECT name FROM migrations") { $0.text(0) }) : []
        let isNewer = !names.subtracting(all.map(\.name)).isEmpty
        throw StoreError(
            code: isNewer ? .newerVersion : .olderVersion,
            message: isNewer
                ? "\(database.path) was written by a newer Descent: use that version or another workspace"
                : "\(database.path) was written by an older Descent and cannot be brought up to date, since it cannot be written: "
                    + "copy the workspace to where it can",
            operation: "migrate")
    }

    /// How many migrations are recorded; -1 when there are others than ours, so that the slow path looks closer.
    private static func appliedCount(_ database: Database) throws(StoreError) -> Int {
        let tables = try database.rows("SELECT count(*) FROM sqlite_master WHERE name = 'migrations'") { $0.integer(0) }
        if tables == [0] { return 0 }
        let names = try database.rows("SELECT name FROM migrations") { $0.text(0) }
        return Set(names) == Set(all.map(\.name)) ? all.count : -1
    }
}
