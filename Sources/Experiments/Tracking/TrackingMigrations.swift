import Databases

/// The tables of what is known of experiments, runs and models in MLflow's words. Metrics are the runs' curves.
enum TrackingMigrations {
    /// Experiment 0 is MLflow's `Default`, which is the workspace's `default`.
    static let tracking = Migration(
        "0032-tracking",
        """
        CREATE TABLE tracking_experiments (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, stage TEXT NOT NULL, created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL, artifacts TEXT NOT NULL, tags TEXT NOT NULL) STRICT;
        INSERT INTO tracking_experiments VALUES (0, 'Default', 'active', 0, 0, '', '{}');
        CREATE TABLE tracked_runs (run TEXT PRIMARY KEY, experiment INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE INDEX tracked_runs_experiment ON tracked_runs (experiment);
        CREATE TABLE tracked_models (
            id TEXT PRIMARY KEY, experiment INTEGER NOT NULL, run TEXT NOT NULL, body TEXT NOT NULL) STRICT;
        """)
}
