import Numerics

/// What each feature adds to the sums of a linear model that is being trained, beside its mean over the rows: of several models that are
/// trained side by side, of the first.
final class LinearAttribution: FeatureAttribution {
    private unowned let trainer: LinearTrainer
    private let rows: Matrix

    init(_ trainer: LinearTrainer, _ rows: Matrix) { (self.trainer, self.rows) = (trainer, rows) }

    func values() -> [Float] {
        let data = trainer.data, scoreCount = trainer.configuration.scoreCount
        let plain = rows.columnCount - data.cardinalities.count, count = data.training.featureCount
        let weights = data.training.unpadded(trainer.weights.prefix(scoreCount * data.training.weightStride))
        let slopes = weights.enumerated().map { place, weight in
            let feature = place % count
            return Double(weight) * (feature < plain ? Double(data.inverses[feature]) : 1) * data.targetDeviation
        }
        return WeightedSum.centred(
            slopes: slopes, cardinalities: data.cardinalities, scoreCount: scoreCount, rows: rows)
    }
}
