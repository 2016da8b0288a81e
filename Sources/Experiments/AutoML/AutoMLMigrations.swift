import Databases

/// The tables of AutoML jobs and their candidates.
enum AutoMLMigrations {
    static let automl = Migration(
        "0019-automl",
        """
        CREATE TABLE automls (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, request TEXT NOT NULL, objective TEXT NOT NULL, why TEXT NOT NULL, findings TEXT NOT NULL,
            status TEXT NOT NULL, reason TEXT NOT NULL, created_at REAL NOT NULL, finished_at REAL, spent_seconds REAL NOT NULL,
            ensemble TEXT, owner TEXT NOT NULL, is_asked_to_stop INTEGER NOT NULL) STRICT;
        CREATE TABLE automl_candidates (
            id INTEGER PRIMARY KEY, automl TEXT NOT NULL REFERENCES automls(id) ON DELETE CASCADE, number INTEGER NOT NULL,
            run TEXT NOT NULL, body TEXT NOT NULL, UNIQUE(automl, number)) STRICT;
        """)

    /// Whether a second level is trained, and whether the host looks after the job.
    static let levelsAndHost = Migration(
        "0023-automl-levels",
        """
        ALTER TABLE automls ADD COLUMN stacking TEXT;
        ALTER TABLE automls ADD COLUMN is_hosted INTEGER NOT NULL DEFAULT 0;
        """)
}
