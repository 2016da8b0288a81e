import CheckedNumbers
import Glibc
import Learners

/// What models are compared by, on predictions of rows that they did not learn from.
public struct SelectionObjective: Sendable, Hashable {
    public let metric: String
    public let task: LearningTask
    /// 1 for a regressor.
    public let classCount: Int

    /// The metrics that a task may be judged by, the usual one first: as Autopilot has them, and the loss.
    public static func metrics(_ task: LearningTask) -> [String] {
        switch task {
        case .regressor: ["mse", "rmse", "mae", "r2"]
        case .binaryClassifier: ["f1", "accuracy", "roc_auc", "balanced_accuracy", "precision", "recall", "log_loss"]
        case .multiclassClassifier: ["accuracy", "balanced_accuracy", "f1", "precision", "recall", "log_loss"]
        default: []
        }
    }

    /// - Parameter metric: one of `metrics(task)`.
    public init(metric: String, task: LearningTask, classCount: Int) {
        precondition(Self.metrics(task).contains(metric), "\(metric) does not judge a \(task.rawValue)")
        (self.metric, self.task, self.classCount) = (metric, task, classCount)
    }

    /// Numbers a row that predictions have: one, or one a class.
    public var width: Int { task == .multiclassClassifier ? classCount : 1 }

    /// Whether less is better.
    public var isMinimised: Bool { ["mse", "rmse", "mae", "log_loss"].contains(metric) }

    /// What is to be small: the value itself, or how much it is short of 1.
    public func error(_ predictions: [Double], _ expected: [Double]) -> Double {
        let value = value(predictions, expected)
        return isMinimised ? value : 1 - value
    }

    /// The metric's value that an error stands for.
    public func value(ofError error: Double) -> Double { isMinimised ? error : 1 - error }

    /// The metric by scikit-learn's definition; of two classes the second is the positive one, of more their mean counts, and classes are
    /// those of the highest probability, or of at least one half.
    ///
    /// - Shape: predictions [n × width], expected [n] of numbers or class indices.
    public func value(_ predictions: [Double], _ expected: [Double]) -> Double {
        precondition(predictions.count == expected.count * width, "\(predictions.count) numbers for \(expected.count) rows")
        switch metric {
        case "mse": return meanSquare(predictions, expected)
        case "rmse": return meanSquare(predictions, expected).squareRoot()
        case "mae": return mean(expected.indices) { abs(predictions[$0] - expected[$0]) }
        case "r2": return determination(predictions, expected)
        case "log_loss": return logLoss(predictions, expected)
        case "roc_auc":
            return RankedScores.rocAUC(expected: expected.map(Float.init), scores: predictions.map(Float.init))
        default: return ofClasses(predictions, expected)
        }
    }

    private func mean(_ rows: Range<Int>, _ value: (Int) -> Double) -> Double {
        var sum = 0.0
        for row in rows { sum += value(row) }
        return sum / Double(rows.count)
    }

    private func meanSquare(_ predictions: [Double], _ expected: [Double]) -> Double {
        mean(expected.indices) {
            let error = predictions[$0] - expected[$0]
            return error * error
        }
    }

    private func determination(_ predictions: [Double], _ expected: [Double]) -> Double {
        let middle = mean(expected.indices) { expected[$0] }
        let spread = mean(expected.indices) { (expected[$0] - middle) * (expected[$0] - middle) }
        let error = meanSquare(predictions, expected)
        return spread == 0 ? (error == 0 ? 1 : 0) : 1 - error / spread
    }

    /// Probabilities of 0 are lifted as scikit-learn lifts them.
    private func logLoss(_ predictions: [Double], _ expected: [Double]) -> Double {
        mean(expected.indices) { row in
            let own: Double
            if width == 1 {
                own = expected[row] > 0.5 ? predictions[row] : 1 - predictions[row]
            } else {
                own = predictions[row * width + Int(nearestWithin: expected[row])]
            }
            return own.isNaN ? .nan : -log(max(Double.ulpOfOne, min(1 - Double.ulpOfOne, own)))
        }
    }

    private func ofClasses(_ predictions: [Double], _ expected: [Double]) -> Double {
        let chosen = classes(predictions), count = max(2, classCount)
        var hits = [Double](repeating: 0, count: count), occurred = hits, said = hits
        for row in expected.indices {
            let own = Int(nearestWithin: expected[row])
            occurred[own] += 1
            said[chosen[row]] += 1
            if chosen[row] == own { hits[own] += 1 }
        }
        let share = { (part: Double, whole: Double) in whole == 0 ? 0 : part / whole }
        // Classes that neither occur nor are said are none of these rows.
        let seen = hits.indices.filter { occurred[$0] + said[$0] > 0 }, present = hits.indices.filter { occurred[$0] > 0 }
        func average(_ classes: [Int], _ value: (Int) -> Double) -> Double {
            share(classes.reduce(0) { $0 + value($1) }, Double(classes.count))
        }
        let judged = task == .binaryClassifier ? [1] : seen
        switch metric {
        case "accuracy": return share(hits.reduce(0, +), Double(expected.count))
        case "balanced_accuracy": return average(present) { share(hits[$0], occurred[$0]) }
        case "precision": return average(judged) { share(hits[$0], said[$0]) }
        case "recall": return average(judged) { share(hits[$0], occurred[$0]) }
        default: return average(judged) { share(2 * hits[$0], occurred[$0] + said[$0]) }
        }
    }

    /// The likeliest class of each row, of equally likely ones the first; of two classes the second from one half on.
    private func classes(_ predictions: [Double]) -> [Int] {
        guard width > 1 else { return predictions.map { $0 >= 0.5 ? 1 : 0 } }
        return stride(from: 0, to: predictions.count, by: width).map { start in
            var best = 0
            for offset in 1..<width where predictions[start + offset] > predictions[start + best] { best = offset }
            return best
        }
    }
}
