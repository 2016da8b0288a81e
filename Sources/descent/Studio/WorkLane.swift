import Synchronization
import Threads

/// A thread that does one piece of work after the other, in the order in which they were added.
final class WorkLane: Sendable {
    private struct Piece {
        var key: String?
        var work: @Sendable () throws -> Void
    }

    private struct Queue {
        var pieces: [Piece] = []
        var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let filled = ThreadSignal()
    private let thread = Mutex<NamedThread?>(nil)

    /// - Parameter onFailure: called on the lane's thread with what a piece of work threw.
    /// - Throws: when no thread can be made.
    init(name: String, onFailure: @escaping @Sendable (any Error) -> Void) throws(ThreadError) {
        let thread = try NamedThread(name: name) { [self] in
            while let work = next() {
                do { try work() } catch { onFailure(error) }
            }
        }
        self.thread.withLock { $0 = thread }
    }

    /// - Parameter key: work that waits under the same key is forgotten: the newest answers for all.
    func add(replacing key: String? = nil, _ work: @escaping @Sendable () throws -> Void) {
        queue.withLock { queue in
            guard !queue.isClosed else { return }
            if let key { queue.pieces.removeAll { $0.key == key } }
            queue.pieces.append(Piece(key: key, work: work))
        }
        filled.set()
    }

    /// Forgets what waits under a key.
    func remove(_ key: String) { queue.withLock { $0.pieces.removeAll { $0.key == key } } }

    /// Waits until what was added before is done.
    func waitUntilIdle() {
        let isDone = ThreadSignal()
        let isAdded = queue.withLock { queue in
            if !queue.isClosed { queue.pieces.append(Piece(key: nil) { isDone.set() }) }
            return !queue.isClosed
        }
        guard isAdded else { return }
        filled.set()
        isDone.wait()
    }

    /// Does something on the lane, after what was added before, and waits for it. Not from the lane itself.
    /// - Throws: what the work throws; `failed` where the lane is closed.
    func carryOut<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) throws -> Result {
        let isDone = ThreadSignal(), outcome = Outcome<Result>()
        let isAdded = queue.withLock { queue in
            if !queue.isClosed {
                queue.pieces.append(
                    Piece(key: nil) {
                        outcome.value.withLock { $0 = Swift.Result(catching: work) }
                        isDone.set()
                    })
            }
            return !queue.isClosed
        }
        guard isAdded else { throw CommandError.failed("the program is about to end") }
        filled.set()
        isDone.wait()
        guard let found = outcome.value.withLock({ $0 }) else { preconditionFailure("work that was done has no outcome") }
        return try found.get()
    }

    /// Does what is waiting and ends the thread.
    func close() {
        queue.withLock { $0.isClosed = true }
        filled.set()
        thread.withLock { $0 }?.join()
    }

    /// Forgets what is waiting and does not wait for what is being done: nobody is there any more to see its answer.
    func abandon() {
        queue.withLock { queue in
            queue.isClosed = true
            queue.pieces = []
        }
        filled.set()
    }

    /// Waits for the next piece of work; nil at the end.
    private func next() -> (@Sendable () throws -> Void)? {
        while true {
            let (piece, isClosed) = queue.withLock { queue in
                (queue.pieces.isEmpty ? nil : queue.pieces.removeFirst(), queue.isClosed)
            }
            if let piece { return piece.work }
            if isClosed { return nil }
            filled.wait()
        }
    }
}

/// What came of a piece of work that somebody waits for.
private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
}
