import Synchronization
import Threads

/// What the supervisor asks of a job's thread, and how the thread waits while it is paused.
package final class JobControl: Sendable {
    private let requested = Atomic<Int>(JobLifecycle.ThreadRequest.run.rawValue)
    private let isHurriedFlag = Atomic<Bool>(false)
    private let wantsCheckpointFlag = Atomic<Bool>(false)
    private let changes = Mutex(Changes())
    private let hasChangesFlag = Atomic<Bool>(false)
    /// Set at every request and change, for a thread that is paused.
    private let news = ThreadSignal()

    /// Hyperparameters to be set, in the order in which they were asked for.
    private struct Changes {
        var pending: [[String: String]] = []
        var isClosed = false
    }

    package init() {}

    /// What is asked for now; costs a plain load, so the thread looks once a step.
    package var request: JobLifecycle.ThreadRequest {
        JobLifecycle.ThreadRequest(rawValue: requested.load(ordering: .relaxed)) ?? .run
    }

    package func ask(_ request: JobLifecycle.ThreadRequest) {
        requested.store(request.rawValue, ordering: .relaxed)
        news.set()
    }

    /// Whether the user does not want to wait any longer for a job that is asked to stop.
    package var isHurried: Bool { isHurriedFlag.load(ordering: .relaxed) }

    func hurry() { isHurriedFlag.store(true, ordering: .relaxed) }

    func askForCheckpoint() { wantsCheckpointFlag.store(true, ordering: .relaxed) }

    /// Whether a checkpoint was asked for since the last look; a plain load where none was, so the thread looks once a step.
    func takesCheckpointWish() -> Bool {
        wantsCheckpointFlag.load(ordering: .relaxed) && wantsCheckpointFlag.exchange(false, ordering: .relaxed)
    }

    /// Whether hyperparameters are to be changed; costs a plain load, so the thread looks once a step.
    package var hasChanges: Bool { hasChangesFlag.load(ordering: .relaxed) }

    /// Hands hyperparameters to the thread; false when the job takes none any more.
    func change(_ settings: [String: String]) -> Bool {
        let isAccepted = changes.withLock { changes in
            if !changes.isClosed { changes.pending.append(settings) }
            return !changes.isClosed
        }
        guard isAccepted else { return false }
        hasChangesFlag.store(true, ordering: .relaxed)
        // A paused thread waits for this, too.
        news.set()
        return true
    }

    /// Takes what is to be changed.
    /// - Parameter isLast: no more changes are taken afterwards.
    package func takeChanges(isLast: Bool = false) -> [[String: String]] {
        hasChangesFlag.store(false, ordering: .relaxed)
        return changes.withLock { changes in
            defer { changes.pending = [] }
            if isLast { changes.isClosed = true }
            return changes.pending
        }
    }

    /// Waits until something else than a pause, or a change, is asked for.
    func waitWhilePaused() {
        while request == .pause, !hasChanges { news.wait() }
    }
}
