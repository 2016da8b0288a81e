import CheckedNumbers
import Clocks
import Events
import Glibc
import Learners
import Numerics

/// The body of a job's thread: prepares the data, trains step by step, evaluates, checkpoints, keeps the best model.
///
/// It never touches screen or store: what it has to say it says on the bus. It looks for stop, pause and steering once a step.
struct JobRunner: JobWork {
    let plan: JobPlan
    let control: JobControl
    let bus: EventBus
    let budget: ComputeBudget
    /// Tells the supervisor that the job entered a phase.
    let enter: (JobPhase, Int) -> Void
    /// Starts the engine that a request names.
    let makeCluster: JobPlan.ClusterMaker

    init(
        plan: JobPlan, control: JobControl, bus: EventBus, budget: ComputeBudget,
        makeCluster: @escaping JobPlan.ClusterMaker = JobRunner.noCluster, enter: @escaping (JobPhase, Int) -> Void
    ) {
        (self.plan, self.control, self.bus, self.budget) = (plan, control, bus, budget)
        (self.makeCluster, self.enter) = (makeCluster, enter)
    }

    /// Where there is no engine to start.
    static let noCluster: JobPlan.ClusterMaker = { plan, _, _ throws(TrainingError) in
        throw TrainingError(
            .badRequest, "engine '\(plan.record.request.engine ?? "")' is not to be had here: leave engine out",
            operation: "prepare")
    }

    private var run: RunID { plan.record.id }

    /// Does all of it, and returns how it ended.
    func work() -> JobOutcome {
        let meter = JobMeter()
        // What goes on from an earlier attempt stands nowhere until that is found.
        if plan.recordedStep == nil, plan.record.fork == nil { meter.reach(step: 0, epoch: 0, rows: 0) }
        let sampler = SystemSampler(run: run, bus: bus, meter: meter)
        defer { sampler.end() }
        let (clock, startTime) = (PreparationClock(plan), SteadyClock.nanoseconds())
        do throws(TrainingError) {
            enter(.preparing, 0)
            try checkAddresses()
            let cluster = try plan.record.request.engine.map { _ throws(TrainingError) in try makeCluster(plan, control, meter) }
            defer { cluster?.close() }
            let preparation = try prepare(on: cluster, isStopped: { [control] in control.request == .stop || clock.isOver })
            if let reading = preparation.reading { bus.post(.job(.dataRead(reading)), run: run) }
            for warning in preparation.warnings { bus.post(.job(.dataWarned(warning)), run: run) }
            if plan.recordedStep != nil || plan.record.fork != nil, plan.record.hasForgottenRowOrder {
                bus.post(.job(.dataWarned(.forgottenRowOrder)), run: run)
            }
            if clock.isOver { throw clock.fault }
            var session = try TrainingSession(plan: plan, preparation: preparation, bus: bus, meter: meter, startTime: startTime)
            defer { session.close() }
            bus.post(.run(.registered(session.record)), run: run)
            bus.post(.job(.trainingDataSummarised(session.dataSummary)), run: run)
            enter(.training, session.plannedSteps)
            sampler.sampleNow()
            session.begin(secondsBefore: clock.seconds)
            let reason = try train(&session, sampler)
            let lastStep = session.doneSteps
            session.endSlice(after: lastStep)
            enter(.saving, 0)
            let saved = try session.saveModel()
            session.endSlice(.finish, after: lastStep)
            let status: JobStatus = reason == .stoppedByUser ? .stopped : .completed
            var outcome = JobOutcome(status: status, reason: reason)
            (outcome.bestStep, outcome.metrics, outcome.model) = (session.bestStep, saved.metrics, saved.model)
            (outcome.evaluation, outcome.weights) = (saved.evaluation.kept, saved.weights)
            if plan.keepsFolds { outcome.folds = try session.folds() }
            return outcome
        } catch {
            if error.code == .stopped, control.request == .stop { return JobOutcome(status: .stopped, reason: .stoppedByUser) }
            let fault = error.code == .stopped ? clock.fault : error
            return JobOutcome(status: .failed, reason: EndReason(fault.description), failure: fault)
        }
    }

    private func prepare(
        on cluster: (any RowCluster)?, isStopped: @escaping () -> Bool
    ) throws(TrainingError) -> Preparation {
        let request = plan.record.decidedRequest
        let make = { () throws(TrainingError) -> Preparation in
            try Preparation(
                request: request, table: plan.table, bases: try bases(request), cluster: cluster,
                memory: budget.memory / budget.concurrentJobs,
                isStopped: isStopped)
        }
        guard let prepared = plan.prepared, cluster == nil else { return try make() }
        return try prepared.preparation(for: request, make)
    }

    /// Models whose predictions are learned from too; nil = none.
    private func bases(_ request: JobRequest) throws(TrainingError) -> StackBases? {
        if let bases = plan.bases { return bases }
        guard !request.stack.isEmpty, let folder = plan.artifactFolder else { return nil }
        return try StackBases(request.stack, beside: folder)
    }

    /// Where memory runs out in the middle there is nobody left to say so.
    private func checkAddresses() throws(TrainingError) {
        guard let left = AddressSpace.left, left < Self.leastAddresses else { return }
        throw TrainingError(
            .noThread, "only \(max(0, left) >> 20) MB of memory may still be used: raise the limit (ulimit -v)",
            operation: "prepare")
    }

    private static let leastAddresses = 32 << 20

    /// Sets the hyperparameters that were asked for; what cannot be set is told and changes nothing.
    private func steer(_ session: inout TrainingSession) throws(TrainingError) {
        for settings in control.takeChanges() {
            do throws(TrainingError) { try session.change(settings) } catch {
                guard error.code == .badHyperparameter else { throw error }
                bus.post(.notice(.commandFailed(message: "\(plan.record.name): \(error.description)")), run: run)
            }
        }
    }

    /// Steps until something ends the run; returns why it ended.
    private func train(_ session: inout TrainingSession, _ sampler: SystemSampler) throws(TrainingError) -> EndReason {
        var pace = Pace(stepsPerSecond: plan.stepsPerSecond)
        var replayed = plan.replayedChanges[...]
        while true {
            if control.hasChanges { try steer(&session) }
            while let change = replayed.first, change.step ?? 0 <= session.doneSteps {
                try session.change(change.values)
                replayed = replayed.dropFirst()
            }
            if control.takesCheckpointWish() { try session.checkpoint() }
            if let last = plan.lastStep, session.doneSteps >= last {
                try session.checkpoint()
                return .stoppedByUser
            }
            switch control.request {
            case .run: break
            case .stop:
                try session.checkpoint()
                return .stoppedByUser
            case .pause:
                try session.checkpoint()
                session.reportProgress(isPaused: true)
                session.endSlice(after: session.doneSteps)
                sampler.pause()
                control.waitWhilePaused()
                sampler.resume()
                session.restartClock()
                pace = Pace(stepsPerSecond: plan.stepsPerSecond)
                continue
            }
            if let reason = session.reasonToStop {
                // To fork at: with another setting the run may go on, and its best evaluation may be newer than the last one.
                try session.checkpoint()
                return reason
            }
            try session.step()
            pace.waitForNextStep(unless: { control.request != .run })
        }
    }
}

/// Slows a loop down to a number of steps a second.
private struct Pace {
    private let interval: UInt64?
    private var next: UInt64

    init(stepsPerSecond: Double?) {
        interval = stepsPerSecond.map { UInt64(nearestWithin: 1e9 / max($0, 0.1)) }
        next = SteadyClock.nanoseconds()
    }

    mutating func waitForNextStep(unless isInterrupted: () -> Bool) {
        guard let interval else { return }
        next += interval
        while !isInterrupted() {
            let now = SteadyClock.nanoseconds()
            guard next > now else { return }
            usleep(UInt32(min((next - now) / 1_000, 20_000)))
        }
    }
}

/// The time that the preparation takes, which is part of what a run may take.
private struct PreparationClock {
    private let start = SteadyClock.nanoseconds()
    /// Seconds there are for it; nil for a run that goes on, which has a model, and where there is no limit.
    private let limit: Double?

    init(_ plan: JobPlan) {
        let goesOn = plan.recordedStep != nil || plan.record.fork != nil
        limit = goesOn ? nil : JobSettings.maxRuntimeSeconds(plan.record.request.hyperparameters)
    }

    var seconds: Double { Double(SteadyClock.nanoseconds() - start) * 1e-9 }
    var isOver: Bool { limit.map { seconds >= $0 } ?? false }

    /// Why the run ends before it has learned anything.
    var fault: TrainingError {
        TrainingError(
            .badRequest,
            "preparing the data takes longer than the \(limit ?? 0) seconds that the run may take: give more, or fewer rows (--rows)",
            operation: "prepare")
    }
}

extension DataWarning {
    fileprivate static let forgottenRowOrder = DataWarning(
        code: "rowOrder", column: nil,
        message: "an earlier version that did not record in which order rows come from the file began this run: "
            + "its curve may differ from that of an undisturbed one")
}
