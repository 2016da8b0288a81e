import Cells
import Events

/// What the losses of a run say: whether it learned too little or too much.
enum LossAdvice {
    /// A sentence or two.
    static func words(_ curves: [(metric: MetricName, points: [MetricPoint])]) -> String {
        func values(_ metric: MetricName) -> [(step: Int, value: Double)] {
            (curves.first { $0.metric == metric }?.points ?? []).filter(\.value.isFinite).map { ($0.step, $0.value) }
        }
        let train = values(.trainLoss), held = values(.validationLoss)
        guard let best = held.min(by: { $0.value < $1.value }), let last = held.last, let learned = train.last else {
            return "There are no validation losses: what it is worth on other rows is not known."
        }
        let number = { (value: Double) in NumberFormat.significant(value) }
        if last.value > best.value * 1.02, last.step > best.step {
            return """
                The validation loss was best at round \(NumberFormat.grouped(best.step)), \(number(best.value)), and is \
                \(number(last.value)) at the end: it overfits. Fewer rounds, a smaller max_depth, or a larger min_child_weight or lambda help.
                """
        }
        if let before = held.dropLast(max(1, held.count / 10)).last, before.value > last.value * 1.01 {
            return """
                The validation loss still falls, from \(number(before.value)) to \(number(last.value)) in the last tenth of the rounds: \
                more rounds (num_round) or a larger eta may gain more.
                """
        }
        return "Training \(number(learned.value)), validation \(number(last.value)): neither overfit nor cut short."
    }
}
