import Databases

/// The tables of tuning jobs and their trials.
enum TuningMigrations {
    static let tuning = Migration(
        "0015-tuning",
        """
        CREATE TABLE tunings (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, request TEXT NOT NULL, objective TEXT NOT NULL,
            status TEXT NOT NULL, reason TEXT NOT NULL, created_at REAL NOT NULL, finished_at REAL, spent_seconds REAL NOT NULL,
            owner TEXT NOT NULL, is_asked_to_stop INTEGER NOT NULL) STRICT;
        CREATE TABLE tuning_trials (
            id INTEGER PRIMARY KEY, tuning TEXT NOT NULL REFERENCES tunings(id) ON DELETE CASCADE, number INTEGER NOT NULL,
            run TEXT NOT NULL, hyperparameters TEXT NOT NULL, point TEXT NOT NULL, memory TEXT NOT NULL, why TEXT NOT NULL,
            outcome TEXT, value REAL, reason TEXT NOT NULL, UNIQUE(tuning, number)) STRICT;
        """)

    /// What jobs begin with, a row an earlier search; the best one again on fresh seeds; folds and further objectives.
    static let evidence = Migration(
        "0016-tuning-evidence",
        """
        CREATE TABLE tuning_warm_starts (
            id INTEGER PRIMARY KEY, tuning TEXT NOT NULL REFERENCES tunings(id) ON DELETE CASCADE, place INTEGER NOT NULL,
            earlier TEXT NOT NULL, UNIQUE(tuning, place)) STRICT;
        CREATE TABLE tuning_confirmations (
            id INTEGER PRIMARY KEY, tuning TEXT NOT NULL REFERENCES tunings(id) ON DELETE CASCADE, trial INTEGER NOT NULL,
            seed TEXT NOT NULL, run TEXT NOT NULL, outcome TEXT, value REAL, UNIQUE(tuning, trial, seed)) STRICT;
        ALTER TABLE tuning_trials ADD COLUMN deviation REAL;
        ALTER TABLE tuning_trials ADD COLUMN others TEXT NOT NULL DEFAULT '[]';
        """)

    /// What is asked of tuning jobs that run.
    static let controls = Migration(
        "0017-tuning-controls",
        """
        CREATE TABLE tuning_controls (
            id INTEGER PRIMARY KEY, tuning TEXT NOT NULL REFERENCES tunings(id) ON DELETE CASCADE, body TEXT NOT NULL) STRICT;
        """)

    /// What a job that is the host's waits for.
    static let conditions = Migration(
        "0018-tuning-conditions", "ALTER TABLE tunings ADD COLUMN conditions TEXT NOT NULL DEFAULT '{}';")

    /// Whether the host looks after the job.
    static let host = Migration(
        "0038-tuning-host",
        """
        ALTER TABLE tunings ADD COLUMN is_hosted INTEGER NOT NULL DEFAULT 0;
        UPDATE tunings SET is_hosted = 1 WHERE owner = 'queue';
        """)
}
