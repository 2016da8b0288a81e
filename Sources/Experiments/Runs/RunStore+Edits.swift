import Clocks
import Databases
import Events

extension RunStore {
    /// Folds an event into a stored run and keeps it, for changes made outside a training job: the bin, and what the user says.
    /// Read and written in one transaction, so that of two who change a run at once neither loses what it said.
    ///
    /// - Parameter requiringEnd: whether the run must have ended.
    /// - Returns: the run as it is now.
    /// - Throws: `notFound`, `nameTaken` for a name that another run has, `stillRunning`.
    @discardableResult
    public func apply(_ kind: StudioEvent.Kind, to run: RunID, requiringEnd: Bool = false) throws(StoreError) -> RunSummary {
        let edited = try database.transaction { () throws(StoreError) in
            let rows = try database.rows("SELECT \(RunRow.columns) FROM runs WHERE id = ?", [.text(run.text)]) {
                (RunRow.summary($0, showingInterruption: false), RunRow.owner($0))
            }
            guard let (found, owner) = rows.first, var summary = found else { throw Self.gone(run, "apply") }
            if requiringEnd { try checkHasEnded(run) }
            let event = StudioEvent(sequence: 0, wallTime: WallClock.now(), run: run, kind: kind)
            summary.apply(event)
            let writer = RunWriter(database)
            let change = try writer.nextChange()
            switch kind {
            case .run(.edited), .run(.deleted), .run(.restored): break
            default: try writer.write(summary, owner: owner, change: change)
            }
            try names.write(summary.labels, of: run.text, change: change)
            try FeatureStoreList(database).fold(event, of: summary.record, change: change)
            return summary
        }
        RunFile.write(edited, to: workspace)
        return try self.run(run) ?? edited
    }

    /// Removes a run for good: its row and all that is kept of it. Its artifact folder is the caller's to remove.
    /// - Parameter requiringEnd: whether the run must have ended.
    /// - Throws: `stillRunning`.
    public func erase(_ run: RunID, requiringEnd: Bool = false) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            if requiringEnd { try checkHasEnded(run) }
            try FeatureStoreList(database).forget(run)
            _ = try RunWriter(database).nextChange()
        }
    }

    private func checkHasEnded(_ run: RunID) throws(StoreError) {
        guard let now = try self.run(run), !now.status.isFinal else { return }
        throw StoreError(
            code: .stillRunning,
            message: try queued(run) == nil
                ? "\(now.record.name) is still \(now.status.rawValue): stop it first"
                : "\(now.record.name) is in the host's queue: stop it first, or `descent queue cancel \(now.record.name)`",
            operation: "delete")
    }

    static func gone(_ run: RunID, _ operation: String) -> StoreError {
        StoreError(code: .notFound, message: "the run \(run) is gone from the workspace", operation: operation)
    }
}
