import Databases

/// The tables of the models that are kept under names.
enum ModelMigrations {
    /// A group outlives its versions, so that a version's number is never given to another one.
    static let models = Migration(
        "0021-models",
        """
        CREATE TABLE model_groups (name TEXT PRIMARY KEY, last_version INTEGER NOT NULL) STRICT;
        CREATE TABLE model_versions (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, approval TEXT NOT NULL, note TEXT NOT NULL,
            source TEXT NOT NULL, source_id TEXT NOT NULL, source_name TEXT NOT NULL, request TEXT NOT NULL,
            hyperparameters TEXT NOT NULL, data_fingerprint TEXT NOT NULL, metrics TEXT NOT NULL, byte_count INTEGER NOT NULL,
            created_at REAL NOT NULL, approved_at REAL, UNIQUE(name, version)) STRICT;
        CREATE INDEX model_versions_by_source ON model_versions (source_id);
        """)

    /// What clients of MLflow's registry say of groups and versions.
    static let registry = Migration(
        "0041-model-registry",
        """
        CREATE TABLE model_group_notes (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
        CREATE TABLE model_version_notes (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
        """)
}
