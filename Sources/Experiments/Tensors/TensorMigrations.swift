import Databases

/// The tables of what tensors were like.
enum TensorMigrations {
    /// A row for each captured step of a run. Names and collections are told apart by number, so that a step's summaries are short.
    static let tensors = Migration(
        "0011-tensors",
        """
        CREATE TABLE tensor_names (
            id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, name TEXT NOT NULL,
            collection TEXT NOT NULL) STRICT;
        CREATE UNIQUE INDEX tensor_names_run ON tensor_names(run, name, collection);
        CREATE TABLE tensor_steps (
            id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, step INTEGER NOT NULL,
            mode TEXT NOT NULL, epoch REAL NOT NULL, wall_time REAL NOT NULL, passed_over INTEGER NOT NULL,
            spent TEXT NOT NULL, summaries BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX tensor_steps_run ON tensor_steps(run, step, mode);
        CREATE TABLE tensor_usage (
            run TEXT NOT NULL UNIQUE REFERENCES runs(id) ON DELETE CASCADE, byte_count INTEGER NOT NULL,
            thinned_count INTEGER NOT NULL) STRICT;
        """)
}
