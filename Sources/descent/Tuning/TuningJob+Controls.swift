import Events
import Experiments
import Training
import Tuning

/// What is asked of a tuning job while it runs. It is kept before it is done, and forgotten in the same transaction.
extension TuningJob {
    func takeControls() throws {
        for (id, control) in try engine.store.tunings.controls(of: record.id) {
            do {
                switch control {
                case .pause: try pause(true, id)
                case .goOn: try pause(false, id)
                case .stop:
                    try engine.store.tunings.askToStop(record.id)
                    try engine.store.tunings.settle(id)
                case .add(let values): try add(values, id)
                case .change(let change): try make(change, id)
                case nil: try engine.store.tunings.settle(id)
                }
            } catch let error as CommandError where error.code == .usage {
                try engine.store.tunings.settle(id)
                engine.bus.post(.notice(.commandFailed(message: "\(record.name): \(error.description)")), run: nil)
            }
        }
    }

    private func pause(_ isToPause: Bool, _ id: Int) throws {
        if isToPause != isPaused {
            notePause(isToPause)
            try engine.store.tunings.write(record)
            tell(isToPause ? "paused: no new trials begin" : "goes on")
        }
        try engine.store.tunings.settle(id)
    }

    private func tell(_ text: String) {
        engine.bus.post(
            .tuning(.changed(TuningNotice(tuning: record.id, name: record.name, status: record.status, text: text))), run: nil)
    }

    // MARK: - Trials of the user's

    private func add(_ values: [String: String], _ id: Int) throws {
        let point = try TuningSetup.point(of: values, in: search.space)
        var generator = SystemRandomNumberGenerator()
        let trial = TuningTrial(
            number: (trials.keys.max() ?? -1) + 1, run: .random(using: &generator),
            values: search.space.values(at: point).filter { searched.contains($0.key) }.mapValues(\.text).merging(
                // As it was written: 0.10 is 0.1 and not the double next to it.
                values.filter { searched.contains($0.key) }
            ) { $1 }, point: point, memory: [], why: Self.byHand)
        try engine.store.tunings.add(trial, to: record.id, settling: id)
        adopt(trial)
        waiting.append(trial)
        tell("trial \(trial.number + 1) was added by hand")
    }

    /// Why a trial is tried that somebody asked for.
    static let byHand = "added by hand"

    // MARK: - Other limits, ranges and objectives

    private func make(_ change: TuningChange, _ id: Int) throws {
        let (request, objective, setup) = try TuningSetup.changed(
            record, change, earlier: engine.store.tunings.warmStart(of: record.id))
        // Whatever it ended by may not hold any more.
        ending = nil
        guard change.changesSpace || change.objective != nil else {
            // Other limits leave what is searched, and what was learned, as they are.
            record.request = request
            try engine.store.tunings.rewrite(record, [], settling: id)
            confirming.adopt(record)
            return tell(change.text)
        }
        // What the last trials measured may still be on its way to the store.
        engine.flush()
        let standing = TrialStanding(before: record, request, objective, setup.search.space, engine.store)
        var moved: [TuningTrial] = []
        for trial in trials.values.sorted(by: { $0.number < $1.number }) { moved.append(try standing.moved(trial)) }
        let isAnother = objective != record.objective
        adopt(setup, request, objective)
        try engine.store.tunings.rewrite(record, moved, settling: id, forgetsConfirmations: isAnother)
        confirming.adopt(record)
        for trial in moved { adopt(trial) }
        waiting = waiting.compactMap { trials[$0.number] }
        let left = moved.count { $0.point.isEmpty && $0.outcome != nil }
        tell(change.text + (left == 0 ? "" : "; \(left) of \(moved.count) trials tell nothing about that, and are left out"))
    }
}

/// Where trials stand in other ranges, or under another objective.
struct TrialStanding {
    private let before: TuningRecord
    private let request: TuningRequest
    private let objective: Objective
    private let space: SearchSpace
    private let store: RunStore
    /// What is not set by hand.
    private let defaults: [String: String]

    init(before: TuningRecord, _ request: TuningRequest, _ objective: Objective, _ space: SearchSpace, _ store: RunStore) {
        (self.before, self.request, self.objective, self.space, self.store) = (before, request, objective, space, store)
        let known = Algorithms.all.first { $0.name == request.job.algorithm }?.hyperparameters ?? []
        let set = before.request.job.hyperparameters
        defaults = Dictionary(known.map { ($0.name, $0.value(in: set)) }) { first, _ in first }
    }

    /// The trial as it counts now. It has no place where it lies outside of the ranges, where it differs from what is held now, or
    /// where its run does not tell the objective.
    func moved(_ trial: TuningTrial) throws -> TuningTrial {
        var moved = trial
        // What it learned was learned of other distances.
        (moved.memory, moved.point) = ([], point(of: trial) ?? [])
        // What was held before is part of what the trial tried.
        for name in space.searched.map(\.name) where moved.values[name] == nil {
            moved.values[name] = heldBefore(name, moved.point)
        }
        guard objective != before.objective, trial.outcome != nil else { return moved }
        let run = try store.run(trial.run)
        moved.value = try value(of: run)
        if moved.value == nil { moved.point = [] }
        // One that failed since it did not tell the objective before may tell this one.
        if run?.status == .completed, moved.value != nil {
            (moved.outcome, moved.reason) = (.completed, run?.reason.text ?? "")
        } else if moved.isUnmeasured {
            moved.reason = TuningTrial.notMeasured(objective)
        }
        return moved
    }

    /// The value that a trial had of what was not searched when it began; nil where it had none.
    private func heldBefore(_ name: String, _ point: [Double]) -> String? {
        if let held = before.request.job.hyperparameters[name] { return held }
        return point.isEmpty || space.values(at: point)[name] == nil ? nil : defaults[name]
    }

    private func point(of trial: TuningTrial) -> [Double]? {
        let had = defaults.merging(before.request.job.hyperparameters) { $1 }.merging(trial.values) { $1 }
        for parameter in space.parameters where !parameter.isSearched {
            guard trial.values[parameter.name] != nil || before.request.job.hyperparameters[parameter.name] != nil,
                parameter.name != "objective_metric"
            else { continue }
            let wanted = parameter.value(at: 0).text, found = had[parameter.name]
            guard found == wanted || found.flatMap({ Double($0) }).map({ $0 == Double(wanted) }) == true else { return nil }
        }
        return space.point(of: had)
    }

    private func value(of run: RunSummary?) throws -> Double? {
        guard let summary = run else { return nil }
        let kept = try store.keptMetrics(of: summary)?[objective.metric] ?? summary.lastMetrics[objective.metric]
        return kept.flatMap { $0.isFinite ? $0 : nil }
    }
}
