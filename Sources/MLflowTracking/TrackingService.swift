import Clocks
import CheckedNumbers
import Databases
import Events
import Experiments
import Interop
import JSON

/// Does what MLflow's clients ask of a workspace. Runs of theirs are ordinary runs: what they log goes the way of a job's events.
///
/// Used by one thread, which answers requests one after the other.
// SAFETY: nothing of it is touched by another thread than the server's only worker.
final class TrackingService: @unchecked Sendable {
    let store: RunStore
    let bus: EventBus
    let version: String
    /// Returns when all that was posted is in the workspace: what was acknowledged is never lost.
    let settle: @Sendable () -> Bool
    /// Runs that clients have logged to since this process began.
    var live: [RunID: LiveRun] = [:]

    var tracking: TrackingStore { store.tracking }

    init(_ workspace: Workspace, bus: EventBus, version: String, settle: @escaping @Sendable () -> Bool) throws(StoreError) {
        store = try RunStore(workspace)
        (self.bus, self.version, self.settle) = (bus, version, settle)
    }

    /// What an operation of the store means for a client.
    func stored<Result>(_ body: () throws(StoreError) -> Result) throws(TrackingError) -> Result {
        do throws(StoreError) { return try body() } catch { throw TrackingError(error) }
    }

    /// Waits until what was posted is kept.
    /// - Throws: `unavailable`, upon which clients try again.
    func keep() throws(TrackingError) {
        guard settle() else {
            throw TrackingError(.unavailable, "the workspace cannot be written now: free space on its disk, or wait")
        }
    }

    static func milliseconds(_ seconds: Double) -> Int { Int(nearestWithin: seconds * 1000) }

    // MARK: - Finding

    /// A run as the workspace has it, and in MLflow's words.
    struct Found {
        var id: RunID
        var summary: RunSummary
        var run: TrackedRun
        /// Whether a client made it.
        var isClients: Bool { summary.record.algorithm == "mlflow" && summary.record.log == nil }

        var isDeleted: Bool { summary.isDeleted }
    }

    /// - Throws: `notFound`.
    func found(_ text: String) throws(TrackingError) -> Found {
        guard let id = TrackingID.run(text), let summary = try stored({ () throws(StoreError) in try store.run(id) }) else {
            throw TrackingError(.notFound, "Run with id=\(text) not found")
        }
        return Found(id: id, summary: summary, run: try trackedRun(summary))
    }

    /// - Throws: `notFound`; `invalidParameter` for a run in the bin.
    func active(_ text: String) throws(TrackingError) -> Found {
        let found = try found(text)
        guard !found.isDeleted else {
            throw TrackingError(
                .invalidParameter, "The run \(text) must be in the 'active' state. Current state is deleted.")
        }
        return found
    }

    /// A run that a client made, whose curves and settings are its to write.
    func clientsOwn(_ text: String) throws(TrackingError) -> Found {
        let found = try active(text)
        guard found.isClients else {
            throw TrackingError(
                .invalidParameter,
                "The run \(text) (\(found.summary.record.name)) was trained by Descent: only its tags can be changed by clients of MLflow"
            )
        }
        return found
    }

    private func trackedRun(_ summary: RunSummary) throws(TrackingError) -> TrackedRun {
        if let known = try stored({ () throws(StoreError) in try tracking.run(summary.record.id) }) { return known }
        return OwnRun.tracked(summary, experiment: try experimentID(of: summary.record.experiment))
    }

    /// The number of one of the workspace's experiments; it gets one where it has none.
    func experimentID(of name: String) throws(TrackingError) -> Int {
        func known() throws(StoreError) -> Int? { try tracking.experiments().first { $0.workspaceName == name }?.id }
        if let id = try stored({ () throws(StoreError) in try known() }) { return id }
        try adoptExperiments()
        return try stored { () throws(StoreError) in try known() } ?? 0
    }

    func adoptExperiments() throws(TrackingError) {
        try stored { () throws(StoreError) in try tracking.adoptExperiments(at: Self.milliseconds(WallClock.now())) }
    }

    func write(_ found: Found) throws(TrackingError) {
        try stored { () throws(StoreError) in try tracking.write(found.run, of: found.id) }
    }
}

/// A run that a client logs to.
struct LiveRun {
    var record: RunRecord
    var spelling: MetricSpelling
    /// Points that are there already, by a hash of each: a client that did not hear an answer says them again.
    var points: Set<Int>
    var status: JobStatus
}
