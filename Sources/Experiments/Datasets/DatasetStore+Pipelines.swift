import Databases
import Events

extension DatasetStore {
    /// The steps that are kept for the data at a path, as JSON; nil = none are.
    public func pipeline(at path: String) throws(StoreError) -> String? {
        try database.rows("SELECT steps FROM dataset_pipelines WHERE path = ?", [.text(path)]) { $0.text(0) }.first
    }

    /// The steps that are kept for a path, when, and for what lay there then; nil = none are.
    func keptSteps(at path: String) throws(StoreError) -> (kept: DatasetVersion.KeptSteps, dataset: DatasetID?)? {
        let sql = "SELECT steps, changed_at, dataset FROM dataset_pipelines WHERE path = ?"
        return try database.rows(sql, [.text(path)]) { row in
            (DatasetVersion.KeptSteps(json: row.text(0), time: row.real(1)), row.isNull(2) ? nil : DatasetID(row.text(2)))
        }.first
    }

    /// Keeps steps for the data at a path, which is what was seen there last.
    ///
    /// - Parameters:
    ///   - steps: as JSON; nil = none from now on.
    ///   - time: in seconds since 1970.
    public func keepPipeline(_ steps: String?, at path: String, time: Double) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            guard let steps else {
                try database.run("DELETE FROM dataset_pipelines WHERE path = ?", [.text(path)])
                return
            }
            try database.run(
                """
                INSERT INTO dataset_pipelines (path, steps, changed_at, dataset) VALUES (?1, ?2, ?3,
                        (SELECT dataset FROM dataset_places WHERE path = ?1 ORDER BY last_seen DESC, rowid DESC LIMIT 1))
                    ON CONFLICT(path) DO UPDATE
                        SET steps = excluded.steps, changed_at = excluded.changed_at, dataset = excluded.dataset
                """, [.text(path), .text(steps), .real(time)])
        }
    }
}
