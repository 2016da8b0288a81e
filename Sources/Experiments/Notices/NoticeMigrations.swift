import Databases

/// The table of who is to be told of what.
enum NoticeMigrations {
    /// A row for each notice of a channel, by the name that follows from what it tells: what was told is found again, and never told
    /// twice. There is no address and no secret in it.
    static let notices = Migration(
        "0014-notices",
        """
        CREATE TABLE notices (
            id TEXT PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, channel TEXT NOT NULL,
            command TEXT NOT NULL, change TEXT NOT NULL, state TEXT NOT NULL, is_held INTEGER NOT NULL, failures INTEGER NOT NULL,
            not_before REAL NOT NULL, created_at REAL NOT NULL, ended_at REAL, delivery TEXT NOT NULL, owner TEXT NOT NULL) STRICT;
        CREATE INDEX notices_state ON notices(state, channel);
        """)

    /// What an alarm tells belongs to no run.
    static let withoutRun = Migration(
        "0025-notices-of-alarms",
        """
        CREATE TABLE notices_of_all (
            id TEXT PRIMARY KEY, run TEXT REFERENCES runs(id) ON DELETE CASCADE, channel TEXT NOT NULL,
            command TEXT NOT NULL, change TEXT NOT NULL, state TEXT NOT NULL, is_held INTEGER NOT NULL, failures INTEGER NOT NULL,
            not_before REAL NOT NULL, created_at REAL NOT NULL, ended_at REAL, delivery TEXT NOT NULL, owner TEXT NOT NULL) STRICT;
        INSERT INTO notices_of_all (id, run, channel, command, change, state, is_held, failures, not_before, created_at, ended_at,
            delivery, owner)
            SELECT id, run, channel, command, change, state, is_held, failures, not_before, created_at, ended_at, delivery, owner
            FROM notices ORDER BY rowid;
        DROP TABLE notices;
        ALTER TABLE notices_of_all RENAME TO notices;
        CREATE INDEX notices_state ON notices(state, channel);
        """)
}
