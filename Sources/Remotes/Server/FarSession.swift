import CheckedNumbers
import Clocks
import Databases
import Events
import Experiments
import Glibc
import JSON
import Synchronization
import Threads

/// The far end: tells what changes in a workspace to whoever is at the other end of a pipe, and carries out what is asked.
///
/// The thread that calls `run` alone writes, one piece after the other and always the newest: where the pipe is slow nothing piles up.
/// A second thread reads, a third one carries out commands in their order.
// SAFETY: what threads share is behind the mutex; `intakes` belong to the reading thread, `reader` and `outgoing` to the writing one.
public final class FarSession: @unchecked Sendable {
    /// What a session is given by the program.
    public struct Work: Sendable {
        public var version: String
        /// Whether the workspace has a host.
        public var hasHost: @Sendable () -> Bool
        /// Carries out a command, on a thread of its own.
        public var carryOut: @Sendable (StudioCommand) throws -> Void
        /// Answers a question about a run's files, on the same thread.
        public var find: @Sendable (FarQuestion) throws -> JSONValue
        /// What an error means, in words for the user.
        public var words: @Sendable (any Error) -> String
        /// The files of a run: names below its folder.
        public var files: @Sendable (String) -> [(name: String, byteCount: Int)]
        /// Ends the program, where the other end is gone but something waits to be read by it.
        public var giveUp: @Sendable () -> Void

        public init(
            version: String, hasHost: @escaping @Sendable () -> Bool,
            carryOut: @escaping @Sendable (StudioCommand) throws -> Void,
            find: @escaping @Sendable (FarQuestion) throws -> JSONValue, words: @escaping @Sendable (any Error) -> String,
            files: @escaping @Sendable (String) -> [(name: String, byteCount: Int)], giveUp: @escaping @Sendable () -> Void
        ) {
            (self.version, self.hasHost, self.carryOut, self.words) = (version, hasHost, carryOut, words)
            (self.find, self.files, self.giveUp) = (find, files, giveUp)
        }
    }

    private struct State {
        var hello: (version: Int, name: String, change: Int?)?
        var wants: [NearMessage] = []
        /// Commands and questions.
        var asked: [NearMessage] = []
        var fetches: [(id: Int, run: String)] = []
        var answers: [FarMessage] = []
        var isOver = false
    }

    private let workspace: Workspace
    private let input: Int32, output: Int32
    private let work: Work
    private let state = Mutex(State())
    private let news = ThreadSignal(), hasCommand = ThreadSignal(), hasRoom = ThreadSignal(), hasTold = ThreadSignal()
    private var intakes: [Int: RunIntake] = [:]
    private var outgoing: [(id: Int, run: RunOutgoing)] = []

    /// What waits of what was asked: whoever asks faster waits.
    private static let mostWaiting = 1000
    /// - Units: seconds.
    private static let pulse = 5.0, patience = 120.0

    public init(_ workspace: Workspace, input: Int32, output: Int32, work: Work) {
        (self.workspace, self.input, self.output, self.work) = (workspace, input, output, work)
    }

    /// Tells a fact that belongs to no run.
    public func tell(_ fact: StudioEvent) { answer(.fact(fact)) }

    /// Works until the other end is gone.
    public func run() throws {
        let store = try RunStore(reading: workspace)
        let greeting = Greeting(version: work.version, workspace: WorkspaceNewsReader.identity(of: workspace))
        try LineWriter.write(greeting.line, to: output)
        let listening = try NamedThread(name: "near end", stackBytes: 1 << 20) { [self] in listen() }
        let working = try NamedThread(name: "commands") { [self] in carryOut() }
        let watcher = try WorkspaceWatcher(workspace) { [news] in news.set() }
        defer {
            end()
            hasTold.set()
            watcher.close()
            working.join()
            listening.join()
        }
        guard let hello = waitForHello() else { return }
        guard hello.version == Greeting.protocolVersion else {
            let why =
                "this is descent \(work.version), version \(Greeting.protocolVersion) of the protocol; descent \(hello.name) speaks "
                + "version \(hello.version): have the same descent on both machines"
            return try write(.refused(why))
        }
        try tellUntilOver(store, changedAfter: hello.change)
    }

    private func waitForHello() -> (version: Int, name: String, change: Int?)? {
        while true {
            let (hello, isOver) = state.withLock { ($0.hello, $0.isOver) }
            if let hello { return hello }
            if isOver { return nil }
            news.wait()
        }
    }

    // MARK: - Telling

    private func tellUntilOver(_ store: RunStore, changedAfter change: Int?) throws {
        let reader = WorkspaceNewsReader(store, changedAfter: change ?? -1, hasHost: work.hasHost)
        let tell = { [self] (news: WorkspaceNews) throws in
            try writeAnswers()
            try write(.news(news))
        }
        if change != nil { try reader.tellAll(tell) }
        var lastPulse = SteadyClock.seconds(), lastLook = lastPulse, hasMore = false
        while !isOver {
            if !hasMore, outgoing.isEmpty {
                // Company gathers; what is asked is answered at once.
                _ = news.wait(untilNanoseconds: SteadyClock.nanoseconds() + 1_000_000_000)
            }
            try writeAnswers()
            for want in takeWants() {
                if case .want(let run, let metric, let end) = want { reader.want(run, metric, from: end) }
            }
            if change != nil { try reader.tellChanges(tell) }
            hasMore = try reader.tellCurves(tell)
            if change != nil, try reader.tellRecords(tell) { hasMore = true }
            try writeCopies(store)
            let now = SteadyClock.seconds()
            if now - lastLook > 1 {
                lastLook = now
                try reader.tellInterrupted(tell)
            }
            if now - lastPulse > Self.pulse {
                lastPulse = now
                try write(.alive)
            }
        }
    }

    private func write(_ message: FarMessage) throws(RemoteError) { try LineWriter.write(message.json, to: output) }

    private func writeAnswers() throws(RemoteError) {
        let answers = state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
        for answer in answers { try write(answer) }
    }

    private func answer(_ message: FarMessage) {
        state.withLock { $0.answers.append(message) }
        news.set()
    }

    private func takeWants() -> [NearMessage] {
        state.withLock { state in
            defer { state.wants = [] }
            return state.wants
        }
    }

    // MARK: - Copies

    /// One piece of each copy: what else happens is told between them.
    private func writeCopies(_ store: RunStore) throws {
        let fetches = state.withLock { state in
            defer { state.fetches = [] }
            return state.fetches
        }
        for (id, name) in fetches {
            do {
                let run = try store.run(named: name)
                let files = work.files(workspace.artifactFolder(of: run.record.id.text))
                outgoing.append((id, RunOutgoing(store, run, files: files, portion: RunTransfer.mostBytes)))
            } catch { try write(.answer(id: id, refusal: work.words(error))) }
        }
        for (id, run) in outgoing {
            do {
                guard let piece = try run.next() else {
                    outgoing.removeAll { $0.id == id }
                    try write(.transfer(.end(id: id, bytes: run.byteCount)))
                    continue
                }
                try write(.transfer(RunTransfer(id: id, piece)))
            } catch let error as StoreError {
                outgoing.removeAll { $0.id == id }
                try write(.answer(id: id, refusal: work.words(error)))
            }
        }
    }

    private func take(_ transfer: RunTransfer) {
        let id: Int
        switch transfer {
        case .news(let number, _), .file(let number, _, _, _), .end(let number, _): id = number
        }
        do {
            let intake: RunIntake
            if let known = intakes[id] {
                intake = known
            } else {
                // What was refused goes on coming for a while.
                guard case .news(_, .run) = transfer, intakes.count < 16 else { return }
                intake = try RunIntake(workspace, number: id)
                intakes[id] = intake
            }
            switch transfer {
            case .news(_, let news): try intake.take(news)
            case .file(_, let name, let offset, let bytes): try intake.take(file: name, offset: offset, bytes)
            case .end:
                _ = try intake.finish()
                intakes[id] = nil
                answer(.answer(id: id, refusal: nil))
            }
        } catch {
            intakes[id] = nil
            answer(.answer(id: id, refusal: work.words(error)))
        }
    }

    // MARK: - What is asked

    private var isOver: Bool { state.withLock { $0.isOver } }

    private func end() {
        state.withLock { $0.isOver = true }
        for signal in [news, hasCommand, hasRoom] { signal.set() }
    }

    private func listen() {
        let lines = LineReader(input)
        var heard = SteadyClock.seconds()
        reading: while !isOver {
            let read: [String]?
            do throws(RemoteError) { read = try lines.lines(within: 1) } catch {
                if error.code == .unreachable, SteadyClock.seconds() - heard < Self.patience { continue }
                break
            }
            guard let read else { break }
            heard = SteadyClock.seconds()
            for line in read {
                // Something else than the near end of this protocol is not listened to.
                guard let message = Self.message(line) else { break reading }
                take(message)
            }
        }
        intakes = [:]
        end()
        // Nobody may ever read what is being written.
        if !hasTold.wait(untilNanoseconds: SteadyClock.nanoseconds() + 5_000_000_000) { work.giveUp() }
    }

    private static func message(_ line: String) -> NearMessage? {
        do { return NearMessage(json: try JSONValue(parsing: line)) } catch { return nil }
    }

    private func take(_ message: NearMessage) {
        if case .transfer(let transfer) = message { return take(transfer) }
        while state.withLock({ $0.asked.count + $0.wants.count + $0.fetches.count >= Self.mostWaiting && !$0.isOver }) {
            _ = hasRoom.wait(untilNanoseconds: SteadyClock.nanoseconds() + 100_000_000)
        }
        state.withLock { state in
            switch message {
            case .hello(let number, let version, let change):
                state.hello = (number, String(version.prefix(40)), change.map { max(-1, $0) })
            case .want: state.wants.append(message)
            case .command, .ask: state.asked.append(message)
            case .fetch(let id, let run): state.fetches.append((id, run))
            case .transfer, .alive: break
            }
        }
        switch message {
        case .command, .ask: hasCommand.set()
        default: news.set()
        }
    }

    private func carryOut() {
        while !isOver {
            guard let message = state.withLock({ $0.asked.isEmpty ? nil : $0.asked.removeFirst() }) else {
                hasCommand.wait()
                continue
            }
            switch message {
            case .command(let id, let command):
                var refusal: String?
                do { try work.carryOut(command) } catch { refusal = work.words(error) }
                answer(.answer(id: id, refusal: refusal))
            case .ask(let id, let question):
                do { answer(.found(id: id, try work.find(question))) } catch {
                    answer(.answer(id: id, refusal: work.words(error)))
                }
            default: break
            }
        }
    }
}

extension RunTransfer {
    public init(id: Int, _ piece: RunOutgoing.Piece) {
        switch piece {
        case .news(let news): self = .news(id: id, news)
        case .file(let name, let offset, let bytes): self = .file(id: id, name: name, offset: offset, bytes)
        }
    }
}
