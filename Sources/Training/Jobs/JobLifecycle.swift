import Events

/// Where a training job stands, and what may happen next. A pure state machine: every method returns what is to be done, and
/// the supervisor does it after it has let go of its lock.
package struct JobLifecycle: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case pending
        case running(JobPhase)
        case paused
        /// Asked to stop; waits for the thread.
        case stopping
        case ended(JobStatus)
    }

    enum Action: Hashable, Sendable {
        case post(JobStatusChange)
        case startThread
        case askThread(ThreadRequest)
        /// Nothing runs that could say so, so the end is posted here.
        case finish(JobStatus, reason: EndReason)
    }

    /// What a job's thread looks for once a step.
    package enum ThreadRequest: Int, Hashable, Sendable { case run, pause, stop }

    private(set) var state: State = .pending

    /// Whether the job takes no more wishes.
    var isEnding: Bool {
        switch state {
        case .pending, .running, .paused: false
        case .stopping, .ended: true
        }
    }

    /// The job may begin: a slot of the compute budget is free.
    mutating func begin() -> [Action] {
        guard state == .pending else { return [] }
        state = .running(.starting)
        return [.post(JobStatusChange(status: .inProgress, phase: .starting)), .startThread]
    }

    /// The thread entered a phase.
    mutating func enter(_ phase: JobPhase, plannedSteps: Int = 0) -> [Action] {
        switch state {
        case .running:
            state = .running(phase)
            return [.post(JobStatusChange(status: .inProgress, phase: phase, plannedSteps: plannedSteps))]
        case .paused:
            // Paused while preparing: the pause takes hold at the first step.
            return []
        case .pending, .stopping, .ended: return []
        }
    }

    mutating func pause() -> [Action] {
        guard case .running = state else { return [] }
        state = .paused
        return [.askThread(.pause), .post(JobStatusChange(status: .paused))]
    }

    mutating func resume() -> [Action] {
        guard state == .paused else { return [] }
        state = .running(.training)
        return [.post(JobStatusChange(status: .inProgress, phase: .training)), .askThread(.run)]
    }

    mutating func stop() -> [Action] {
        switch state {
        case .pending:
            state = .ended(.stopped)
            return [.finish(.stopped, reason: .stoppedByUser)]
        case .running, .paused:
            state = .stopping
            return [.post(JobStatusChange(status: .stopping)), .askThread(.stop)]
        case .stopping, .ended: return []
        }
    }

    /// The thread is done.
    mutating func end(_ status: JobStatus, reason: EndReason) -> [Action] {
        if case .ended = state { return [] }
        state = .ended(status)
        return [.finish(status, reason: reason)]
    }
}
