import Glibc
import Numerics

extension LinearModel {
    /// How good the model is on rows with known outcomes: `loss` first, then scikit-learn's metrics for its task.
    ///
    /// - Throws: as `predictScores`; `shapeMismatch` when rows and targets differ in number; `invalidTarget`.
    public func metrics(on data: LabelledMatrix) throws(LearnerError) -> [Metrics.Entry] {
        try data.check("evaluation", classCount: task == .regressor ? nil : classCount)
        let scores = try predictScores(data.features).elements
        return Self.metrics(
            task: task, scores: scores, expected: data.targets, classCount: scoreCount, threshold: threshold)
    }

    /// `loss` first; for every loss so far it is one of scikit-learn's metrics too.
    ///
    /// - Shape: scores [n, classCount], a regressor's in the target's own units; expected [n].
    static func metrics(
        task: LearningTask, scores: [Float], expected: [Float], classCount: Int, threshold: Float = 0.5
    ) -> [Metrics.Entry] {
        guard task != .regressor else {
            let entries = Metrics.regression(expected: expected, predicted: scores)
            return [("loss", entries[0].value)] + entries
        }
        let probabilities = Probabilities.from(scores: scores, scoreCount: classCount)
        let entries =
            classCount == 1
            ? Metrics.binary(expected: expected, probabilities: probabilities, threshold: threshold)
            : Metrics.multiclass(expected: expected, probabilities: probabilities, classCount: classCount)
        return [("loss", crossEntropy(scores, expected, width: classCount))] + entries
    }

    /// Mean cross entropy from scores, which unlike `log_loss` needs no clipping.
    private static func crossEntropy(_ scores: [Float], _ targets: [Float], width: Int) -> Double {
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
