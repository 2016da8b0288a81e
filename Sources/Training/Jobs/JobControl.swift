import Glibc
import Synchronization

/// What the supervisor asks of a job's thread, and how the thread waits while it is paused.
// SAFETY: the mutex guards nothing but the waiting; the request itself is an atomic. Both pthread objects stay at one address.
final class JobControl: @unchecked Sendable {
    private let requested = Atomic<Int>(JobLifecycle.ThreadRequest.run.rawValue)
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

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

    /// Waits until something else than a pause is asked for.
    func waitWhilePaused() {
        pthread_mutex_lock(mutex)
        while request == .pause { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }
}
