import CheckedNumbers
import Clocks
import Events
import Experiments
import Scripts
import Synchronization
import Threads
import Training
import Tuning

/// A tuning job: suggests trials, starts each as a run, looks at their objectives while they train, and ends by its limits.
///
/// Confined to the thread that the engine's store belongs to. What came of a trial is kept before it is told.
final class TuningJob {
    let engine: Engine
    var record: TuningRecord
    var search: TrialSearch
    private var halving: HalvingRule?
    private var median: MedianRule?
    private var folds: FoldRule?
    private var curve: CurveRule?
    var confirming: WinnerConfirmation
    /// Why nothing more is tried, once that is decided.
    var ending: SearchLimits.Reason?
    private var prepared: PreparedData
    /// The names of what is searched.
    private(set) var searched: Set<String>
    /// Why the whole job fails; nil while it does not.
    private var failure: CommandError?
    /// Why it is searched as it is, where that was decided here.
    private let why: String

    var trials: [Int: TuningTrial] = [:]
    private(set) var live: [RunID: LiveTrial] = [:]
    /// Trials that are kept and did not begin yet: somebody asked for them, or the process before was killed.
    var waiting: [TuningTrial] = []
    /// Of the trials that ended and tell something of the objective, in that order.
    private var values: [Double?] = []
    private var isExhausted = false
    private var convergence = (count: -1, isReached: false)
    private var startTime = SteadyClock.seconds()
    private let mailbox: Mailbox
    private let isInterrupted = Atomic<Bool>(false)
    private let news = ThreadSignal()

    /// A trial whose run trains.
    struct LiveTrial {
        var number: Int
        /// What its run was told to measure.
        var objective: MetricName
        /// Newest value of the objective.
        var value: Double?
        /// The last whole epoch it was looked at.
        var epoch = 0
        /// Why it was stopped early; nil = it was not.
        var stopReason: String?
    }

    /// Trials that fail one after the other before any did well, after which the rest is not tried.
    private static let mostFailures = 3

    init(_ engine: Engine, _ record: TuningRecord, _ setup: TuningSetup) throws {
        (self.engine, self.record, why) = (engine, record, setup.why)
        search = setup.search
        (halving, median, folds, curve) = (setup.halving, setup.median, setup.folds, setup.curve)
        confirming = try WinnerConfirmation(engine, record)
        searched = Set(search.space.searched.map(\.name))
        prepared = PreparedData(differingIn: searched)
        mailbox = Mailbox(policy: .lossless(capacity: 1 << 20), onDelivery: { [news] in news.set() })
    }

    /// Stops its trials so that they can be resumed, and ends. From any thread.
    func interrupt() {
        isInterrupted.store(true, ordering: .releasing)
        news.set()
    }

    // MARK: - The whole

    /// Works until it is over.
    func run() throws -> TuningResult {
        defer { close() }
        try begin()
        while true {
            if let result = try turn() { return result }
            waitForNews()
        }
    }

    /// Takes up what is known, and tells that it begins. Before the first turn.
    func begin() throws {
        engine.bus.subscribe(mailbox)
        try engine.trialPlaces.open(record)
        let known = try engine.store.tunings.trials(of: record.id)
        for trial in known { adopt(trial) }
        let start = TuningStart(
            tuning: record.id, name: record.name, strategy: record.request.strategy, why: why, objective: record.objective.metric,
            ranges: record.request.ranges, maxJobs: record.request.maxJobs, trials: endedCount)
        engine.bus.post(.tuning(.started(start)), run: nil)
        for trial in known where trial.outcome == nil { try takeUp(trial) }
    }

    /// Does what there is to do.
    /// - Returns: how it ended; nil while it goes on.
    func turn() throws -> TuningResult? {
        let isAskedNow = try isAsked()
        let told = mailbox.take().merged { $0 == record.objective.metric || MetricsRecorded.isOfFold($0) }
        for event in told { try take(event, isAsked: isAskedNow) }
        if !isAskedNow { try takeControls() }
        let isAsked = try isAsked()
        let reason = isAsked ? nil : ending ?? endReason
        let stops = isAsked || failure != nil || reason.map(SearchLimits.stopsTrials) == true
        if stops { stopAll() }
        if isAsked || failure != nil { confirming.stop() }
        if stops || reason != nil && waiting.isEmpty {
            guard live.isEmpty else { return nil }
            ending = ending ?? reason
            if !isAsked, failure == nil, reason != .maxRuntime { try confirming.goOn(with: search, Array(trials.values)) }
            return confirming.isBusy ? nil : try finish(isAsked ? nil : reason)
        } else if !isPaused {
            while live.count < record.request.maxParallelJobs, !waiting.isEmpty { try start(waiting.removeFirst()) }
            while live.count < record.request.maxParallelJobs, endReason == nil, failure == nil, try beginTrial() {}
        }
        return nil
    }

    /// Waits until something happened, or it is time to look whether somebody asks for something.
    func waitForNews() { _ = news.wait(untilNanoseconds: SteadyClock.nanoseconds() + 500_000_000) }

    /// Looks at once whether somebody asks for something. From any thread.
    func look() { news.set() }

    func close() {
        engine.bus.unsubscribe(mailbox)
        engine.trialPlaces.close(record.id)
    }

    private func isAsked() throws -> Bool {
        try isInterrupted.load(ordering: .acquiring) || engine.store.tunings.isAskedToStop(record.id)
    }

    var isPaused: Bool { record.status == .paused }

    private var limits: SearchLimits {
        let request = record.request
        return SearchLimits(
            trialCount: request.maxJobs, seconds: request.maxRuntime, targetValue: request.targetValue,
            noImprovement: request.noImprovement)
    }

    /// Time in which nothing is tried is none that it worked.
    func notePause(_ isPaused: Bool) {
        if isPaused { record.spentSeconds = seconds } else { startTime = SteadyClock.seconds() }
        record.status = isPaused ? .paused : .inProgress
    }

    /// Searches otherwise from now on.
    func adopt(_ setup: TuningSetup, _ request: TuningRequest, _ objective: Objective) {
        if objective != record.objective {
            // What trials that run have reached so far is of what they were compared by until now.
            for run in live.keys { live[run]?.value = nil }
            confirming.forget()
        }
        (record.request, record.objective) = (request, objective)
        (search, halving, median, folds, curve) = (setup.search, setup.halving, setup.median, setup.folds, setup.curve)
        convergence = (-1, false)
        searched = Set(search.space.searched.map(\.name))
        prepared = PreparedData(differingIn: searched)
        (values, isExhausted) = ([], false)
    }

    private var endedCount: Int { trials.values.count { $0.outcome != nil } }

    private var seconds: Double { record.spentSeconds + (isPaused ? 0 : SteadyClock.seconds() - startTime) }

    private var endReason: SearchLimits.Reason? {
        if isExhausted { return .exhausted }
        return limits.reason(
            begun: trials.count, values: values, direction: record.objective.direction, seconds: seconds)
            ?? (isConverged ? .converged : nil)
    }

    /// Looked at once for each trial that ends.
    private var isConverged: Bool {
        guard record.request.endsConverged else { return false }
        if convergence.count != values.count { convergence = (values.count, search.isConverged) }
        return convergence.isReached
    }

    private func stopAll() {
        for (run, trial) in live where trial.stopReason == nil {
            live[run]?.stopReason = ""
            if engine.supervisor.isLive(run) { engine.supervisor.stop(run) }
        }
    }

    private func finish(_ reason: SearchLimits.Reason?) throws -> TuningResult {
        let spent = seconds
        (record.status, record.reason) =
            if let failure {
                (.failed, EndReason(failure.description))
            } else if let reason {
                best == nil ? (.failed, EndReason("no trial ended with a value")) : (.completed, EndReason(reason.rawValue))
            } else {
                (.stopped, .stoppedByUser)
            }
        (record.finishedAt, record.spentSeconds) = (WallClock.now(), spent)
        try engine.store.tunings.write(record)
        if let failure, failure.code != .failed { try forgetRefused() }
        var result = TuningResult(
            tuning: record.id, name: record.name, status: record.status, reason: record.reason, trials: endedCount, best: best)
        result.front = TuningOutcome.front(record, Array(trials.values))
        engine.flush()
        engine.bus.post(.tuning(.finished(result)), run: nil)
        if let failure { throw failure }
        return result
    }

    /// What was refused for its data or for what was asked of it leaves nothing behind.
    private func forgetRefused() throws {
        // What is still to be written would bring their rows back.
        engine.supervisor.waitUntilIdle()
        engine.flush()
        for trial in trials.values {
            if let run = try engine.store.run(trial.run), run.startedAt == nil { try engine.forget(trial.run) }
        }
        try engine.store.tunings.remove(record.id)
    }

    // MARK: - Trials

    /// Takes in what is known of a trial of an earlier attempt, or under other ranges. What has no place in what is searched now
    /// tells the search nothing, and counts as a trial.
    func adopt(_ trial: TuningTrial) {
        trials[trial.number] = trial
        search.take(trial)
        noteValue(of: trial)
    }

    private func noteValue(of trial: TuningTrial) {
        if trial.outcome != nil, !trial.isUnmeasured { values.append(worth(of: trial)) }
    }

    /// What ends a job counts trials that completed with their value.
    private func worth(of trial: TuningTrial) -> Double? { trial.outcome == .completed ? trial.value : nil }

    /// Goes on with a trial that an earlier attempt left: its run may not have begun, may have ended, or goes on.
    private func takeUp(_ trial: TuningTrial) throws {
        guard let run = try engine.store.run(trial.run) else { return waiting.append(trial) }
        let metric = record.objective.metric, isAlike = run.record.objective == record.objective
        live[trial.run] = LiveTrial(
            number: trial.number, objective: run.record.objective.metric, value: run.lastMetrics[metric])
        let wasStopped = run.status == .stopped && (run.reason == .interrupted || run.reason == .stoppedByUser)
        guard run.status.isFinal, !wasStopped else {
            try engine.resume(trial.run, isHere: true)
            return
        }
        let metrics = try engine.store.keptMetrics(of: run) ?? [:]
        let kept = metrics[metric] ?? (isAlike ? run.bestObjective : nil)
        try end(trial.run, name: run.record.name, run.status, reason: run.reason, value: kept, metrics)
    }

    /// - Returns: false where nothing is left to be tried.
    private func beginTrial() throws -> Bool {
        guard let suggested = search.ask() else {
            isExhausted = true
            return false
        }
        var generator = SystemRandomNumberGenerator()
        let trial = TuningTrial(
            number: suggested.number, run: .random(using: &generator),
            values: suggested.values.filter { searched.contains($0.key) }.mapValues(\.text),
            point: suggested.point, memory: suggested.memory, why: suggested.reason)
        try engine.store.tunings.add(trial, to: record.id)
        trials[trial.number] = trial
        try start(trial)
        return true
    }

    private func start(_ trial: TuningTrial) throws {
        var request = record.request.job
        request.hyperparameters.merge(trial.values) { $1 }
        request.name = TuningCommands.trialName(record.name, trial.number)
        engine.bus.post(
            .tuning(
                .trialSuggested(
                    TrialSuggestion(
                        tuning: record.id, trial: trial.number, trialRun: trial.run, hyperparameters: trial.values,
                        why: trial.why))), run: nil)
        live[trial.run] = LiveTrial(number: trial.number, objective: record.objective.metric)
        do {
            _ = try engine.startTrial(
                request, trial.run, of: RunTuning(tuning: record.id, name: record.name, trial: trial.number),
                prepared: request.isScript ? nil : prepared)
        } catch let error as TrainingError where error.code == .badHyperparameter {
            // Values that do not go together are this trial's fault alone.
            try end(
                trial.run, name: request.name ?? "", .failed, reason: EndReason(error.description), value: nil)
            failure = failure ?? failureOfAll(after: nil)
        }
    }

    // MARK: - What happens to runs

    private func take(_ event: StudioEvent, isAsked: Bool) throws {
        if try confirming.take(event) { return }
        guard let run = event.run, let trial = live[run] else { return }
        switch event.kind {
        case .sample(.metricsRecorded(let recorded)):
            if let value = recorded.values[record.objective.metric] {
                look(at: run, value: value, epoch: recorded.epoch, losses: folds == nil ? [] : recorded.foldLosses)
            }
        case .job(.finished(let result)):
            // A run that was stopped with the whole job goes on with it.
            if result.status == .stopped, trial.stopReason == "", endReason == nil || isAsked {
                live[run] = nil
                return
            }
            let value = result.metrics[record.objective.metric] ?? trial.value
            let refusal = engine.supervisor.failure(of: run)
            try end(run, name: result.name, result.status, reason: result.reason, value: value, result.metrics)
            failure = failure ?? failureOfAll(after: refusal)
        default: break
        }
    }

    /// Looks at a trial's objective once an epoch, and stops it where it does badly.
    private func look(at run: RunID, value: Double, epoch: Double, losses: [Double]) {
        guard var trial = live[run] else { return }
        defer { live[run] = trial }
        trial.value = value
        let done = Int(roundedDownWithin: epoch + 1e-9)
        guard done > trial.epoch, trial.stopReason == nil else { return }
        trial.epoch = done
        search.report(trial.number, resource: done, value: value)
        let turns = record.objective.direction == .maximised, turned = turns ? -value : value
        let reasons = [
            halving?.report(trial.number, resource: done, value: turned), median?.report(trial.number, value: turned),
            losses.isEmpty ? nil : folds?.report(trial.number, losses: losses),
            curve?.report(trial.number, value: turned, best: search.best.map { turns ? -$0.value : $0.value }),
        ]
        let reason = reasons.compactMap { $0 }.first
        // A short run may be over by the time its values are here.
        guard let reason, engine.supervisor.isLive(run) else { return }
        trial.stopReason = reason
        engine.supervisor.stop(run)
    }

    /// Keeps and tells what came of a trial.
    private func end(
        _ run: RunID, name: String, _ status: JobStatus, reason: EndReason, value: Double?, _ metrics: [MetricName: Double] = [:]
    ) throws {
        guard let ended = live.removeValue(forKey: run), var trial = trials[ended.number] else { return }
        trial.value = value.flatMap { $0.isFinite ? $0 : nil }
        trial.note(metrics, of: record)
        trial.reason = reason.text
        if status == .stopped, let stopReason = ended.stopReason, !stopReason.isEmpty { trial.reason = stopReason }
        trial.outcome =
            switch status {
            case .completed: trial.value == nil ? .failed : .completed
            case .stopped: .stopped
            default: .failed
            }
        if status == .completed, value == nil, ended.objective != record.objective.metric {
            trial.outcome = .completed
            trial.reason = TuningTrial.notMeasured(record.objective)
        } else if trial.outcome == .failed, status == .completed {
            trial.reason = "\(record.objective.metric) was \(value == nil ? "never told" : "no finite number")"
        } else if trial.outcome == .completed, let place = trial.others.firstIndex(of: nil) {
            trial.outcome = .failed
            trial.reason = "\(record.request.otherObjectives[place].metric) was never told, or no finite number"
        }
        trials[trial.number] = trial
        try engine.store.tunings.end(trial, of: record.id)
        noteValue(of: trial)
        search.hear(of: trial)
        let isBest =
            record.request.otherObjectives.isEmpty
            ? best?.run == run : search.front.contains { $0.number == trial.number }
        if best?.run == run { folds?.lead(trial.number) }
        var told = TrialEnd(
            tuning: record.id, trial: trial.number, trialRun: run, name: name, status: trial.outcome ?? .failed,
            reason: trial.reason, value: trial.value, isBest: isBest)
        (told.deviation, told.others) = (trial.deviation, trial.others)
        engine.bus.post(.tuning(.trialFinished(told)), run: nil)
    }

    /// Where all trials fail for one reason, more of them would.
    private func failureOfAll(after refusal: TrainingError?) -> CommandError? {
        guard best == nil, trials.values.allSatisfy({ $0.outcome == nil || $0.outcome == .failed }) else { return nil }
        if let refusal, refusal.isDataFault || [.badRequest, .clusterFailed].contains(refusal.code) {
            return CommandError(refusal)
        }
        guard values.count >= Self.mostFailures else { return nil }
        let last = trials.values.filter { $0.outcome == .failed }.max { $0.number < $1.number }?.reason ?? ""
        return .failed("the first \(values.count) trials failed, the last one: \(last)")
    }

    /// The best trial that ended.
    private var best: TuningResult.Best? {
        TuningOutcome.best(record, Array(trials.values), confirming.all)
    }
}
