import Clocks
import Events
import Experiments
import Synchronization
import Tables
import Training

/// Searching hyperparameters instead of averaging models: the search is a tuning job of the same id, its trials are the candidates.
extension AutoMLJob {
    // SAFETY: the search is made, asked and told where the engine's store belongs to, and this thread waits for that.
    private final class Search: @unchecked Sendable {
        var job: TuningJob?
        var result: TuningResult?
        var trials: [TuningTrial] = []
        var seconds: [RunID: Double] = [:]
    }

    func search() throws -> AutoMLResult {
        let search = Search(), record = record
        let change = TuningChange(limits: limits)
        try onEngine { engine in
            let job: TuningJob
            if try engine.store.tunings.all().contains(where: { $0.id == record.id }) {
                job = try TuningJob(resuming: record.id, on: engine, change)
            } else {
                let plan = try TuningSetup.plan(Self.request(record))
                var tuning = plan.record(name: record.name)
                tuning.id = record.id
                job = try TuningJob(engine, engine.store.tunings.register(tuning), plan.setup)
            }
            search.job = job
            try job.begin()
        }
        defer { search.job?.close() }
        var isTold = false
        while true {
            if !isTold, try isAsked() {
                isTold = true
                search.job?.interrupt()
            }
            try onEngine { engine in
                search.result = try search.job?.turn()
                search.trials = try engine.store.tunings.trials(of: record.id)
                for trial in search.trials where trial.outcome != nil && search.seconds[trial.run] == nil {
                    // When it ended stands in its row.
                    engine.flush()
                    let run = try engine.store.run(trial.run)
                    search.seconds[trial.run] =
                        run.flatMap { known in known.finishedAt.map { $0 - (known.startedAt ?? $0) } } ?? 0
                }
            }
            try mirror(search.trials, search.seconds)
            if let result = search.result { return try finish(result.status, result.reason) }
            search.job?.waitForNews()
        }
    }

    /// Whether the tuning job is there, which is forgotten where it was refused.
    func hasSearch() throws -> Bool {
        let found = Mutex(false), id = record.id
        try onEngine { engine in
            let isThere = try engine.store.tunings.all().contains { $0.id == id }
            found.withLock { $0 = isThere }
        }
        return found.withLock { $0 }
    }

    private var limits: [String: String] {
        var limits: [String: String] = [:]
        if let most = record.request.maxCandidates { limits[TuningLimit.maxJobs.rawValue] = "\(most)" }
        if let seconds = record.request.timeLimit { limits[TuningLimit.maxRuntime.rawValue] = "\(max(1, seconds))" }
        return limits
    }

    /// The search: trees, whose ranges are those that XGBoost's users search.
    private static func request(_ record: AutoMLRecord) throws -> TuningRequest {
        var job = record.request.job
        job.algorithm = "xgboost"
        job.hyperparameters = [
            "objective_metric": record.objective.metric.text, "num_round": "300", "early_stopping_patience": "20",
        ]
        let held = Set(job.hyperparameters.keys)
        let ranges = try RangeProposals.expanded(["auto"], for: job, held: held).filter {
            !held.contains(TuningChange.name(of: $0))
        }
        var request = TuningRequest(
            job: job, ranges: ranges, strategy: "auto",
            maxJobs: record.request.maxCandidates ?? AutoMLSetup.searchLength, maxParallelJobs: 1)
        (request.maxRuntime, request.confirm) = (record.request.timeLimit.map { max(1, $0) }, 0)
        return request
    }

    /// Takes in how trials stand, and uses the model of the best.
    private func mirror(_ trials: [TuningTrial], _ seconds: [RunID: Double]) throws {
        for trial in trials {
            if trial.number >= candidates.count {
                let candidate = AutoMLCandidate(
                    number: candidates.count, run: trial.run,
                    name: TuningCommands.trialName(record.name, trial.number), family: "boosted trees", algorithm: "xgboost",
                    hyperparameters: trial.values, why: trial.why)
                candidates.append(candidate)
                engine.bus.post(.automl(.candidateStarted(CandidateNews(automl: record.id, candidate: candidate))), run: nil)
                try keep()
            }
            guard let outcome = trial.outcome, candidates[trial.number].outcome == nil else { continue }
            var candidate = candidates[trial.number]
            (candidate.outcome, candidate.reason) = (outcome, trial.reason)
            (candidate.value, candidate.spread, candidate.fitSeconds) = (trial.value, trial.deviation, seconds[trial.run])
            var isImproved = false
            if outcome == .completed, let value = trial.value,
                record.objective.isBetter(value, than: record.ensemble?.value ?? .nan)
            {
                let model = try CandidateEnsemble.model(of: trial.run, in: engine.workspace)
                let ensemble = try CandidateEnsemble.save(
                    [(model, 1)], (value, trial.deviation), record, in: engine.workspace, sample: self.ensemble.timedRows)
                candidate.predictMilliseconds = ensemble.predictMilliseconds
                for place in candidates.indices { candidates[place].weight = 0 }
                (candidate.weight, record.ensemble, isImproved) = (1, ensemble, true)
            }
            candidate.ensembleValue = record.ensemble?.value
            candidates[trial.number] = candidate
            try keep()
            tell(candidate, isImproved: isImproved)
        }
    }
}
