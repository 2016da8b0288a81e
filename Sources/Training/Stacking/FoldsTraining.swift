import AutoML
import Clocks
import Events
import Glibc
import Learners
import Tables

/// Trains a model a fold where no run is to be seen: to try something before it is done.
package enum FoldsTraining {
    /// - Parameters:
    ///   - request: with folds.
    ///   - table: all of its rows are used.
    ///   - bases: models that it learns from too.
    ///   - control: ends it early, by an error.
    /// - Returns: the average of the folds' models, and what they predict of the rows that they did not learn from.
    /// - Throws: as a job fails; `stopped`.
    package static func train(
        _ request: JobRequest, named name: String, on table: Table, bases: StackBases? = nil, control: JobControl
    ) throws(TrainingError) -> StackBases.Base {
        try Algorithms.validate(request)
        let record = RunRecord(
            id: RunID("trial"), name: name, experiment: request.experiment, algorithm: request.algorithm, request: request,
            hyperparameters: request.hyperparameters, objective: try Algorithms.objective(of: request), seed: request.seed,
            dataFingerprint: "", gitRevision: nil, version: "", createdAt: WallClock.now(), processID: getpid())
        var plan = JobPlan(record: record, artifactFolder: nil)
        (plan.table, plan.bases, plan.keepsFolds) = (table, bases, true)
        let bus = EventBus()
        if let problem = bus.problem { throw TrainingError(problem) }
        defer { bus.close() }
        let outcome = JobRunner(plan: plan, control: control, bus: bus, budget: ComputeBudget()) { _, _ in }.work()
        guard let folds = outcome.folds else {
            throw outcome.failure ?? TrainingError(.badRequest, outcome.reason.text, operation: "train \(name)")
        }
        if outcome.status == .stopped { throw TrainingError(.stopped, "stopped", operation: "train \(name)") }
        do throws(HeldOutPredictions.Fault) {
            let held = try HeldOutPredictions(outOfFold: folds.outOfFold, classes: folds.model.target?.classes)
            return StackBases.Base(name: name, model: folds.model, held: held)
        } catch { throw TrainingError(.badRequest, error.description, operation: "train \(name)") }
    }
}
