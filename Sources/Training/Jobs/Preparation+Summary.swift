import CheckedNumbers
import Events
import Tables

extension Preparation {
    /// What bears on convergence: the order in which rows are fed, and the features' scales as the optimiser sees them.
    func summary(feedingOrder: [Int32], isShuffled: Bool, isNormalised: Bool) -> TrainingDataSummary {
        let names = rows.featureNames
        let codes = rows.cardinalities.count
        let deviations =
            isNormalised ? [] : training.features.columnMoments(rowCount: training.rowCount).deviations.dropLast(codes)
        // Indicators of categories lie between 0 and 1 by themselves; scales are a matter of numbers.
        let indicators = Set(rows.unscaledFeatures.joined())
        let present = deviations.indices.filter { deviations[$0] > 0 && !indicators.contains($0) }
        let widest = present.max { deviations[$0] < deviations[$1] }
        let narrowest = present.min { deviations[$0] < deviations[$1] }
        let ratio = widest.flatMap { wide in narrowest.map { deviations[wide] / deviations[$0] } } ?? 1
        let name = { (index: Int?) in index.map { names[$0] } ?? "" }
        let fed = feedingOrder.map { training.targets[Int($0)] }
        let score =
            encoding?.classes.map { NeighbourAgreement.classScore(fed.map { Int32(nearestWithin: $0) }, classCount: $0.count) }
            ?? NeighbourAgreement.numberScore(fed.map { Double($0) })
        return TrainingDataSummary(
            rowCount: stream?.rowCount ?? training.targets.count, featureCount: names.count,
            validationRowCount: validation?.targets.count ?? folds.reduce(0) { $0 + ($1.validation?.rowCount ?? 0) },
            target: target, goal: goal, isShuffled: isShuffled,
            isNormalised: isNormalised, orderZ: score, scaleRatio: ratio, widestFeature: name(widest),
            narrowestFeature: name(narrowest))
    }
}
