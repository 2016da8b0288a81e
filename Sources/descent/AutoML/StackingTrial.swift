import AutoML
import Cells
import Events
import Experiments
import Learners
import Tables
import Training

/// Finds out whether a second level does harm: both levels are trained without one fold, and the averages with and without the second are
/// compared on the rows of that fold, from which neither learned.
///
/// A second level learns from predictions of models that saw the rows it is judged by: out-of-fold values alone flatter it.
///
/// - Source: AutoGluon's dynamic stacking.
struct StackingTrial {
    let setup: AutoMLSetup
    let job: JobRequest
    /// Candidates of the first level that the second is to learn from.
    let bases: [AutoMLCandidate]
    /// What the first of them predicted: which rows were held out together.
    let held: HeldOutPredictions
    let plans: [CandidatePlan]
    let control: JobControl
    /// Whether it is to be given up.
    let isOver: () throws -> Bool

    /// Folds of the rows that are left.
    private static let folds = 4

    /// - Returns: nil where it was given up.
    /// - Throws: as training does.
    func run() throws -> AutoMLStacking? {
        let objective = setup.problem.objective, table = setup.outlook.table
        let judging = held.rows.indices.filter { held.folds[$0] == held.folds.min() }.map { held.rows[$0] - 1 }
        let set = Set(judging), learned = table.selecting(rows: held.rows.map { $0 - 1 }.filter { !set.contains($0) })
        var below: [StackBases.Base] = [], above: [StackBases.Base] = []
        for one in bases {
            guard try !isOver() else { return nil }
            let asked = request(one.algorithm, one.hyperparameters, without: one.without)
            below.append(try FoldsTraining.train(asked, named: one.name, on: learned, control: control))
        }
        let stack = try StackBases(below)
        for plan in plans {
            guard try !isOver() else { return nil }
            let asked = request(plan.algorithm, plan.hyperparameters, without: nil)
            above.append(try FoldsTraining.train(asked, named: plan.name, on: learned, bases: stack, control: control))
        }
        guard try !isOver() else { return nil }
        let path = job.datasetPath
        let told = try (below + above).map { try HeldOutPredictions(of: $0.model, table, rows: judging, path: path) }
        let without = value(below, told, objective), with = value(below + above, told, objective)
        return decision(without, with, judging.count, objective)
    }

    private func request(_ algorithm: String, _ hyperparameters: [String: String], without: String?) -> JobRequest {
        var request = job
        (request.algorithm, request.hyperparameters, request.name) = (algorithm, hyperparameters, nil)
        request.folds = min(Self.folds, job.folds ?? Self.folds)
        let left = [job.without, without].compactMap { $0 }
        request.without = left.isEmpty ? nil : left.joined(separator: ",")
        return request
    }

    /// What the average of some models is worth on the rows that none of them learned from; it is chosen by the others.
    private func value(_ models: [StackBases.Base], _ told: [HeldOutPredictions], _ objective: SelectionObjective) -> Double {
        let expected = models[0].held.expected
        let shares = EnsembleSelection(models.map(\.held.predicted), width: objective.width) { objective.error($0, expected) }
        guard let average = HeldOutPredictions.average(Array(told.prefix(models.count)), weights: shares.weights) else {
            return .nan
        }
        return objective.value(average.predicted, average.expected)
    }

    private func decision(_ without: Double, _ with: Double, _ count: Int, _ objective: SelectionObjective) -> AutoMLStacking {
        let isHarmless = objective.isMinimised ? with <= without : with >= without
        let texts = (AutoMLText.number(with), AutoMLText.number(without))
        var found = AutoMLStacking(
            isTried: isHarmless,
            why: (isHarmless ? "a second level is tried" : "no second level")
                + ": on \(count) rows that neither level learned from, \(objective.metric) is \(texts.0) with it and \(texts.1) without"
        )
        (found.without, found.with, found.rowCount) = (without, with, count)
        return found
    }
}
