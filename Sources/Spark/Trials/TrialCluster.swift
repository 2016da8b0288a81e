import JSON
import Synchronization
import Threads

/// A cluster whose tasks are trials of a search: one session of Spark for all of them, on a thread of its own. From any thread.
///
/// The session is begun with the first trial. What a trial says waits until somebody asks for it.
package final class TrialCluster: Sendable {
    /// What is heard of a trial.
    enum News: Sendable {
        /// A task runs it, the so many-th from 0, on some host.
        case begun(attempt: Int, host: String)
        /// A line of its process, in the so many-th attempt.
        case line(String, attempt: Int)
        /// It is over; nil = its process said how.
        case ended(SparkFault?)
    }

    private struct Trial {
        var heard: [News] = []
        let signal = ThreadSignal()
    }

    private struct State {
        var trials: [String: Trial] = [:]
        /// What is to be asked of the driver next.
        var requests: [(op: String, members: [JSONValue.Member])] = []
        var thread: NamedThread?
        var isClosed = false
        /// Why there is no session any more.
        var fault: SparkFault?
    }

    private let errand: SparkErrand
    private let state = Mutex(State())

    /// - Parameter errand: how Spark is begun.
    package init(_ errand: SparkErrand) { self.errand = errand }

    /// Queues a trial.
    ///
    /// - Parameters:
    ///   - program: this program, as executors find it; `folder` what it writes to, `document` what it is to do.
    /// - Throws: `failed` where there can be no session.
    func begin(_ trial: String, program: String, folder: String, document: String) throws(SparkFault) {
        let members: [JSONValue.Member] = [
            .init("trial", .string(trial)), .init("program", .string(program)), .init("folder", .string(folder)),
            .init("document", .string(document)),
        ]
        let fault = state.withLock { state -> SparkFault? in
            if let fault = state.fault { return fault }
            state.trials[trial] = Trial()
            state.requests.append(("trial", members))
            return startThread(&state)
        }
        if let fault { throw fault }
    }

    private func startThread(_ state: inout State) -> SparkFault? {
        guard state.thread == nil else { return nil }
        do throws(ThreadError) {
            state.thread = try NamedThread(name: "spark trials") { [self] in attend() }
            return nil
        } catch { return SparkFault(.failed, error.description) }
    }

    /// Hands a line to a trial: `stop`, `pause`, `resume`, or settings as JSON.
    func tell(_ trial: String, _ line: String) {
        state.withLock { $0.requests.append(("tell", [.init("trial", .string(trial)), .init("line", .string(line))])) }
    }

    /// What was heard of a trial since the last time, as soon as there is something, or after a twentieth of a second.
    func hear(_ trial: String, deadlineNanoseconds: UInt64) -> [News] {
        let signal = state.withLock { $0.trials[trial]?.signal }
        _ = signal?.wait(untilNanoseconds: deadlineNanoseconds)
        return state.withLock { state in
            defer { state.trials[trial]?.heard = [] }
            return state.trials[trial]?.heard ?? [.ended(state.fault)]
        }
    }

    /// Forgets a trial that is over.
    func forget(_ trial: String) { state.withLock { $0.trials[trial] = nil } }

    /// Ends the session, and every trial that still runs with it.
    package func close() {
        let thread = state.withLock { state in
            state.isClosed = true
            return state.thread
        }
        thread?.join()
    }

    // MARK: - The session's thread

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func attend() {
        do throws(SparkFault) {
            try errand.begin(isStopped: { self.isClosed }, news: { self.take($0) }) { driver throws(SparkFault) in
                while !isClosed {
                    let requests = state.withLock { state in
                        defer { state.requests = [] }
                        return state.requests
                    }
                    for request in requests {
                        _ = try driver.ask(request.op, request.members, isStopped: { isClosed }, news: take)
                    }
                    try driver.listen(milliseconds: 50, news: take)
                }
            }
            end(SparkFault(.stopped, "stopped"))
        } catch { end(error) }
    }

    private func end(_ fault: SparkFault) {
        state.withLock { state in
            state.fault = fault
            for trial in state.trials.keys {
                state.trials[trial]?.heard.append(.ended(fault))
                state.trials[trial]?.signal.set()
            }
        }
    }

    private func take(_ news: JSONValue) {
        guard news["kind"]?.string == "trial", let trial = news["trial"]?.string, let heard = Self.news(news) else { return }
        state.withLock { state in
            state.trials[trial]?.heard.append(heard)
            state.trials[trial]?.signal.set()
        }
    }

    private static func news(_ value: JSONValue) -> News? {
        if value["ended"]?.boolean == true {
            guard let error = value["error"], let message = error["message"]?.string else { return .ended(nil) }
            return .ended(SparkFault(SparkFault.Code(rawValue: error["code"]?.string ?? "") ?? .failed, message))
        }
        guard let attempt = value["attempt"]?.integer else { return nil }
        if let line = value["line"]?.string { return .line(line, attempt: attempt) }
        return value["host"]?.string.map { .begun(attempt: attempt, host: $0) }
    }
}
