import Numerics

/// Shapley values of an ensemble that is being trained, by XGBoost itself.
///
/// They are sums over trees, so that of an ensemble that only grows the new rounds alone are computed.
final class XGBoostAttribution: FeatureAttribution {
    private unowned let trainer: XGBoostTrainer
    private let matrix: BoosterMatrix
    /// Sums over the rounds so far. - Shape: [rows, scores, features].
    private var sums: [Float]
    private var rounds = 0

    init(_ trainer: XGBoostTrainer, _ rows: BoosterMatrix) {
        (self.trainer, matrix) = (trainer, rows)
        sums = [Float](repeating: 0, count: rows.rowCount * trainer.configuration.scoreCount * trainer.featureCount)
    }

    var isSumOfSteps: Bool { trainer.configuration.growsOnly }

    var pendingSteps: Int { max(1, isSumOfSteps && trainer.step >= rounds ? trainer.step - rounds : trainer.step) }

    func values() throws(LearnerError) -> [Float] {
        if trainer.step < rounds || !isSumOfSteps { rounds = 0 }
        guard trainer.step > rounds else { return scaled(sums) }
        let added = try contributions(
            of: isSumOfSteps && rounds > 0
                ? trainer.booster.rounds(rounds..<trainer.step) : trainer.booster)
        sums = rounds > 0 ? zip(sums, added).map { $0 + $1 } : added
        rounds = trainer.step
        return scaled(sums)
    }

    /// - Shape: [rows, scores, features].
    private func contributions(of booster: Booster) throws(LearnerError) -> [Float] {
        let width = trainer.featureCount, scores = trainer.configuration.scoreCount
        // Behind the features' stands what all rows begin with.
        let all = try booster.contributions(matrix)
        guard all.count == matrix.rowCount * scores * (width + 1) else {
            throw LearnerError(.libraryFailed, "XGBoost gave \(all.count) contributions of \(matrix.rowCount) rows")
        }
        var own = [Float]()
        own.reserveCapacity(matrix.rowCount * scores * width)
        for start in stride(from: 0, to: all.count, by: width + 1) { own += all[start..<start + width] }
        return trainer.configuration.updater == nil ? Self.centred(own, rowCount: matrix.rowCount) : own
    }

    /// A weighted sum's terms less their means, which trees' values are less by already.
    private static func centred(_ values: [Float], rowCount: Int) -> [Float] {
        let width = values.count / max(1, rowCount)
        var result = values
        for place in 0..<width {
            let mean = (0..<rowCount).reduce(0.0) { $0 + Double(values[$1 * width + place]) } / Double(max(1, rowCount))
            for row in 0..<rowCount { result[row * width + place] -= Float(mean) }
        }
        return result
    }

    private func scaled(_ values: [Float]) -> [Float] {
        let scale = trainer.targetScale
        return scale == 1 ? values : values.map { $0 / scale }
    }
}
