import Databases

extension DatasetStore {
    /// The steps that are kept for the data at a path, as JSON; nil = none are.
    public func pipeline(at path: String) throws(StoreError) -> String? {
        try database.rows("SELECT steps FROM dataset_pipelines WHERE path = ?", [.text(path)]) { $0.text(0) }.first
    }

    /// Keeps steps for the data at a path.
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
                INSERT INTO dataset_pipelines VALUES (?, ?, ?)
                    ON CONFLICT(path) DO UPDATE SET steps = excluded.steps, changed_at = excluded.changed_at
                """, [.text(path), .text(steps), .real(time)])
        }
    }
}
