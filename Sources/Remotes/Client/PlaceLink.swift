import CheckedNumbers
import Clocks
import Databases
import Events
import Experiments
import Glibc
import JSON
import Synchronization
import Threads

/// Keeps the runs of a workspace elsewhere mirrored here, connects again when the connection breaks, and hands commands over.
///
/// A thread of its own reads and writes the mirror, another one sends, so that nobody here ever waits for the network.
// SAFETY: `mirror` belongs to the reading thread once it runs; the rest is behind the mutex, or set before the threads begin.
public final class PlaceLink: @unchecked Sendable {
    public struct Options: Sendable {
        /// What the place is called here.
        public var name: String
        public var address: PlaceAddress
        /// The program there.
        public var descent = "descent"
        /// This program.
        public var own: String
        /// This program's version.
        public var version: String

        public init(name: String, address: PlaceAddress, own: String, version: String) {
            (self.name, self.address, self.own, self.version) = (name, address, own, version)
        }
    }

    private struct State {
        var standing: PlaceStanding
        var outgoing: [NearMessage] = []
        var answers: [Int: @Sendable (Answer) -> Void] = [:]
        var nextID = 1
        /// Curves that are wanted, the newest last, by what the runs are called there.
        var wanted: [Curve] = []
        var connection: FarConnection?
        var isClosed = false
        var lastHeard: Double?
    }

    private enum Answer: Sendable {
        case done
        case refused(String)
        case found(JSONValue)
    }

    private struct Curve: Hashable {
        var run: RunID
        var metric: MetricName
    }

    public let options: Options
    private let mirror: RunMirror
    private let state: Mutex<State>
    private let onStanding: @Sendable (PlaceStanding) -> Void
    private let onFact: @Sendable (StudioEvent) -> Void
    private let toSend = ThreadSignal(), toRetry = ThreadSignal()
    private var reader: NamedThread?, sender: NamedThread?

    /// Curves that are followed at once.
    private static let mostCurves = 200
    /// Messages that wait to be sent.
    private static let mostWaiting = 1000
    /// Seconds after which a place that says nothing is taken for lost: it says something every five.
    private static let patience = 20.0
    /// Seconds between signs of life.
    private static let pulse = 15.0

    /// - Parameters:
    ///   - workspace: where the place's runs are mirrored.
    ///   - onStanding: told, on threads of the link's, how the place is reached.
    ///   - onFact: told what belongs to no run.
    public init(
        _ options: Options, in workspace: Workspace, onStanding: @escaping @Sendable (PlaceStanding) -> Void,
        onFact: @escaping @Sendable (StudioEvent) -> Void
    ) throws(StoreError) {
        self.options = options
        mirror = try RunMirror(workspace, place: options.name)
        state = Mutex(
            State(standing: PlaceStanding(name: options.name, address: options.address.text, link: .connecting)))
        (self.onStanding, self.onFact) = (onStanding, onFact)
    }

    /// Whether anything of the place is here from before.
    public var isKnown: Bool { !mirror.isEmpty }

    public var standing: PlaceStanding { state.withLock { $0.standing } }

    /// Connects for the first time, while a person may be asked. Call it before `start`.
    public func connect() throws(RemoteError) {
        let connection = try open(isAttended: true)
        state.withLock { $0.connection = connection }
    }

    /// - Throws: when no thread can be made.
    public func start() throws(ThreadError) {
        reader = try NamedThread(name: "link \(options.name)", stackBytes: 1 << 20) { [self] in keepUp() }
        sender = try NamedThread(name: "to \(options.name)", stackBytes: 1 << 19) { [self] in sendUntilClosed() }
    }

    public func close() {
        let connection = state.withLock { state in
            state.isClosed = true
            return state.connection
        }
        connection?.interrupt()
        toRetry.set()
        toSend.set()
        sender?.join()
        reader?.join()
        if reader == nil { connection?.close() }
    }

    // MARK: - What is asked of the place

    /// Hands a command over.
    /// - Parameters:
    ///   - command: about runs by what they are called there.
    ///   - whenAnswered: told why it was not done; nil = it was. On a thread of the link's, or at once where the place is away.
    public func perform(_ command: StudioCommand, whenAnswered: @escaping @Sendable (String?) -> Void) {
        send({ .command(id: $0, command) }) { answer in
            if case .refused(let why) = answer { whenAnswered(why) } else { whenAnswered(nil) }
        }
    }

    /// Asks the place what only it knows.
    /// - Parameters:
    ///   - question: about a run by what it is called there.
    ///   - whenAnswered: as for `perform`.
    public func ask(_ question: FarQuestion, whenAnswered: @escaping @Sendable (Result<JSONValue, RemoteError>) -> Void) {
        send({ .ask(id: $0, question) }) { answer in
            switch answer {
            case .found(let found): whenAnswered(.success(found))
            case .refused(let why): whenAnswered(.failure(RemoteError(.refused, why)))
            case .done: whenAnswered(.failure(RemoteError(.nonsense, "the place did not answer")))
            }
        }
    }

    private func send(_ message: (Int) -> NearMessage, whenAnswered: @escaping @Sendable (Answer) -> Void) {
        let refusal: String? = state.withLock { state in
            guard !state.standing.isStale else { return "\(options.name) cannot be reached just now: try again when it is back" }
            guard state.outgoing.count < Self.mostWaiting else {
                return "\(options.name) takes no more just now: try again later"
            }
            let id = state.nextID
            state.nextID += 1
            state.answers[id] = whenAnswered
            state.outgoing.append(message(id))
            return nil
        }
        if let refusal { return whenAnswered(.refused(refusal)) }
        toSend.set()
    }

    /// Has a curve followed, from what is here of it.
    /// - Parameter run: as it is called there.
    public func want(_ run: RunID, _ metric: MetricName) {
        let curve = Curve(run: run, metric: metric)
        let isNew = state.withLock { state in
            guard !state.wanted.contains(curve) else { return false }
            state.wanted.append(curve)
            if state.wanted.count > Self.mostCurves { state.wanted.removeFirst() }
            return true
        }
        // The reading thread knows what is here of it.
        if isNew { toAsk.withLock { $0.append(curve) } }
    }

    /// Curves to ask for, once the reading thread has looked what is here of them.
    private let toAsk = Mutex<[Curve]>([])

    private func askForCurves(_ connection: FarConnection) throws(StoreError) {
        let curves = toAsk.withLock { curves in
            defer { curves = [] }
            return curves
        }
        for curve in curves {
            let end = try mirror.end(of: curve.run, curve.metric)
            state.withLock { $0.outgoing.append(.want(curve.run, curve.metric, end)) }
        }
        if !curves.isEmpty { toSend.set() }
    }

    // MARK: - Reading

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func open(isAttended: Bool) throws(RemoteError) -> FarConnection {
        let words = options.address.command(descent: options.descent, own: options.own, asks: isAttended)
        return try FarConnection(words, version: options.version, isAttended: isAttended) { !isClosed }
    }

    private func keepUp() {
        var policy = ReconnectPolicy()
        while !isClosed {
            var why: String
            do {
                let connection = try state.withLock { $0.connection } ?? open(isAttended: false)
                state.withLock { $0.connection = connection }
                why = follow(connection) { policy.reset() }
                state.withLock { $0.connection = nil }
                let complaint = connection.close()
                if let complaint, why == Self.ended { why = complaint }
            } catch { why = "\(error)" }
            guard !isClosed else { return }
            let wait = policy.wait()
            lose(why, retryingAt: WallClock.now() + wait)
            _ = toRetry.wait(untilNanoseconds: SteadyClock.nanoseconds() + UInt64(nearestWithin: wait * 1e9))
            guard !isClosed else { return }
            lose(why, retryingAt: nil)
        }
    }

    private static let ended = "the connection is closed"

    private func lose(_ why: String, retryingAt time: Double?) {
        let (standing, answers) = state.withLock { state in
            state.standing.link = .away(since: state.lastHeard, nextTry: time, why: why)
            state.outgoing = []
            defer { state.answers = [:] }
            return (state.standing, state.answers)
        }
        for answer in answers.values {
            answer(.refused("\(options.name) was lost before it answered: look whether it was done when it is back"))
        }
        onStanding(standing)
    }

    /// Reads until the connection breaks.
    /// - Returns: why it did.
    private func follow(_ connection: FarConnection, whenHeard: () -> Void) -> String {
        do {
            let change = try mirror.begin(connection.greeting.workspace)
            let standing = state.withLock { state in
                state.standing.link = .connected
                state.outgoing = [
                    .hello(protocolVersion: Greeting.protocolVersion, version: options.version, change: change)
                ]
                return state.standing
            }
            toSend.set()
            let again = state.withLock { $0.wanted }
            toAsk.withLock { $0 = again }
            onStanding(standing)
            var heard = SteadyClock.seconds()
            while !isClosed {
                try askForCurves(connection)
                let messages: [FarMessage]?
                do throws(RemoteError) { messages = try connection.messages(within: 0.1) } catch {
                    guard error.code == .unreachable else { throw error }
                    guard SteadyClock.seconds() - heard < Self.patience else {
                        return "nothing was heard for \(Int(roundedUpWithin: Self.patience)) seconds"
                    }
                    continue
                }
                guard let messages else { return Self.ended }
                heard = SteadyClock.seconds()
                state.withLock { $0.lastHeard = WallClock.now() }
                if !messages.isEmpty { whenHeard() }
                if let end = try take(messages) { return end }
            }
            return Self.ended
        } catch { return "\(error)" }
    }

    /// - Returns: why nothing more will come, where the place says so.
    private func take(_ messages: [FarMessage]) throws(StoreError) -> String? {
        var news: [WorkspaceNews] = [], end: String?
        for message in messages {
            switch message {
            case .news(let piece):
                news.append(piece)
                if case .run(let run) = piece, !run.status.isFinal { wantLosses(of: run) }
            case .answer(let id, let refusal):
                let answer = state.withLock { $0.answers.removeValue(forKey: id) }
                answer?(refusal.map { .refused($0) } ?? .done)
            case .found(let id, let found):
                let answer = state.withLock { $0.answers.removeValue(forKey: id) }
                answer?(.found(found))
            case .fact(let event): onFact(event)
            case .refused(let why): end = why
            case .alive, .transfer: break
            }
        }
        if !news.isEmpty { try mirror.take(news) }
        return end
    }

    private func wantLosses(of run: RunSummary) {
        for metric in Set([.trainLoss, .validationLoss, run.record.objective.metric]) { want(run.record.id, metric) }
    }

    // MARK: - Sending

    private func sendUntilClosed() {
        while !isClosed {
            let isAsked = toSend.wait(untilNanoseconds: SteadyClock.nanoseconds() + UInt64(nearestWithin: Self.pulse * 1e9))
            while let (message, connection) = nextToSend(orAlive: !isAsked) {
                do throws(RemoteError) { try connection.send(message) } catch {
                    connection.interrupt()
                    break
                }
                if case .alive = message { break }
            }
        }
    }

    private func nextToSend(orAlive isAlive: Bool) -> (NearMessage, FarConnection)? {
        state.withLock { state in
            guard !state.isClosed, let connection = state.connection, state.standing.link == .connected else { return nil }
            if !state.outgoing.isEmpty { return (state.outgoing.removeFirst(), connection) }
            return isAlive ? (.alive, connection) : nil
        }
    }
}
