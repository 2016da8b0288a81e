import Experiments
import Glibc
import Hosting
import Training

extension Engine {
    /// Gives new jobs to the workspace's host wherever one is there.
    func prefersHost() {
        let link = HostLink(workspace.path)
        queueing = { link.isThere ? QueueOptions() : nil }
    }

    /// Has a host there that outlives this process.
    func startHost() throws {
        do throws(HostError) {
            try HostLink(workspace.path).start(
                program: Self.absolute("/proc/self/exe"), environment: ProcessEnvironment.variables)
        } catch { throw CommandError.failed(error.description) }
    }

    /// Has all jobs of this process wait for a host, each at a checkpoint.
    func giveJobsBack() throws {
        let live = supervisor.liveRuns, store = try RunStore(workspace)
        flush()
        let paused = try live.filter { try store.run($0)?.status == .paused }
        let known = Set(try store.queue().map(\.run))
        try reserve(live.filter { !known.contains($0) }, in: store)
        supervisor.handOver(live)
        supervisor.waitUntilIdle()
        flush()
        for run in paused { _ = try store.hold(run, true) }
    }
}
