import Databases

/// The tables of runs, their curves, events and commands. `datasets` is not read any more: `DatasetMigrations` has what took its place.
enum RunMigrations {
    static let runs = Migration(
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
        """)

    static let commands = Migration(
        "0002-commands",
        """
        CREATE TABLE commands (
            id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            kind TEXT NOT NULL, body TEXT NOT NULL, created_at REAL NOT NULL) STRICT;
        """)

    /// What curves add up to, for the runs table. Ranges of older runs come from their chunks, which know no steps.
    static let summaries = Migration(
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
        """)

    /// Where runs come from. One that was read from a log of Descent's own has the algorithm of its job, but measured
    /// something although no job ever said that it starts or what data it trains on.
    static let origins = Migration(
        "0005-origins",
        """
        UPDATE runs SET record = '{"origin":"watched",' || substr(record, 2)
        WHERE EXISTS (
            SELECT 1 FROM metrics JOIN chunks ON chunks.metric = metrics.id
            WHERE metrics.run = runs.id AND metrics.name NOT LIKE 'system:%')
        AND NOT EXISTS (
            SELECT 1 FROM events WHERE run = runs.id AND (kind = 'trainingDataSummarised'
                OR kind = 'jobStatusChanged' AND (body LIKE '%"phase":"Starting"%' OR body LIKE '%"phase":"Preparing"%')));
        """)

    /// The number of a run, which its colour and letter follow from: its place in the order in which runs were created.
    static let numbers = Migration(
        "0008-numbers",
        """
        ALTER TABLE runs ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
        CREATE TEMP TABLE places AS SELECT id, row_number() OVER (ORDER BY created_at, rowid) - 1 AS place FROM runs;
        UPDATE runs SET number = (SELECT place FROM places WHERE places.id = runs.id);
        DROP TABLE places;
        CREATE INDEX runs_number ON runs(number);
        """)

    /// How many alerts of a run have been cleared. What was cleared before is counted when the run goes on.
    static let cleared = Migration("0013-cleared", "ALTER TABLE runs ADD COLUMN cleared_count INTEGER NOT NULL DEFAULT 0;")
}
