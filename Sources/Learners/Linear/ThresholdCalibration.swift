/// What makes a binary classifier's threshold, and one model among several, the best.
///
/// - Source: SageMaker Linear Learner, `binary_classifier_model_selection_criteria`.
public enum SelectionCriterion: Sendable, Hashable {
    /// Most rows right.
    case accuracy
    /// Largest F-beta.
    case fBeta(Double)
    /// Best precision where recall is at least this.
    case precisionAtTargetRecall(Double)
    /// Best recall where precision is at least this.
    case recallAtTargetPrecision(Double)
    /// Smallest loss; the threshold stays where the loss has it.
    case loss
}

/// Finds the threshold that serves a criterion best.
public enum ThresholdCalibration {
    /// The best threshold, and the criterion's value there. Of thresholds that are equally good the one nearest `natural`.
    ///
    /// - Range: without both classes or with a NaN score the natural one, worth NaN; a target that no threshold reaches gives
    ///   the largest precision there is.
    /// - Complexity: linear in the number of distinct scores.
    public static func best(_ ranked: RankedScores, for criterion: SelectionCriterion, natural: Float) -> (
        threshold: Float, value: Double
    ) {
        guard ranked.positives > 0, ranked.negatives > 0, criterion != .loss else { return (natural, .nan) }
        var best = (threshold: natural, value: -Double.infinity)
        for cut in 0...ranked.scores.count {
            let hits = cut == 0 ? 0 : ranked.truePositives[cut - 1], misses = cut == 0 ? 0 : ranked.falsePositives[cut - 1]
            let worth = value(of: criterion, hits: hits, misses: misses, ranked)
            guard worth >= best.value else { continue }
            let threshold = threshold(cut, ranked, natural)
            if worth > best.value || abs(threshold - natural) < abs(best.threshold - natural) { best = (threshold, worth) }
        }
        return best
    }

    private static func value(of criterion: SelectionCriterion, hits: Double, misses: Double, _ ranked: RankedScores) -> Double {
        let recall = hits / ranked.positives, precision = hits + misses > 0 ? hits / (hits + misses) : 0
        switch criterion {
        case .accuracy: return (hits + ranked.negatives - misses) / (ranked.positives + ranked.negatives)
        case .fBeta(let beta):
            let square = beta * beta
            return (1 + square) * hits / (square * ranked.positives + hits + misses)
        // What misses its target is worse than all that reach it, the more so the further off.
        case .precisionAtTargetRecall(let target): return recall >= target ? precision : recall - 2
        case .recallAtTargetPrecision(let target): return precision >= target ? recall : precision - 2
        case .loss: return .nan
        }
    }

    /// A threshold at which the `cut` highest scores are yes and the next is no: the natural one if it does that, else halfway.
    private static func threshold(_ cut: Int, _ ranked: RankedScores, _ natural: Float) -> Float {
        let scores = ranked.scores
        if cut == 0 { return natural > scores[0] ? natural : scores[0].nextUp }
        let lowest = scores[cut - 1]
        guard cut < scores.count else { return min(natural, lowest) }
        let next = scores[cut]
        if natural > next, natural <= lowest { return natural }
        let middle = next + (lowest - next) / 2
        return middle > next ? middle : lowest
    }
}
