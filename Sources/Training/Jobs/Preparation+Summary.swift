import CheckedNumbers
import Events
import Learners
import Numerics
import Tables

extension Preparation {
    /// What bears on convergence: the order in which rows are fed, and the features' scales as the optimiser sees them.
    func summary(feedingOrder: [Int32], isShuffled: Bool, isNormalised: Bool) -> TrainingDataSummary {
        let names = rows.featureNames
        let codes = rows.cardinalities.count
        let moments = isNormalised ? nil : training.features.columnMoments(rowCount: training.rowCount)
        let deviations = moments?.deviations.dropLast(codes) ?? []
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
        let offset = { (index: Int) in abs(moments?.means[index] ?? 0) / deviations[index] }
        let mostOffset = present.max { offset($0) < offset($1) }
        var summary = TrainingDataSummary(
            rowCount: stream?.rowCount ?? distributed?.rowCount ?? training.targets.count, featureCount: names.count,
            validationRowCount: validation?.targets.count ?? folds.reduce(0) { $0 + ($1.validation?.rowCount ?? 0) },
            target: target, goal: goal, isShuffled: isShuffled,
            isNormalised: isNormalised, orderZ: score, scaleRatio: ratio, widestFeature: name(widest),
            narrowestFeature: name(narrowest))
        summary.offsetRatio = mostOffset.map(offset) ?? 0
        summary.mostOffsetFeature = name(mostOffset)
        summary.findings = findings.found.map { DataFinding($0) }
        summary.singleColumn = findings.bestColumn.map { SingleColumnFit(column: $0.name, lossShare: $0.lossShare) }
        return summary
    }

    /// Adds what a constant loses, and the target's scale where the trainer gets it as it is.
    /// - Parameter model: of the kind that is trained: its loss is what is measured.
    func addOutcomes(to summary: inout TrainingDataSummary, model: any LearnedModel, isTargetNormalised: Bool) {
        guard encoding != nil else { return }
        let classCount = encoding?.classes?.count
        let constant = TrainingBaseline(training, classCount: classCount)
        let loss = { (rows: LabelledMatrix) in
            constant.entries(of: model, on: rows.thinned(to: Self.measuredRows)).first { $0.name == "loss" }?.value
        }
        summary.constantTrainingLoss = loss(training)
        summary.constantValidationLoss = validation.flatMap(loss)
        guard classCount == nil, !isTargetNormalised else { return }
        let moments = Matrix(rowCount: training.rowCount, columnCount: 1, elements: training.targets)
            .columnMoments(rowCount: training.rowCount)
        (summary.targetMean, summary.targetDeviation) = (Double(moments.means[0]), Double(moments.deviations[0]))
    }

    /// Of more rows a constant's loss is measured on some, evenly spread.
    private static let measuredRows = 100_000
}
