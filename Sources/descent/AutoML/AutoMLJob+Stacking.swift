import AutoML
import Events
import Experiments
import Learners
import Training

/// The second level: candidates that also learn from what the first level's predicted of rows that they did not learn from.
extension AutoMLJob {
    /// The next candidate of the second level; nil where none is left, none is tried, or the job is to end before that is known.
    func nextStacked() throws -> AutoMLCandidate? {
        // Who plans says what is tried.
        guard setup.plan.isEmpty else { return nil }
        let known = Set(candidates.map(\.name)), plans = Portfolio.secondLevel(hasTrees: AutoMLSetup.hasTrees)
        guard let plan = plans.first(where: { !known.contains("\(record.name)-\($0.name)") }) else { return nil }
        // Once begun, all learn from the same ones.
        let begun = candidates.first { $0.level == 2 }?.stack
        let bases = begun.map { runs in candidates.filter { runs.contains($0.run.text) } } ?? stackable
        if record.stacking == nil {
            guard let decision = try decideStacking(bases, plans) else { return nil }
            record.stacking = decision
            try keep()
            engine.bus.post(
                .automl(.stackingDecided(StackingNews(automl: record.id, name: record.name, stacking: decision))), run: nil)
        }
        guard record.stacking?.isTried == true else { return nil }
        var candidate = newCandidate(plan)
        candidate.stack = bases.map(\.run.text)
        return try keepNew(candidate)
    }

    /// Those of the first level that the average is of.
    private var stackable: [AutoMLCandidate] {
        candidates.filter { $0.level == 1 && $0.weight > 0 && $0.outcome == .completed }
    }

    /// Runs of the candidates that a planned one learns from.
    /// - Throws: `CommandError` where one of them has not ended with a model.
    func stacked(under plan: CandidatePlan) throws -> [String] {
        try plan.stack.map { name in
            guard let one = candidates.first(where: { $0.name == "\(record.name)-\(name)" && $0.outcome == .completed }) else {
                throw CommandError.failed(
                    "\(plan.name) is to learn from \(name), which ended without a model: leave it out of the plan")
            }
            return one.run.text
        }
    }

    /// - Returns: nil where somebody asked to stop, or the time is over, before it was known.
    private func decideStacking(_ bases: [AutoMLCandidate], _ plans: [CandidatePlan]) throws -> AutoMLStacking? {
        let rows = setup.outlook.rowCount, job = record.request.job
        guard rows >= Judging.stackedRows else {
            return AutoMLStacking(isTried: false, why: "no second level: \(rows) rows, fewer than \(Judging.stackedRows)")
        }
        guard job.validationPath == nil, job.folds != nil, let held = ensemble.held(bases.map(\.number)), held.rows.count == rows
        else { return AutoMLStacking(isTried: false, why: "no second level: it needs folds that hold each row out once") }
        let trial = StackingTrial(
            setup: setup, job: job, bases: bases, held: held, plans: plans, control: trialControl,
            isOver: { [self] in try isAsked() || isTimeOver })
        do { return try trial.run() } catch let error as TrainingError {
            if try isAsked() || isTimeOver { return nil }
            return AutoMLStacking(isTried: false, why: "no second level: \(error.message)")
        }
    }
}
