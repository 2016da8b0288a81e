import Clocks
import Events
import Experiments
import Glibc
import Threads
import Training

/// Carries a tuning job out while the command waits, and tells how it goes.
struct TuningForeground {
    private let workspace: Workspace
    private let arguments: ParsedArguments
    private let parallelCount: Int

    init(_ workspace: Workspace, _ arguments: ParsedArguments, parallelCount: Int) {
        (self.workspace, self.arguments, self.parallelCount) = (workspace, arguments, parallelCount)
    }

    static func now() -> Double { WallClock.now() }

    private var reporter: any EventReporter {
        if arguments.flag("--json") { return JSONReporter() }
        if arguments.flag("--quiet") { return QuietReporter() }
        return TuningReporter(isTerminal: Console.errorIsTerminal)
    }

    /// - Parameter make: makes the job with the engine.
    func run(_ make: (Engine) throws -> TuningJob, advice: () -> [String]) throws -> CommandError.ExitCode {
        let engine = try Engine(workspace: workspace, budget: ComputeBudget(concurrentJobs: parallelCount))
        defer { engine.close() }
        engine.endLeftProcesses()
        let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
        engine.bus.subscribe(mailbox)
        let reporter = reporter
        let printer = try NamedThread(name: "printer") {
            var reporter = reporter
            while let batch = mailbox.waitAndTake() { reporter.report(batch) }
        }
        defer {
            engine.bus.flush()
            mailbox.waitUntilHandled()
            mailbox.close()
            printer.join()
            engine.bus.unsubscribe(mailbox)
        }
        TuningCommands.advise(advice(), arguments)
        let job = try make(engine)
        let box = Interruptible(job)
        let watch = InterruptWatch { _ in box.job.interrupt() }
        let inbox = try CommandWatch(engine)
        Console.whenOutputIsClosed { box.job.interrupt() }
        defer {
            Console.whenOutputIsClosed(nil)
            inbox.close()
        }
        let result = try job.run()
        engine.bus.flush()
        mailbox.waitUntilHandled()
        if !arguments.flag("--json") { Console.print(TuningText.outcome(result)) }
        if watch.wasInterrupted { return .interrupted }
        return result.status == .failed ? .failed : .done
    }

    /// A job that other threads may interrupt.
    // SAFETY: `interrupt` is the only method that other threads call, and it may be called from any.
    private struct Interruptible: @unchecked Sendable {
        let job: TuningJob
        init(_ job: TuningJob) { self.job = job }
    }
}
