import Glibc
import Synchronization

/// What the supervisor asks of a job's thread, and how the thread waits while it is paused.
// SAFETY: the pthread mutex guards nothing but the waiting; the request itself is an atomic. Both pthread objects stay at one address.
final class JobControl: @unchecked Sendable {
    private let requested = Atomic<Int>(JobLifecycle.ThreadRequest.run.rawValue)
    private let changes = Mutex(Changes())
    private let hasChangesFlag = Atomic<Bool>(false)
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Hyperparameters to be set, in the order in which they were asked for.
    private struct Changes {
        var pending: [[String: String]] = []
        var isClosed = false
    }

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// What is asked for now; costs a plain load, so the thread looks once a step.
    var request: JobLifecycle.ThreadRequest {
        JobLifecycle.ThreadRequest(rawValue: requested.load(ordering: .relaxed)) ?? .run
    }

    func ask(_ request: JobLifecycle.ThreadRequest) {
        pthread_mutex_lock(mutex)
        requested.store(request.rawValue, ordering: .relaxed)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Whether hyperparameters are to be changed; costs a plain load, so the thread looks once a step.
    var hasChanges: Bool { hasChangesFlag.load(ordering: .relaxed) }

    /// Hands hyperparameters to the thread; false when the job takes none any more.
    func change(_ settings: [String: String]) -> Bool {
        let isAccepted = changes.withLock { changes in
            if !changes.isClosed { changes.pending.append(settings) }
            return !changes.isClosed
        }
        guard isAccepted else { return false }
        hasChangesFlag.store(true, ordering: .relaxed)
        // A paused thread waits for this, too.
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
        return true
    }

    /// Takes what is to be changed.
    /// - Parameter isLast: no more changes are taken afterwards.
    func takeChanges(isLast: Bool = false) -> [[String: String]] {
        hasChangesFlag.store(false, ordering: .relaxed)
        return changes.withLock { changes in
            defer { changes.pending = [] }
            if isLast { changes.isClosed = true }
            return changes.pending
        }
    }

    /// Waits until something else than a pause, or a change, is asked for.
    func waitWhilePaused() {
        pthread_mutex_lock(mutex)
        while request == .pause, !hasChanges { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }
}
