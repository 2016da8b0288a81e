import Events
import Glibc
import Synchronization
import Threads

/// Starts, queues, pauses and stops training jobs, each on a thread of its own, under one compute budget.
///
/// Every method returns at once and may be called from any thread; what came of it arrives on the bus.
public final class JobSupervisor: Sendable {
    private struct Job {
        var record: RunRecord
        var lifecycle = JobLifecycle()
        let control = JobControl()
        let plan: JobPlan
        var thread: NamedThread?
    }

    private struct State {
        var jobs: [RunID: Job] = [:]
        /// Waiting for a slot, first come first served.
        var queue: [RunID] = []
        /// Threads that ended and are still to be joined.
        var ended: [NamedThread] = []
        var isClosed = false
        /// Jobs that go on in another process.
        var handedOver: Set<RunID> = []
        var failures: [RunID: TrainingError] = [:]
        /// Why jobs are being stopped, where the user does not do it.
        var stopReasons: [RunID: EndReason] = [:]
    }

    private let beforeLastEvent: @Sendable () -> Void
    private let bus: EventBus
    private let budget: ComputeBudget
    private let otherWork: JobPlan.OtherWork
    private let makeCluster: JobPlan.ClusterMaker
    private let state = Mutex(State())

    /// - Parameter beforeLastEvent: called on a job's thread between its final status and `jobFinished`; returns when others
    ///   have said what they have to say about the run.
    public convenience init(
        bus: EventBus, budget: ComputeBudget = ComputeBudget(), beforeLastEvent: @escaping @Sendable () -> Void = {}
    ) {
        self.init(bus: bus, budget: budget, otherWork: { _, _, _ in nil }, beforeLastEvent: beforeLastEvent)
    }

    /// - Parameters:
    ///   - otherWork: makes the bodies of jobs that are not done here.
    ///   - makeCluster: starts the engines that requests name.
    package init(
        bus: EventBus, budget: ComputeBudget, otherWork: @escaping JobPlan.OtherWork,
        makeCluster: @escaping JobPlan.ClusterMaker = JobRunner.noCluster,
        beforeLastEvent: @escaping @Sendable () -> Void = {}
    ) {
        self.otherWork = otherWork
        self.makeCluster = makeCluster
        self.beforeLastEvent = beforeLastEvent
        self.bus = bus
        self.budget = budget
    }

    /// Queues a job. Its run must be registered already, and its `runRegistered` event posted.
    public func start(_ plan: JobPlan) {
        joinEnded()
        let isAccepted = state.withLock { state in
            guard !state.isClosed, state.jobs[plan.record.id] == nil else { return false }
            state.jobs[plan.record.id] = Job(record: plan.record, plan: plan)
            state.queue.append(plan.record.id)
            return true
        }
        guard isAccepted else {
            bus.post(.notice(.commandFailed(message: "\(plan.record.name) is running already")), run: plan.record.id)
            return
        }
        bus.post(.job(.statusChanged(JobStatusChange(status: .pending))), run: plan.record.id)
        fillSlots()
    }

    public func pause(_ run: RunID) { change(run) { $0.pause() } }

    /// Lets a paused job go on. A job that ended is resumed by `start` with a plan that continues from its checkpoint.
    public func resume(_ run: RunID) { change(run) { $0.resume() } }

    public func stop(_ run: RunID) { change(run) { $0.stop() } }

    /// Stops a job for a reason other than that the user wants it.
    /// - Returns: whether it was still to be stopped.
    public func stop(_ run: RunID, because reason: EndReason) -> Bool {
        let isOurs = state.withLock { state in
            guard let job = state.jobs[run], !job.lifecycle.isEnding else { return false }
            state.stopReasons[run] = reason
            return true
        }
        if isOurs { stop(run) }
        return isOurs
    }

    /// Has a job of a learner write a checkpoint at its next step.
    /// - Returns: whether it will.
    public func checkpoint(_ run: RunID) -> Bool {
        let control = state.withLock { state -> JobControl? in
            guard let job = state.jobs[run], !job.lifecycle.isEnding, !job.record.request.isScript else { return nil }
            return job.control
        }
        control?.askForCheckpoint()
        return control != nil
    }

    /// Stops a job, or does not wait any longer for one that is asked to stop.
    private func stopOrHurry(_ run: RunID) {
        let control = state.withLock { state in state.jobs[run].flatMap { $0.lifecycle.isEnding ? $0.control : nil } }
        if let control { control.hurry() } else { stop(run) }
    }

    /// Sets hyperparameters of a job from its next step on; of a queued one, from its first. Answered by
    /// `hyperparametersChanged`, or by `commandFailed` when they cannot be set.
    public func change(_ run: RunID, _ settings: [String: String]) {
        let control = state.withLock { state in state.jobs[run].flatMap { $0.lifecycle.isEnding ? nil : $0.control } }
        guard let control, control.change(settings) else {
            let message = isLive(run) ? "the run is about to end" : "the run is not being trained by this process"
            return bus.post(.notice(.commandFailed(message: message)), run: run)
        }
    }

    /// Does what a command asks of a job of this process; commands about other things are not for it.
    public func carryOut(_ command: StudioCommand) {
        switch command {
        case .pauseJob(let run): pause(run)
        case .resumeJob(let run): resume(run)
        case .stopJob(let run): stopOrHurry(run)
        case .changeHyperparameters(let run, let settings): change(run, settings)
        case .profileDataset, .startJob, .continueJob, .forkJob, .reproduceRun, .deleteRun, .restoreRun, .editRun, .editEntity,
            .moveQueued, .startHost, .changeRules, .saveTensors, .startTuning, .resumeTuning, .controlTuning,
            .startAutoML, .resumeAutoML, .stopAutoML, .serving:
            break
        }
    }

    /// Does what a command asks of a job of this process, if it is about one.
    /// - Returns: whether it was.
    public func carryOutIfLive(_ command: StudioCommand) -> Bool {
        guard let run = command.job, isLive(run) else { return false }
        carryOut(command)
        return true
    }

    /// Runs that are queued, running, paused or stopping.
    public var liveRuns: [RunID] { state.withLock { Array($0.jobs.keys) } }

    /// Why a run's latest job failed; nil if it did not.
    public func failure(of run: RunID) -> TrainingError? { state.withLock { $0.failures[run] } }

    public func isLive(_ run: RunID) -> Bool { state.withLock { $0.jobs[run] != nil } }

    /// Returns when no job is left.
    public func waitUntilIdle() {
        while !liveRuns.isEmpty { usleep(2_000) }
        joinEnded()
    }

    /// Stops every job after a checkpoint, so that each can be resumed, and waits for their threads.
    public func close() {
        state.withLock { $0.isClosed = true }
        for run in liveRuns { stop(run) }
        waitUntilIdle()
    }

    /// Has every job go on in another process: each ends after a checkpoint, and waits. Who is about to end anyway ends.
    public func handOver(_ runs: [RunID]) {
        let known = state.withLock { state in
            state.isClosed = true
            let known = runs.filter { state.jobs[$0]?.lifecycle.isEnding == false }
            state.handedOver.formUnion(known)
            return known
        }
        for run in known { stop(run) }
    }

    /// What is to be done of a job that runs, for another process; nil when it does not run.
    public func plan(of run: RunID) -> JobPlan? { state.withLock { $0.jobs[run]?.plan } }

    /// Jobs that train now or are about to: all but those that wait for a slot.
    public var busyCount: Int { state.withLock { $0.jobs.count - $0.queue.count } }

    private func change(_ run: RunID, _ body: (inout JobLifecycle) -> [JobLifecycle.Action]) {
        let actions = state.withLock { state -> [JobLifecycle.Action]? in
            guard var lifecycle = state.jobs[run]?.lifecycle else { return nil }
            defer { state.jobs[run]?.lifecycle = lifecycle }
            return body(&lifecycle)
        }
        guard let actions else {
            bus.post(.notice(.commandFailed(message: "the run is not being trained by this process")), run: run)
            return
        }
        perform(actions, for: run)
    }

    private func perform(_ actions: [JobLifecycle.Action], for run: RunID) {
        for action in actions {
            switch action {
            case .post(let change): bus.post(.job(.statusChanged(change)), run: run)
            case .askThread(let request): state.withLock { $0.jobs[run]?.control }?.ask(request)
            case .startThread: startThread(run)
            case .finish(let status, let reason): finish(run, JobOutcome(status: status, reason: reason))
            }
        }
    }

    private func fillSlots() {
        while true {
            let next = state.withLock { state -> RunID? in
                let busy = state.jobs.count - state.queue.count
                guard busy < budget.concurrentJobs, !state.queue.isEmpty else { return nil }
                return state.queue.removeFirst()
            }
            guard let next else { return }
            change(next) { $0.begin() }
        }
    }

    private func startThread(_ run: RunID) {
        guard let (plan, control) = state.withLock({ state in state.jobs[run].map { ($0.plan, $0.control) } }) else { return }
        do throws(ThreadError) {
            let thread = try NamedThread(name: "job \(run.text)", stackBytes: 16 << 20) { [self] in
                let enter = { [self] (phase: JobPhase, plannedSteps: Int) in
                    change(run) { $0.enter(phase, plannedSteps: plannedSteps) }
                }
                let work: any JobWork =
                    otherWork(plan, control, enter)
                    ?? JobRunner(
                        plan: plan, control: control, bus: bus, budget: budget, makeCluster: makeCluster, enter: enter)
                end(run, work.work())
            }
            state.withLock { state in
                if state.jobs[run] != nil { state.jobs[run]?.thread = thread } else { state.ended.append(thread) }
            }
        } catch {
            let failure = TrainingError(error)
            end(run, JobOutcome(status: .failed, reason: EndReason(failure.description), failure: failure))
        }
    }

    private func end(_ run: RunID, _ outcome: JobOutcome) {
        let isStillOurs = state.withLock { state in
            state.jobs[run].map { job in
                var lifecycle = job.lifecycle
                let actions = lifecycle.end(outcome.status, reason: outcome.reason)
                state.jobs[run]?.lifecycle = lifecycle
                return !actions.isEmpty
            } ?? false
        }
        if isStillOurs { finish(run, outcome) }
    }

    /// Tells the end of a job, forgets it and lets the next one begin.
    private func finish(_ run: RunID, _ outcome: JobOutcome) {
        var outcome = outcome
        // Who hears of the end may ask at once.
        state.withLock { $0.failures[run] = outcome.failure }
        if outcome.reason == .stoppedByUser, let reason = state.withLock({ $0.stopReasons[run] }) { outcome.reason = reason }
        let isHandedOver = state.withLock { $0.handedOver.contains(run) } && outcome.reason == .stoppedByUser
        if isHandedOver {
            beforeLastEvent()
            bus.post(.job(.statusChanged(JobStatusChange(status: .pending, reason: .handedOver))), run: run)
            return forget(run)
        }
        let name = state.withLock { $0.jobs[run]?.record.name } ?? run.text
        var change = JobStatusChange(status: outcome.status, reason: outcome.reason)
        change.evaluation = outcome.evaluation
        bus.post(.job(.statusChanged(change)), run: run)
        let unmade = state.withLock { $0.jobs[run]?.control }?.takeChanges(isLast: true) ?? []
        for settings in unmade {
            let text = HyperparameterChange(settings).text
            bus.post(.notice(.commandFailed(message: "\(name) ended before it could be steered to \(text)")), run: run)
        }
        beforeLastEvent()
        let result = JobResult(
            name: name, status: outcome.status, reason: outcome.reason, bestStep: outcome.bestStep, metrics: outcome.metrics,
            evaluation: outcome.evaluation, weights: outcome.weights)
        bus.post(.job(.finished(result)), run: run)
        forget(run)
    }

    private func forget(_ run: RunID) {
        state.withLock { state in
            if let thread = state.jobs[run]?.thread { state.ended.append(thread) }
            state.stopReasons[run] = nil
            state.jobs[run] = nil
            state.queue.removeAll { $0 == run }
        }
        fillSlots()
    }

    /// Never called on a job's own thread, which could not wait for itself.
    private func joinEnded() {
        let threads = state.withLock { state in
            defer { state.ended = [] }
            return state.ended
        }
        for thread in threads { thread.join() }
    }
}
