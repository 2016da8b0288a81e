import Events
import Experiments
import Training
import Tuning

/// Trains the best configuration of a tuning job again on fresh seeds: the best of many values is a lucky one, and the seed decides
/// also which rows are held out.
struct WinnerConfirmation {
    private let engine: Engine
    /// The job as it is now.
    private var record: TuningRecord
    private(set) var all: [TuningConfirmation]
    private var live: Set<RunID> = []
    private var isStopped = false
    /// Decided once, when nothing is tried any more.
    private var candidates: [TuningTrial]?
    /// With as many trials as this, one seed.
    private static let trialsForOne = 5
    private static let mostSeeds = 3

    init(_ engine: Engine, _ record: TuningRecord) throws {
        (self.engine, self.record) = (engine, record)
        all = try engine.store.tunings.confirmations(of: record.id)
    }

    var isBusy: Bool { !live.isEmpty }

    /// How many seeds: what was asked for; else a fifth of the trials, at most three, and none of a script, which may not look at
    /// its seed, or where one would say nothing of how far values differ.
    private func count(_ trials: [TuningTrial]) -> Int {
        if let asked = record.request.confirm { return asked }
        if record.request.job.isScript || !record.request.otherObjectives.isEmpty { return 0 }
        let count = min(Self.mostSeeds, trials.count { $0.outcome != nil } / Self.trialsForOne)
        return count < 2 ? 0 : count
    }

    /// Begins what is left to be done, as many at a time as trials ran.
    mutating func goOn(with search: TrialSearch, _ trials: [TuningTrial]) throws {
        let candidates = candidates ?? chosen(search, trials)
        self.candidates = candidates
        for trial in candidates {
            let own = all.filter { $0.trial == trial.number }
            for known in own where known.outcome == nil && !live.contains(known.run) && hasRoom { try takeUp(known, trial) }
            // A value that another seed gave to the last digit has no noise.
            let isSettled = own.contains { $0.outcome == .failed || $0.value != nil && $0.value == trial.value }
            var next = own.count
            while next < count(trials), !isSettled, hasRoom {
                var generator = SystemRandomNumberGenerator()
                let new = TuningConfirmation(
                    trial: trial.number, seed: record.request.job.seed &+ UInt64(next + 1), run: .random(using: &generator))
                try engine.store.tunings.add(new, to: record.id)
                all.append(new)
                try start(new, trial)
                next += 1
            }
        }
    }

    private var hasRoom: Bool { live.count < record.request.maxParallelJobs && !isStopped }

    /// The best trial, and where values are noisy the one that the model takes for the best.
    private func chosen(_ search: TrialSearch, _ trials: [TuningTrial]) -> [TuningTrial] {
        guard count(trials) > 0, let best = search.best?.trial.number else { return [] }
        let numbers = [best] + (search.recommended.map { [$0.number] } ?? []).filter { $0 != best }
        return numbers.compactMap { number in trials.first { $0.number == number } }
    }

    private mutating func start(_ confirmation: TuningConfirmation, _ trial: TuningTrial) throws {
        var request = record.request.job
        request.hyperparameters.merge(trial.values) { $1 }
        request.seed = confirmation.seed
        request.name = TuningCommands.trialName(record.name, trial.number) + "-seed\(confirmation.seed)"
        live.insert(confirmation.run)
        engine.bus.post(
            .tuning(
                .confirming(
                    TuningConfirming(
                        tuning: record.id, name: record.name, trial: trial.number, seed: confirmation.seed,
                        trialRun: confirmation.run))), run: nil)
        let tuning = RunTuning(tuning: record.id, name: record.name, trial: trial.number)
        _ = try engine.startTrial(request, confirmation.run, of: tuning, prepared: nil)
    }

    /// Goes on with one that an earlier attempt left.
    private mutating func takeUp(_ confirmation: TuningConfirmation, _ trial: TuningTrial) throws {
        guard let run = try engine.store.run(confirmation.run) else { return try start(confirmation, trial) }
        let wasStopped = run.status == .stopped && (run.reason == .interrupted || run.reason == .stoppedByUser)
        live.insert(confirmation.run)
        if !run.status.isFinal || wasStopped { return try engine.resume(confirmation.run, isHere: true) }
        try end(
            confirmation.run, run.status, try engine.store.keptMetrics(of: run)?[record.objective.metric] ?? run.bestObjective)
    }

    /// - Returns: whether it is about one of these runs.
    mutating func take(_ event: StudioEvent) throws -> Bool {
        guard let run = event.run, live.contains(run) else { return false }
        guard case .job(.finished(let result)) = event.kind else { return true }
        if result.status == .stopped, isStopped {
            live.remove(run)
        } else {
            try end(run, result.status, result.metrics[record.objective.metric])
        }
        return true
    }

    private mutating func end(_ run: RunID, _ status: JobStatus, _ value: Double?) throws {
        live.remove(run)
        guard let place = all.firstIndex(where: { $0.run == run }) else { return }
        let value = value.flatMap { $0.isFinite ? $0 : nil }
        all[place].value = value
        all[place].outcome = value == nil || status == .failed ? .failed : status == .stopped ? .stopped : .completed
        try engine.store.tunings.end(all[place], of: record.id)
    }

    /// The job is another one from now on: what is best is decided anew when nothing is tried any more.
    mutating func adopt(_ record: TuningRecord) { (self.record, candidates) = (record, nil) }

    /// Forgets what was measured of another objective. Its runs stay, as runs like any other; those that train are stopped.
    mutating func forget() {
        for run in live where engine.supervisor.isLive(run) { engine.supervisor.stop(run) }
        (all, live, candidates) = ([], [], nil)
    }

    /// Stops its runs so that they can be resumed.
    mutating func stop() {
        guard !isStopped else { return }
        isStopped = true
        for run in live where engine.supervisor.isLive(run) { engine.supervisor.stop(run) }
    }
}
