import Databases
import Events

extension TuningStore {
    /// The runs of a job's best configurations on fresh seeds, in the order in which they began.
    public func confirmations(of tuning: String) throws(StoreError) -> [TuningConfirmation] {
        let sql = "SELECT trial, seed, run, outcome, value FROM tuning_confirmations WHERE tuning = ? ORDER BY id"
        return try database.rows(sql, [.text(tuning)]) { row in
            var found = TuningConfirmation(
                trial: row.integer(0), seed: UInt64(row.text(1)) ?? 0, run: RunID(row.text(2)))
            (found.outcome, found.value) = (TuningTrial.Outcome(rawValue: row.text(3)), row.optionalReal(4))
            return found
        }
    }

    /// Keeps one that is about to begin.
    public func add(_ confirmation: TuningConfirmation, to tuning: String) throws(StoreError) {
        try database.run(
            "INSERT INTO tuning_confirmations (tuning, trial, seed, run) VALUES (?, ?, ?, ?)",
            [
                .text(tuning), .integer(confirmation.trial), .text(String(confirmation.seed)), .text(confirmation.run.text),
            ])
    }

    /// Keeps what came of one.
    public func end(_ confirmation: TuningConfirmation, of tuning: String) throws(StoreError) {
        try database.run(
            "UPDATE tuning_confirmations SET outcome = ?, value = ? WHERE tuning = ? AND run = ?",
            [
                .optional(confirmation.outcome?.rawValue), .optional(confirmation.value), .text(tuning),
                .text(confirmation.run.text),
            ])
    }
}
