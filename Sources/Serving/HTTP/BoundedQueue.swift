import Glibc

/// A queue between threads that never has more than so many elements: who adds is told at once whether there was room.
// SAFETY: the mutex guards everything that changes; both pthread objects stay at one address for the object's life.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private let capacity: Int
    /// A ring of `capacity` places.
    private var elements: [Element?]
    private var first = 0
    private var size = 0
    private var isClosed = false

    init(capacity: Int) {
        self.capacity = capacity
        elements = Array(repeating: nil, count: capacity)
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

    /// - Returns: whether there was room.
    func add(_ element: Element) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isClosed, size < capacity else { return false }
        elements[(first + size) % capacity] = element
        size += 1
        pthread_cond_signal(condition)
        return true
    }

    /// Waits for the next element; nil once the queue is closed and empty.
    func take() -> Element? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while size == 0, !isClosed { pthread_cond_wait(condition, mutex) }
        return removeFirst()
    }

    /// All that is there now, without waiting.
    func takeAll() -> [Element] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var all: [Element] = []
        all.reserveCapacity(size)
        while let element = removeFirst() { all.append(element) }
        return all
    }

    var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return size
    }

    /// Takes no more; what is there can still be taken.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    private func removeFirst() -> Element? {
        guard size > 0 else { return nil }
        defer {
            elements[first] = nil
            first = (first + 1) % capacity
            size -= 1
        }
        return elements[first]
    }
}
