import Events
import Experiments
import Glibc
import Hosting
import Synchronization
import Threads
import Training

/// What a process does whose terminal went away while it trains: it becomes the workspace's host until its jobs are done.
enum UnattendedJobs {
    /// Returns when the jobs are done, or wait for another host, and the engine is closed. What was the terminal is nothing from now on.
    static func attend(_ engine: Engine, _ budget: ComputeBudget) throws {
        leaveTerminal()
        let ended = ThreadSignal()
        let interrupts = InterruptWatch { _ in ended.set() }
        let store = try RunStore(engine.workspace)
        engine.flush()
        let isDone = try serveUntilIdle(engine, budget, store, ended, interrupts)
        // What came while the last job ended is not left without a host.
        if isDone, try store.queue().contains(where: { $0.state == .waiting }) { try engine.startHost() }
    }

    /// - Returns: whether all was done, and nobody asked for an end.
    private static func serveUntilIdle(
        _ engine: Engine, _ budget: ComputeBudget, _ store: RunStore, _ ended: ThreadSignal, _ interrupts: InterruptWatch
    ) throws -> Bool {
        let isStopped = Atomic(false)
        let stop: @Sendable () -> Void = {
            isStopped.store(true, ordering: .releasing)
            ended.set()
        }
        guard let host = try Host(engine, budget: budget, onStop: stop) else {
            try engine.giveJobsBack()
            engine.close()
            HostLink(engine.workspace.path).ring()
            return false
        }
        // Should this process be killed, the next host goes on.
        let known = Set(try store.queue().map(\.run))
        try engine.reserve(engine.supervisor.liveRuns.filter { !known.contains($0) }, in: store)
        let inbox = try CommandWatch(engine) { isGone in
            host.look()
            if isGone { stop() }
        }
        let isLeft: @Sendable () -> Bool = { interrupts.wasInterrupted || isStopped.load(ordering: .acquiring) }
        let waiter = try NamedThread(name: "idle", stackBytes: 1 << 20) {
            host.waitUntilIdle(unless: isLeft)
            ended.set()
        }
        ended.wait()
        host.end(inbox)
        withExtendedLifetime(waiter) {}
        return !isLeft()
    }

    /// A command goes on with its job when its terminal goes. Should it be killed then, the workspace's next host goes on.
    static func goOn(_ engine: Engine, _ mailbox: Mailbox) {
        leaveTerminal()
        // Whoever read what is printed went with the terminal.
        Console.whenOutputIsClosed {}
        mailbox.setHoldsUp(false)
        do { try engine.reserve(engine.supervisor.liveRuns, in: RunStore(engine.workspace)) } catch {
            engine.bus.post(.notice(.commandFailed(message: CommandError(error).description)))
        }
    }

    /// Lets go of a terminal that is gone, so that nothing waits for it or fails by it.
    static func leaveTerminal() {
        signal(SIGHUP, SIG_IGN)
        for (file, flags) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_WRONLY), (STDERR_FILENO, O_WRONLY)]
        where isTerminal(file) {
            let nothing = open("/dev/null", flags)
            guard nothing >= 0 else { continue }
            dup2(nothing, file)
            if nothing > STDERR_FILENO { close(nothing) }
        }
    }

    /// One that was hung up does not say so any more; it is a device all the same.
    private static func isTerminal(_ file: Int32) -> Bool {
        var status = stat()
        return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
    }
}
