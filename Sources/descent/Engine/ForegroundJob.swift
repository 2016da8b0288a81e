import Clocks
import Events
import Glibc
import Threads
import Synchronization
import Training

/// Trains one run while the command waits, and tells how it goes: as JSON lines on standard output, or as progress on standard
/// error and a summary on standard output.
struct ForegroundJob {
    let engine: Engine
    let arguments: ParsedArguments
    /// Whether `--at` says when it is to start.
    var takesTime = true

    private var reporter: any EventReporter {
        if arguments.flag("--json") { return JSONReporter() }
        if arguments.flag("--quiet") { return QuietReporter() }
        return ProgressReporter(isTerminal: Console.errorIsTerminal)
    }

    /// - Parameter isNew: whether what is started is a new run, of which nothing stays when it is refused.
    func run(isNew: Bool = true, _ start: () throws -> RunID) throws -> CommandError.ExitCode {
        if let options = try QueueArguments.options(arguments, engine.store, takesTime: takesTime) {
            engine.queueing = { options }
            return try QueueArguments.finish(try start(), engine, arguments)
        }
        engine.desk.showAtTerminal { [environment = arguments.environment] in
            TerminalNotices.showOnStandardError($0, environment)
        }
        let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(mailbox)
        engine.endLeftProcesses()
        let reporter = reporter
        let printer = try NamedThread(name: "printer") { [engine] in
            var reporter = reporter
            while let batch = mailbox.waitAndTake() {
                // What is told as finished is finished, whatever happens to the process then; or it is told that it is not kept.
                if batch.events.contains(where: { if case .job(.finished) = $0.kind { true } else { false } }),
                    !engine.flush(patience: Self.recordingPatience), let problem = engine.recordingProblem
                {
                    let kind = StudioEvent.Kind.workspace(.recordingStalled(problem.recordingProblem))
                    reporter.report(
                        EventBatch(events: [StudioEvent(sequence: 0, wallTime: WallClock.now(), run: nil, kind: kind)]))
                }
                reporter.report(batch)
            }
        }
        let job = StoppableJob(engine.supervisor)
        let hangUp: @Sendable () -> Void = { [engine] in UnattendedJobs.goOn(engine, mailbox) }
        let watch = InterruptWatch(onHangUp: hangUp) { [engine] _ in
            engine.letGo()
            // Nobody may be reading what is printed.
            mailbox.setHoldsUp(false)
            job.stop()
        }
        let inbox = try CommandWatch(engine)
        // Whoever read the events went away: the run stops so that it can be resumed.
        Console.whenOutputIsClosed { job.stop() }
        defer {
            Console.whenOutputIsClosed(nil)
            inbox.close()
            engine.bus.flush()
            let isPrinted = mailbox.waitUntilHandled(unless: Self.limit(watch))
            mailbox.close()
            // A reader that takes nothing holds up nobody who wants to end the program.
            if isPrinted { printer.join() }
            engine.bus.unsubscribe(mailbox)
        }
        let run = try start()
        job.begin(run)
        engine.supervisor.waitUntilIdle()
        engine.finishFollowUps()
        let waiting = engine.finishNotices(patience: Self.noticePatience) { watch.wasInterrupted }
        if waiting > 0 {
            Console.note(
                "note: \(waiting == 1 ? "a notice waits" : "\(waiting) notices wait"): the next Descent in this workspace sends what is due"
            )
        }
        let isRecorded = engine.flush(patience: Self.recordingPatience)
        if let failure = engine.supervisor.failure(of: run) {
            if isNew { try forgetIfRefused(run, failure) }
            throw CommandError(failure)
        }
        mailbox.waitUntilHandled(unless: Self.limit(watch))
        if !isRecorded, let problem = engine.recordingProblem { throw CommandError(problem) }
        if !arguments.flag("--json"), let summary = try engine.store.run(run) {
            let alerts = try engine.store.alerts(of: run)
            let evaluation = try engine.store.keptResult(of: summary)?.evaluation
            Console.printRaw(
                RunText.outcome(
                    summary, workspace: engine.workspace, alerts: alerts, baselines: try baselines(of: summary),
                    evaluation: evaluation))
        }
        return watch.wasInterrupted ? .interrupted : .done
    }

    /// The simple runs beside it, as they ended.
    private func baselines(of run: RunSummary) throws -> [RunSummary] {
        guard run.record.request.wantsBaselines else { return [] }
        return try engine.store.runs().filter { $0.record.baselineOf == run.record.id }
    }

    /// Seconds to wait at the end for notices that failed at first.
    private static let noticePatience = 10.0

    /// Seconds to wait at the end for a workspace that cannot be written.
    private static let recordingPatience = 5.0

    /// Says when nobody waits any longer for what is printed to be read: two seconds after the user wanted to leave.
    private static func limit(_ watch: InterruptWatch) -> () -> Bool {
        var since: UInt64?
        return {
            guard watch.wasInterrupted else { return false }
            let now = SteadyClock.nanoseconds()
            since = since ?? now
            return now - (since ?? now) > 2_000_000_000
        }
    }

    /// A run that was refused for what was asked of it, before it learned anything, leaves nothing behind.
    private func forgetIfRefused(_ run: RunID, _ failure: TrainingError) throws {
        let refusals: [TrainingError.Code] = [.unknownAlgorithm, .badHyperparameter, .badRequest, .badData]
        guard refusals.contains(failure.code), try engine.store.run(run)?.startedAt == nil else { return }
        try engine.forget(run)
    }
}

/// The job of a command, which may be stopped before it is known which one it is.
private final class StoppableJob: Sendable {
    private let supervisor: JobSupervisor
    private let state = Mutex((run: RunID?.none, isStopped: false))

    init(_ supervisor: JobSupervisor) { self.supervisor = supervisor }

    func begin(_ run: RunID) {
        let isStopped = state.withLock { state in
            state.run = run
            return state.isStopped
        }
        if isStopped { supervisor.stop(run) }
    }

    func stop() {
        let run = state.withLock { state in
            state.isStopped = true
            return state.run
        }
        if let run { supervisor.stop(run) }
    }
}
