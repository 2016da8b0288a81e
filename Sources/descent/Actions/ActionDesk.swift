import Actions
import CheckedNumbers
import Clocks
import Events
import Experiments
import Glibc
import Synchronization
import Threads
import Training

/// Takes the actions that follow from what rules find in the runs of this process, on a thread of its own: what is done to runs at
/// once, notices by their channels.
///
/// Nobody waits for it but who asks to.
// SAFETY: `thread` is written in init; `runs`, `alerts` and `post` are used by the desk's thread alone, and the rest is behind its mutex.
final class ActionDesk: EventSubscriber, @unchecked Sendable {
    private struct Inbox {
        var events: [StudioEvent] = []
        var results: [NoticePost.Result] = []
        /// Of alarms.
        var changes: [StateChange] = []
        var isWorking = false
        var isClosed = false
        /// How many notices are being sent, and when the next one is due; nil = none waits.
        var standing = NoticePost.Standing()
    }

    private let bus: EventBus
    private let supervisor: JobSupervisor
    private let inbox = Mutex(Inbox())
    private let news = ThreadSignal()
    private var thread: NamedThread?
    private var runs: [RunID: (record: RunRecord, statements: [ActionStatement])] = [:]
    private var alerts: [AlertReference: Alert] = [:]
    private let post: NoticePost
    private let terminal = TerminalOutlet()

    /// - Throws: when no thread can be made.
    init(_ workspace: Workspace, bus: EventBus, supervisor: JobSupervisor) throws(ThreadError) {
        (self.bus, self.supervisor) = (bus, supervisor)
        let results = Results()
        post = NoticePost(
            workspace,
            NoticeSender(Surroundings(environment: ProcessEnvironment.variables, folder: workspace.path)) {
                [terminal] in terminal.show($0)
            }, bus: bus
        ) { results.add($0) }
        results.open { [unowned self] result in
            inbox.withLock { $0.results.append(result) }
            news.set()
        }
        thread = try NamedThread(name: "actions", stackBytes: 1 << 20) { [unowned self] in work() }
        bus.subscribe(self)
    }

    /// Says how something is shown at the terminal of this process; until then there is none.
    func showAtTerminal(_ show: @escaping @Sendable (TerminalNotice) -> Bool) { terminal.set(show) }

    func deliver(_ batch: EventBatch) {
        let wanted = batch.events.filter { event in
            switch event.kind {
            case .run(.registered), .debugger(.alertRaised), .debugger(.ruleEvaluated), .job(.finished): event.run != nil
            default: false
            }
        }
        guard !wanted.isEmpty else { return }
        inbox.withLock { $0.events += wanted }
        news.set()
    }

    /// An alarm stands otherwise than before.
    func hear(_ change: StateChange) {
        inbox.withLock { $0.changes.append(change) }
        news.set()
    }

    /// Waits until what follows from all that was posted is done, notices that fail but once; at most some seconds.
    func settle(patience seconds: Double) { wait(seconds) { $0.sendingCount == 0 } }

    /// Waits also for notices that are tried again shortly.
    /// - Returns: how many still wait.
    func finish(patience seconds: Double, unless isLeft: () -> Bool) -> Int {
        let deadline = SteadyClock.seconds() + seconds
        wait(seconds, unless: isLeft) { standing in
            standing.sendingCount == 0
                && (standing.nextTime.map { $0 - WallClock.now() > deadline - SteadyClock.seconds() } ?? true)
        }
        return inbox.withLock { $0.standing.waitingCount }
    }

    private func wait(_ seconds: Double, unless isLeft: () -> Bool = { false }, until isDone: (NoticePost.Standing) -> Bool) {
        bus.flush()
        let deadline = SteadyClock.seconds() + seconds
        while SteadyClock.seconds() < deadline, !isLeft() {
            let (isIdle, standing) = inbox.withLock { inbox in
                (
                    inbox.events.isEmpty && inbox.results.isEmpty && inbox.changes.isEmpty && !inbox.isWorking, inbox.standing
                )
            }
            if isIdle, isDone(standing) { return }
            usleep(2_000)
        }
    }

    /// Ends the thread. What is still to be told waits for the next process.
    func close() {
        settle(patience: 1)
        bus.unsubscribe(self)
        post.cancel()
        inbox.withLock { $0.isClosed = true }
        news.set()
        thread?.join()
        thread = nil
    }

    // MARK: - The desk's thread

    private func work() {
        while true {
            let (events, changes, results, isClosed) = inbox.withLock { inbox in
                defer { (inbox.events, inbox.changes, inbox.results, inbox.isWorking) = ([], [], [], true) }
                return (inbox.events, inbox.changes, inbox.results, inbox.isClosed)
            }
            for event in events { observe(event) }
            if !changes.isEmpty { act(onAlarms: changes) }
            for result in results { post.conclude(result) }
            let standing = isClosed ? post.standing : post.dispatch()
            inbox.withLock { ($0.standing, $0.isWorking) = (standing, false) }
            if isClosed, standing.sendingCount == 0 { return post.close() }
            // Others may have left something, and a clock may have been set.
            let seconds = min(max(0.02, standing.nextTime.map { $0 - WallClock.now() } ?? Self.longestSleep), Self.longestSleep)
            _ = news.wait(untilNanoseconds: SteadyClock.nanoseconds() + UInt64(nearestWithin: seconds * 1e9))
        }
    }

    private static let longestSleep = 60.0

    private func observe(_ event: StudioEvent) {
        guard let run = event.run else { return }
        switch event.kind {
        case .run(.registered(let record)):
            let statements =
                record.origin == .watched ? post.actions().statements : record.request.actions.compactMap(Self.statement)
            if !statements.isEmpty { runs[run] = (record, statements) }
        case .debugger(.alertRaised(let alert)):
            if runs[run] != nil { alerts[AlertReference(run: run, rule: alert.rule)] = alert }
        case .debugger(.ruleEvaluated(let evaluation)):
            guard let (record, statements) = runs[run] else { return }
            let alert = alerts[AlertReference(run: run, rule: evaluation.rule)]
            act(on: StateChange(evaluation, alert: alert, of: record, at: event.wallTime), statements, record)
        case .job(.finished):
            runs[run] = nil
            alerts = alerts.filter { $0.key.run != run }
        default: break
        }
    }

    /// One that cannot be read, as a newer version may have written it, is left out.
    private static func statement(_ line: String) -> ActionStatement? {
        do { return try ActionStatement(line) } catch { return nil }
    }

    /// What follows from alarms stands in the workspace's list, as it is now.
    private func act(onAlarms changes: [StateChange]) {
        let statements = post.actions().statements.filter(\.trigger.isOfAlarm)
        for change in changes {
            var done: Set<RunAction> = []
            for action in statements.filter({ $0.trigger.matches(change) }).flatMap(\.actions) where done.insert(action).inserted
            {
                switch action {
                case .notify(let channel): post.add(change, channel: channel)
                case .command(let command): post.add(change, channel: action.word, command: command)
                case .stop, .pause, .checkpoint, .steer: break
                }
            }
        }
    }

    private func act(on change: StateChange, _ statements: [ActionStatement], _ record: RunRecord) {
        var done: Set<RunAction> = []
        for action in statements.filter({ $0.trigger.matches(change) }).flatMap(\.actions) where done.insert(action).inserted {
            switch action {
            case .notify(let channel): post.add(change, channel: channel)
            case .command(let command): post.add(change, channel: action.word, command: command)
            case .stop, .pause, .checkpoint, .steer:
                guard let (outcome, message) = carryOut(action, change, record) else { continue }
                let taken = ActionTaken(action: action.word, subject: change.name, outcome: outcome, message: message)
                bus.post(.action(.taken(taken)), run: change.run)
            }
        }
    }

    /// - Returns: what came of it, in words; nil where the run is about to end anyway.
    private func carryOut(_ action: RunAction, _ change: StateChange, _ record: RunRecord) -> (ActionTaken.Outcome, String)? {
        let run = change.run
        guard supervisor.isLive(run) else {
            let isElsewhere = record.origin == .watched
            return isElsewhere ? (.failed, "no \(action.word) for \(change.name): another program trains the run") : nil
        }
        switch action {
        case .stop:
            return supervisor.stop(run, because: .stopped(byRule: change.name))
                ? (.done, "stopped by action of \(change.name)") : nil
        case .pause:
            supervisor.pause(run)
            return (.done, "paused by action of \(change.name): descent runs resume \(record.name) lets it go on")
        case .checkpoint:
            return supervisor.checkpoint(run)
                ? (.done, "checkpoint by action of \(change.name)")
                : record.request.isScript ? (.failed, "no checkpoint for \(change.name): a script saves its own") : nil
        case .steer(let settings):
            if let problem = ActionFile.problem(with: settings, of: record.algorithm) {
                return (.failed, "not steered for \(change.name): \(problem)")
            }
            supervisor.change(run, settings)
            return (.done, "steered by action of \(change.name): \(HyperparameterChange(settings).text)")
        case .notify, .command: return nil
        }
    }
}

/// What came of notices, for a desk that is still being made.
private final class Results: Sendable {
    private let take = Mutex<@Sendable (NoticePost.Result) -> Void>({ _ in })

    func open(_ take: @escaping @Sendable (NoticePost.Result) -> Void) { self.take.withLock { $0 = take } }
    func add(_ result: NoticePost.Result) { take.withLock { $0 }(result) }
}

/// The terminal of this process, where it has one.
private final class TerminalOutlet: Sendable {
    private let outlet = Mutex<@Sendable (TerminalNotice) -> Bool>({ _ in false })

    func set(_ show: @escaping @Sendable (TerminalNotice) -> Bool) { outlet.withLock { $0 = show } }
    func show(_ notice: TerminalNotice) -> Bool { outlet.withLock { $0 }(notice) }
}
