import Glibc
import Numerics

extension LinearTrainer {
    static func firstWeights(_ configuration: LinearLearnerConfiguration, _ rows: FeatureRows, seed: UInt64) -> [Float] {
        var random = RandomSource(seed: seed)
        let weights = (0..<configuration.scoreCount * rows.featureCount).map { _ in
            switch configuration.initialization {
            case .uniform(let scale): Float(random.uniform(in: -scale...scale))
            case .normal(let deviation): Float(random.normal() * deviation)
            }
        }
        return rows.padded(weights)
    }

    /// What an adaptive optimiser's usual rate is multiplied by for the rows at hand.
    ///
    /// Each step moves every weight by up to the rate, and the scores by the sum: with many features they would be thrown about, so that
    /// the rate falls with the mean square length of the rows once that is above 64. A rare class pulls its weights seldom and must
    /// take them far: the rate grows as (4 p (1 - p))^-¾ does, p being the share of positive rows. The power was found on three files
    /// and tried on 30.
    static func rateFactor(_ configuration: LinearLearnerConfiguration, _ data: LinearData) -> Double {
        guard configuration.optimizer != .lbfgs, configuration.optimizer != .sgd else { return 1 }
        let rows = data.training, count = min(2000, rows.rowCount)
        let squares = (0..<count).reduce(0.0) { sum, index in
            rows.nonZeros(ofRow: index * rows.rowCount / count).reduce(sum) { $0 + Double($1.value) * Double($1.value) }
        }
        let many = min(1, 64 / max(1, squares / Double(max(1, count))))
        guard configuration.task == .binaryClassifier else { return many }
        let positive = zip(data.trainingTargets, 0...).reduce(0.0) { sum, pair in
            sum + (pair.0 == 1 ? data.trainingWeights.map { Double($0[pair.1]) } ?? 1 : 0)
        }
        let share = min(1, max(0, positive / max(1, WeightedRows.total(data.trainingTargets.count, data.trainingWeights))))
        return many * min(10, pow(max(1e-9, 4 * share * (1 - share)), -0.75))
    }

    /// Half the inverse of the loss's largest curvature, from a power iteration over at most 2,000 rows.
    static func descentRate(_ configuration: LinearLearnerConfiguration, _ data: LinearData) -> Double {
        let rows = data.training
        let count = min(2000, rows.rowCount), width = rows.weightStride
        let sample = (0..<count).map { rows.nonZeros(ofRow: $0 * rows.rowCount / count) }
        var direction = (0..<width).map { Double($0 % 7 + 1) }
        var largest = 1.0
        for _ in 0..<30 {
            var next = [Double](repeating: 0, count: width)
            for row in sample {
                let product = row.reduce(0.0) { $0 + Double($1.value) * direction[$1.place] }
                for (place, value) in row { next[place] += Double(value) * product / Double(count) }
            }
            let length = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard length > 0, length.isFinite else { break }
            largest = max(1, length)
            direction = next.map { $0 / length }
        }
        let weight = data.lossWeights.map { $0.reduce(0.0) { $0 + Double($1) } / Double($0.count) } ?? 1
        var curvature = configuration.objective.loss.curvature * (weight > 0 ? weight : 1)
        // A delta far below the target's spread makes of Huber's loss an absolute one times delta.
        let scaled = configuration.objective.scaled(by: data.targetDeviation)
        if scaled.loss == .huber { curvature *= min(1, scaled.parameter) }
        return 0.5 / (curvature * largest + configuration.weightDecay) * (1 - configuration.momentum)
    }
}
