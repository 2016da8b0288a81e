import Databases

/// The table of jobs that wait for the host or that it trains.
enum QueueMigrations {
    static let queue = Migration(
        "0009-queue",
        """
        CREATE TABLE queue (
            run TEXT PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE, state TEXT NOT NULL, priority INTEGER NOT NULL,
            place REAL NOT NULL, after TEXT NOT NULL, if_completed INTEGER NOT NULL, start_at REAL, work TEXT NOT NULL,
            waits_for TEXT NOT NULL, added_at REAL NOT NULL) STRICT;
        """)
}
