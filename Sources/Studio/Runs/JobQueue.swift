import Cells
import Clocks
import Events

/// The queue of the workspace's host, as the studio knows it.
package struct JobQueue: Sendable, Hashable {
    /// Jobs that wait or train, in the order in which they start.
    package private(set) var jobs: [QueuedJob] = []
    /// Whether a host is there to train them.
    package private(set) var hasHost = false
    private var places: [RunID: Int] = [:]
    /// What stands before each that waits for its turn.
    private var turns: [RunID: Int] = [:]

    package init() {}

    package init(_ jobs: [QueuedJob], hasHost: Bool) {
        self.jobs = jobs.sorted(by: QueuedJob.isBefore)
        self.hasHost = hasHost
        for (index, job) in self.jobs.enumerated() { places[job.run] = index }
        for (turn, job) in self.jobs.filter({ $0.state == .waiting }).enumerated() { turns[job.run] = turn }
    }

    package subscript(run: RunID) -> QueuedJob? { places[run].map { jobs[$0] } }

    /// Whether a run waits for the host, which can be moved, held and released.
    package func waits(_ run: RunID) -> Bool { self[run]?.state.isWaiting ?? false }

    /// What a queued run's status column says; nil for one that is in no queue, or trains.
    /// - Parameters:
    ///   - name: the name of a run.
    ///   - clock: a time of day.
    package func words(_ run: RunSummary, name: (RunID) -> String?, clock: (Double) -> String) -> String? {
        guard let job = self[run.record.id] else { return nil }
        switch job.state {
        case .starting, .started: return !hasHost && run.status.isFinal ? "waits for a host" : nil
        case .held: return "held"
        case .waiting: break
        }
        if let after = job.conditions.after.first, job.waitsFor.isEmpty || job.waitsFor.hasPrefix("after") {
            if let waits = job.waitsFor.split(separator: ",").first { return String(waits) }
            return "after \(name(after) ?? after.text)"
        }
        if let time = job.conditions.startAt, job.waitsFor.isEmpty || job.waitsFor.hasPrefix("at") { return "at \(clock(time))" }
        if let lacks = job.lacks { return "waits for \(lacks)" }
        return turns[run.record.id].map { "queued \($0 + 1)" }
    }
}

extension AppState {
    /// The word for what a run does: its place in the queue where it waits in it.
    package func statusWord(of run: RunSummary) -> String {
        if isStale(run) { return "stale" }
        guard run.status == .pending || run.reason == .interrupted else { return run.statusWord }
        return queue.words(
            run, name: { runs[$0]?.record.name },
            clock: { time in
                let isSoon = time - now < 20 * 3600
                let text = WallClock.text(time + Double(utcOffsetSeconds))
                return isSoon
                    ? NumberFormat.clock(time, utcOffsetSeconds: utcOffsetSeconds, showsSeconds: false)
                    : String(text.dropFirst(5).prefix(11)).replacing("T", with: " ")
            }) ?? run.statusWord
    }

    /// How many jobs nobody trains because no host is there.
    var strandedJobs: Int {
        if queue.hasHost { return 0 }
        return queue.jobs.count { $0.state == .waiting || !$0.state.isWaiting && runs[$0.run]?.status.isFinal ?? false }
    }

    mutating func take(_ queue: JobQueue) {
        guard queue != self.queue else { return }
        self.queue = queue
        experiments.isStale = true
        needsRedraw = true
    }
}
