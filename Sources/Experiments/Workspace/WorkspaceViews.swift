import Databases

/// What a workspace's database shows of itself to programs that ask in SQL: runs, what they measured and were set to, and kept models. Their
/// columns stay; new ones come at the end.
enum WorkspaceViews {
    /// Numbers that are none are NULL; times are texts in UTC, which SQLite's functions and other programs read.
    static let views = Migration(
        "0033-views",
        """
        CREATE VIEW v_runs AS SELECT
            id AS run, name, json_extract(record, '$.experiment') AS experiment, json_extract(record, '$.algorithm') AS algorithm,
            status, reason, json_extract(record, '$.request.datasetPath') AS dataset,
            json_extract(record, '$.request.target') AS target, json_extract(record, '$.objective.metric') AS objective,
            best_objective, best_step, step, epoch, datetime(created_at, 'unixepoch') AS created,
            datetime(started_at, 'unixepoch') AS started, datetime(finished_at, 'unixepoch') AS finished,
            finished_at - started_at AS seconds, alert_count AS alerts, tags, note, is_archived AS archived
            FROM runs WHERE is_deleted = 0;
        CREATE VIEW v_metrics AS SELECT
            runs.id AS run, runs.name AS name, entry.key AS metric,
            CASE WHEN typeof(entry.value) IN ('real', 'integer') THEN CAST(entry.value AS REAL) END AS value
            FROM runs, json_each(runs.last_metrics) AS entry WHERE runs.is_deleted = 0;
        CREATE VIEW v_hyperparameters AS SELECT
            runs.id AS run, runs.name AS name, entry.key AS hyperparameter, entry.value AS value
            FROM runs, json_each(runs.record, '$.hyperparameters') AS entry WHERE runs.is_deleted = 0;
        CREATE VIEW v_curves AS SELECT
            runs.id AS run, runs.name AS name, metrics.name AS metric, sum(chunks.count) AS points,
            min(chunks.first_step) AS first_step, max(chunks.last_step) AS last_step, min(chunks.low) AS lowest,
            max(chunks.high) AS highest
            FROM runs JOIN metrics ON metrics.run = runs.id JOIN chunks ON chunks.metric = metrics.id
            WHERE runs.is_deleted = 0 GROUP BY metrics.id;
        CREATE VIEW v_models AS SELECT
            id AS model, name, version, approval AS status, source, source_id AS run,
            json_extract(request, '$.algorithm') AS algorithm, json_extract(request, '$.target') AS target, note,
            datetime(created_at, 'unixepoch') AS created, datetime(approved_at, 'unixepoch') AS approved
            FROM model_versions;
        """)
}
