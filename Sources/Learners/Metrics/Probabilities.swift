import CheckedNumbers
import Glibc

/// From scores to probabilities to classes.
package enum Probabilities {
    package static func from(scores: [Float], scoreCount: Int) -> [Float] {
        guard scoreCount > 1 else { return scores.map { Float(1 / (1 + exp(-Double($0)))) } }
        var result = scores
        for start in stride(from: 0, to: scores.count, by: scoreCount) {
            let row = scores[start..<start + scoreCount]
            let most = Double(row.max() ?? 0)
            let powers = row.map { exp(Double($0) - most) }
            let sum = powers.reduce(0, +)
            for (offset, power) in powers.enumerated() { result[start + offset] = Float(power / sum) }
        }
        return result
    }

    /// The likeliest class; of equally likely ones the first.
    static func classes(_ values: [Float], scoreCount: Int, threshold: Float) -> [Int] {
        guard scoreCount > 1 else { return values.map { $0 >= threshold ? 1 : 0 } }
        return stride(from: 0, to: values.count, by: scoreCount).map { start in
            var best = 0
            for offset in 1..<scoreCount where values[start + offset] > values[start + best] { best = offset }
            return best
        }
    }

    /// Mean cross entropy from scores, which unlike `log_loss` needs no clipping.
    ///
    /// - Shape: scores [n, width], targets [n], weights [n].
    static func crossEntropy(scores: [Float], targets: [Float], width: Int, weights: [Float]? = nil) -> Double {
        if width == 1, weights == nil { return binaryCrossEntropy(scores, targets) }
        var total = 0.0
        for (row, target) in targets.enumerated() {
            var loss: Double
            if width == 1 {
                let score = Double(scores[row])
                loss = max(score, 0) + log1p(exp(-abs(score))) - Double(target) * score
            } else {
                let own = scores[row * width..<(row + 1) * width]
                let most = Double(own.max() ?? 0)
                loss =
                    log(own.reduce(0) { $0 + exp(Double($1) - most) }) + most
                    - Double(own[own.startIndex + Int(nearestWithin: target)])
            }
            total += loss * WeightedRows.weight(row, weights)
        }
        return total / WeightedRows.total(targets.count, weights)
    }

    /// The logarithms of up to 64 rows are that of a product, which is at most 2^64.
    private static func binaryCrossEntropy(_ scores: [Float], _ targets: [Float]) -> Double {
        var linear = 0.0, logarithms = 0.0
        for start in stride(from: 0, to: targets.count, by: 64) {
            var product = 1.0
            for row in start..<min(start + 64, targets.count) {
                let score = Double(scores[row])
                linear += max(score, 0) - Double(targets[row]) * score
                product *= 1 + exp(-abs(score))
            }
            logarithms += log(product)
        }
        return (linear + logarithms) / Double(targets.count)
    }
}
