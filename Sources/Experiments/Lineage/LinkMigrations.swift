import Databases

/// The table of what led to what.
enum LinkMigrations {
    /// Links of the runs there are come from their records. A run with a file of its own to validate with has the fingerprints of both
    /// files in one, 16 digits each.
    static let links = Migration(
        "0006-links",
        """
        CREATE TABLE links (
            kind TEXT NOT NULL, from_kind TEXT NOT NULL, from_id TEXT NOT NULL, to_kind TEXT NOT NULL, to_id TEXT NOT NULL,
            created_at REAL NOT NULL, detail TEXT) STRICT;
        CREATE UNIQUE INDEX links_from ON links(from_kind, from_id, kind, to_kind, to_id);
        CREATE INDEX links_to ON links(to_kind, to_id, kind);
        CREATE TEMP TABLE known_records AS SELECT
            id, created_at, json_extract(record, '$.parent') AS parent, json_extract(record, '$.parentStep') AS parent_step,
            json_extract(record, '$.reproduces') AS original, json_extract(record, '$.dataFingerprint') AS fingerprint,
            json_extract(record, '$.request.datasetPath') AS path,
            json_extract(record, '$.request.validationPath') AS validation_path
            FROM runs WHERE json_valid(record);
        INSERT OR IGNORE INTO links
            SELECT 'forkedFrom', 'run', parent, 'run', id, created_at, json_object('step', parent_step)
            FROM known_records WHERE parent IS NOT NULL;
        INSERT OR IGNORE INTO links
            SELECT 'reproduces', 'run', original, 'run', id, created_at, NULL
            FROM known_records WHERE original IS NOT NULL;
        INSERT OR IGNORE INTO links
            SELECT 'validatedOn', 'dataset', substr(fingerprint, 17), 'run', id, created_at, json_object('path', validation_path)
            FROM known_records WHERE validation_path IS NOT NULL AND length(fingerprint) = 32;
        INSERT OR IGNORE INTO links
            SELECT 'trainedOn', 'dataset',
                CASE WHEN validation_path IS NOT NULL AND length(fingerprint) = 32 THEN substr(fingerprint, 1, 16)
                    ELSE fingerprint END,
                'run', id, created_at, json_object('path', path)
            FROM known_records WHERE fingerprint <> '';
        DROP TABLE known_records;
        """)
}
