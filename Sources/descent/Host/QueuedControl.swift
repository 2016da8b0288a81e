import Events
import Experiments
import Hosting

/// What is asked of a run that waits in the queue, by the words for runs that train.
enum QueuedControl {
    /// Stops, holds or releases it.
    /// - Returns: whether the command was about a run that waits.
    /// - Throws: for what can only be done to one that trains.
    static func carryOut(_ command: StudioCommand, in store: RunStore) throws -> Bool {
        guard let run = command.job, let job = try store.queued(run), job.state.isWaiting else { return false }
        switch command {
        case .stopJob: _ = try store.cancel(run)
        case .pauseJob: _ = try store.hold(run, true)
        case .resumeJob:
            guard job.state == .held else {
                let name = try store.run(run)?.record.name ?? run.text
                throw CommandError.failed("\(name) waits in the queue already: `descent queue list` says for what")
            }
            _ = try store.hold(run, false)
        case .changeRules:
            let name = try store.run(run)?.record.name ?? run.text
            throw CommandError.failed("\(name) waits in the queue: change its rules once it trains")
        default:
            let name = try store.run(run)?.record.name ?? run.text
            throw CommandError.failed("\(name) waits in the queue: steer it once it trains, or cancel it and start another")
        }
        HostLink(store.workspace.path).ring()
        return true
    }
}
