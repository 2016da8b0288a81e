import Glibc

/// From scores to probabilities to classes.
enum Probabilities {
    static func from(scores: [Float], scoreCount: Int) -> [Float] {
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
    static func crossEntropy(scores: [Float], targets: [Float], width: Int) -> Double {
        var total = 0.0
        for (row, target) in targets.enumerated() {
            if width == 1 {
                let score = Double(scores[row])
                total += max(score, 0) + log1p(exp(-abs(score))) - Double(target) * score
            } else {
                let own = scores[row * width..<(row + 1) * width]
                let most = Double(own.max() ?? 0)
                total += log(own.reduce(0) { $0 + exp(Double($1) - most) }) + most - Double(own[own.startIndex + Int(target)])
            }
        }
        return total / Double(targets.count)
    }
}
