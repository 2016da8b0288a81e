import Clocks
import Events
import Experiments
import Glibc
import Threads
import Training

/// What tries many runs and ends by itself, on the thread of a command.
protocol SearchWork: AnyObject {
    /// Stops its runs so that they can be resumed, and ends. From any thread.
    func interrupt()
    /// Works until it is over.
    func work() throws -> SearchEnd
}

/// How a search ended.
struct SearchEnd {
    /// For the person at the terminal, without the last line feed.
    var text: String
    var isFailed: Bool
}

extension SearchEnd {
    /// Seconds in which a process that was asked to stop a search has done so: a checkpoint of a large model may take a while.
    private static let patience = 60.0

    /// Waits for the end of a search that another process was asked to stop.
    /// - Parameter end: how it stands; nil while it has not ended.
    static func wait<Record>(of name: String, _ end: () throws -> Record?) throws -> Record {
        let limit = SteadyClock.seconds() + patience
        while SteadyClock.seconds() < limit {
            if let now = try end() { return now }
            usleep(100_000)
        }
        throw CommandError.failed("\(name) was asked to stop and has not done so in a minute")
    }
}

/// Carries a search out while the command waits, and tells how it goes.
struct SearchForeground {
    private let workspace: Workspace
    private let arguments: ParsedArguments
    private let parallelCount: Int
    private let reporter: any EventReporter

    /// - Parameter reporter: for the person at the terminal.
    init(_ workspace: Workspace, _ arguments: ParsedArguments, reporter: any EventReporter, parallelCount: Int = 1) {
        (self.workspace, self.arguments, self.parallelCount) = (workspace, arguments, parallelCount)
        self.reporter =
            if arguments.flag("--json") { JSONReporter() } else if arguments.flag("--quiet") { QuietReporter() } else { reporter }
    }

    /// - Parameter make: makes the search with the engine.
    func run(_ make: (Engine) throws -> some SearchWork, advice: () -> [String] = { [] }) throws -> CommandError.ExitCode {
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
        let search = Interruptible(try make(engine))
        let watch = InterruptWatch { _ in search.work.interrupt() }
        let inbox = try CommandWatch(engine)
        Console.whenOutputIsClosed { search.work.interrupt() }
        defer {
            Console.whenOutputIsClosed(nil)
            inbox.close()
        }
        let end = try search.work.work()
        engine.bus.flush()
        mailbox.waitUntilHandled()
        if !arguments.flag("--json") { Console.printRaw(end.text + "\n") }
        if watch.wasInterrupted { return .interrupted }
        return end.isFailed ? .failed : .done
    }

    /// A search that other threads may interrupt.
    // SAFETY: `interrupt` is the only method that other threads call, and it may be called from any.
    private struct Interruptible: @unchecked Sendable {
        let work: any SearchWork
        init(_ work: any SearchWork) { self.work = work }
    }
}

extension TuningJob: SearchWork {
    func work() throws -> SearchEnd {
        let result = try run()
        return SearchEnd(text: TuningText.outcome(result), isFailed: result.status == .failed)
    }
}
