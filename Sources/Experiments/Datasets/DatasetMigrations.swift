import Databases

/// The tables of data sets.
enum DatasetMigrations {
    /// Data sets by what is in them. Those that runs learned from come from the links of these runs, with the time at which the run
    /// was registered; those that were opened come with their profiles. The table `datasets`, by path, stays for an older Descent
    /// that may still run and write to it; nothing reads it any more.
    static let datasets = Migration(
        "0007-datasets",
        """
        CREATE TABLE known_datasets (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, tags TEXT NOT NULL DEFAULT '[]', note TEXT NOT NULL DEFAULT '',
            is_archived INTEGER NOT NULL DEFAULT 0, is_deleted INTEGER NOT NULL DEFAULT 0, created_at REAL NOT NULL,
            last_seen REAL NOT NULL, byte_count INTEGER, row_count INTEGER, profile TEXT, change INTEGER NOT NULL) STRICT;
        CREATE INDEX known_datasets_change ON known_datasets(change);
        CREATE INDEX known_datasets_seen ON known_datasets(last_seen);
        CREATE TABLE dataset_places (
            dataset TEXT NOT NULL REFERENCES known_datasets(id) ON DELETE CASCADE, path TEXT NOT NULL, last_seen REAL NOT NULL,
            byte_count INTEGER, modified INTEGER, UNIQUE(dataset, path)) STRICT;
        CREATE INDEX dataset_places_path ON dataset_places(path, last_seen);
        CREATE TEMP TABLE sightings AS
            SELECT from_id AS id, json_extract(detail, '$.path') AS path, created_at AS time, NULL AS profile
                FROM links WHERE from_kind = 'dataset' AND json_valid(detail)
            UNION ALL
            SELECT json_extract(profile, '$.fingerprint'), path, opened_at, profile FROM datasets WHERE json_valid(profile);
        DELETE FROM sightings WHERE coalesce(id, '') = '' OR coalesce(path, '') = '';
        CREATE TEMP TABLE found AS
            SELECT id, path, substr(path, length(rtrim(path, replace(path, '/', ''))) + 1) AS base, min(time) AS first_seen
            FROM sightings GROUP BY id;
        CREATE TEMP TABLE named AS
            SELECT id, first_seen, base, row_number() OVER (PARTITION BY base ORDER BY first_seen, id) AS number FROM found;
        INSERT OR IGNORE INTO known_datasets (id, name, created_at, last_seen, change)
            SELECT id, CASE number WHEN 1 THEN base ELSE base || '-' || number END, first_seen,
                (SELECT max(time) FROM sightings WHERE sightings.id = named.id), (SELECT change FROM counter)
            FROM named ORDER BY number, first_seen;
        INSERT OR IGNORE INTO known_datasets (id, name, created_at, last_seen, change)
            SELECT id, base || '-' || id, first_seen,
                (SELECT max(time) FROM sightings WHERE sightings.id = named.id), (SELECT change FROM counter)
            FROM named;
        UPDATE known_datasets SET profile = latest.profile, byte_count = json_extract(latest.profile, '$.byteCount'),
                row_count = json_extract(latest.profile, '$.rowCount')
            FROM (SELECT id, profile, max(time) FROM sightings WHERE profile IS NOT NULL GROUP BY id) AS latest
            WHERE latest.id = known_datasets.id;
        INSERT INTO dataset_places (dataset, path, last_seen)
            SELECT id, path, max(time) FROM sightings WHERE id IN (SELECT id FROM known_datasets) GROUP BY id, path;
        DROP TABLE sightings;
        DROP TABLE found;
        DROP TABLE named;
        """)

    /// The steps that a user keeps for the data at a path, as JSON.
    static let pipelines = Migration(
        "0039-dataset-pipelines",
        "CREATE TABLE dataset_pipelines (path TEXT PRIMARY KEY, steps TEXT NOT NULL, changed_at REAL NOT NULL) STRICT")

    /// The data set that lay at the path when its steps were kept; NULL = an earlier version kept them, or none was known.
    static let pipelineData = Migration("0040-dataset-pipeline-data", "ALTER TABLE dataset_pipelines ADD COLUMN dataset TEXT")

    /// What the user says about reading a data set, as a JSON object; NULL = nothing was ever said.
    static let reading = Migration("0008-dataset-reading", "ALTER TABLE known_datasets ADD COLUMN reading TEXT")
}
