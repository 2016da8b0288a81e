import CheckedNumbers
import Clocks
import Events
import Experiments
import Glibc
import Serving
import Studio
import Synchronization
import Threads
import Transfers

/// Sends loads of the user's own to endpoints, over HTTP as any client does, one at a time an endpoint. What is late is left out: it never
/// sends faster than it was asked to.
// SAFETY: `threads` is behind its mutex.
final class LoadDesk: @unchecked Sendable {
    private let workspace: Workspace
    private let tell: @Sendable (Action) -> Void
    private let threads = Mutex<[String: (thread: NamedThread, end: Ending)]>([:])

    /// Requests that may be under way.
    private static let senders = 8

    /// - Parameter tell: told how loads come on.
    init(_ workspace: Workspace, tell: @escaping @Sendable (Action) -> Void) { (self.workspace, self.tell) = (workspace, tell) }

    /// Begins with a load, unless one goes on.
    func start(_ load: EndpointLoad) {
        let end = Ending()
        let old = threads.withLock { $0[load.endpoint] }
        if let old, !old.end.isOver.load(ordering: .acquiring) { return }
        old?.thread.join()
        do {
            let thread = try NamedThread(name: "load") { [self] in
                do { try send(load, end) } catch { tell(.commandRefused(CommandError(error).description)) }
                end.isOver.store(true, ordering: .releasing)
            }
            threads.withLock { $0[load.endpoint] = (thread, end) }
        } catch { tell(.commandRefused(error.description)) }
    }

    func stop(_ endpoint: String) { threads.withLock { $0[endpoint]?.end.isWanted.store(true, ordering: .releasing) } }

    func close() {
        let all = threads.withLock { threads in
            defer { threads = [:] }
            return Array(threads.values)
        }
        for (_, end) in all { end.isWanted.store(true, ordering: .releasing) }
        for (thread, _) in all { thread.join() }
    }

    // MARK: - A load's threads

    private func send(_ load: EndpointLoad, _ end: Ending) throws {
        let store = try RunStore(workspace).endpoints
        guard let record = try store.endpoint(id: load.endpoint) else { throw CommandError.failed("the endpoint is gone") }
        guard let place = try store.place(), place.isThere else { throw CommandError.failed("nobody serves \(record.name)") }
        let bodies: LoadBodies
        switch load.source {
        case .captured: bodies = try LoadBodies(capturedOf: record.name, workspace)
        case .file(let path): bodies = try LoadBodies(file: path)
        }
        let counts = Counts(EndpointLoadStanding(load, source: bodies.source))
        let sender = Sender(
            address: place.url(of: record.name), token: try ServerCredentials(workspace: workspace.path).token,
            bodies: bodies.bodies,
            rate: load.rate, end: SteadyClock.seconds() + load.seconds, ending: end, counts: counts)
        let started = SteadyClock.seconds()
        let threads = try (0..<Self.senders).map { _ in try NamedThread(name: "load sender") { sender.work() } }
        while sender.goesOn {
            usleep(250_000)
            tell(.loadChanged(counts.standing(after: SteadyClock.seconds() - started)))
        }
        for thread in threads { thread.join() }
        var standing = counts.standing(after: SteadyClock.seconds() - started)
        standing.ending = end.isWanted.load(ordering: .acquiring) ? "stopped" : "its time is over"
        tell(.loadChanged(standing))
    }

    /// Whether a load is to end, and has.
    private final class Ending: Sendable {
        let isWanted = Atomic<Bool>(false)
        let isOver = Atomic<Bool>(false)
    }

    private final class Counts: Sendable {
        private let state: Mutex<EndpointLoadStanding>

        init(_ standing: EndpointLoadStanding) { state = Mutex(standing) }

        func add(_ status: Int?) {
            state.withLock { state in
                switch status {
                case nil: state.unanswered += 1
                case .some(200..<300): state.answered += 1
                case .some: state.refused += 1
                }
            }
        }

        func standing(after seconds: Double) -> EndpointLoadStanding {
            state.withLock { state in
                state.elapsed = seconds
                return state
            }
        }
    }

    /// What each of the threads does: takes the next request's turn, waits for it, sends.
    private struct Sender: Sendable {
        let address: String, token: String
        let bodies: [LoadBodies.Body]
        let rate: Double, end: Double
        let ending: Ending
        let counts: Counts
        let next = Turn()

        var goesOn: Bool { SteadyClock.seconds() < end && !ending.isWanted.load(ordering: .acquiring) }

        func work() {
            while goesOn {
                let (number, time) = next.take(rate)
                let wait = time - SteadyClock.seconds()
                if wait > 0 { usleep(UInt32(nearestWithin: min(wait, 0.5) * 1e6)) }
                guard goesOn else { return }
                let body = bodies[number % bodies.count]
                var request = WebRequest(address)
                request.headers = ["Authorization: Bearer \(token)", "Content-Type: \(body.type)"]
                (request.body, request.seconds) = (body.bytes, 20)
                var status: Int?
                do throws(TransferError) { status = try request.send { !goesOn }.status } catch { status = nil }
                // One that was cut off by the end has failed in nobody's eyes.
                if status != nil || goesOn { counts.add(status) }
            }
        }
    }

    /// Whose turn it is, and when.
    private final class Turn: Sendable {
        private let state = Mutex((number: 0, time: 0.0))

        func take(_ rate: Double) -> (number: Int, time: Double) {
            state.withLock { state in
                let now = SteadyClock.seconds()
                // What could not be sent in time is not made up for.
                state.time = max(state.time + 1 / rate, now)
                defer { state.number += 1 }
                return (state.number, state.time)
            }
        }
    }
}
