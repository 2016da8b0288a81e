import Events
import Learners
import Numerics

extension StoppingDecision {
    /// Compares two models on rows that judge.
    ///
    /// - Parameter last: the model that training ended with, at step `lastStep`.
    /// - Returns: nil where they cannot be measured row by row, or rows count unlike.
    init?(best: Model, _ bestStep: Int, last: Model, _ lastStep: Int, on rows: LabelledMatrix) {
        guard let target = best.target, rows.weights == nil, rows.rowCount >= 2 else { return nil }
        if let classes = target.classes, rows.targets.contains(where: { $0 >= Float(classes.count) }) { return nil }
        let outcomes: [ModelOutcome]
        do throws(LearnerError) {
            outcomes = [
                try ModelOutcome(best, rows.features, rows.targets, target),
                try ModelOutcome(last, rows.features, rows.targets, target),
            ]
        } catch { return nil }
        guard let before = outcomes[0].rowMeasures.first, let after = outcomes[1].rowMeasures.first else { return nil }
        var moments = Moments()
        for (one, other) in zip(before.values, after.values) { moments.add(before.minimises ? other - one : one - other) }
        let count = Double(moments.count)
        let error = moments.populationDeviation / (count - 1).squareRoot()
        guard moments.mean.isFinite, error.isFinite else { return nil }
        self.init(
            measure: before.isRoot ? "squared error" : before.name, bestStep: bestStep, lastStep: lastStep,
            difference: moments.mean, standardError: error, rowCount: moments.count)
    }
}
