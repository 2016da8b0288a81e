import CLearnerKernels
import CheckedNumbers
import Glibc

/// What a linear model minimises; s is the score, y the target, e = s - y.
///
/// - Source: SageMaker Linear Learner, `loss`. The quantile loss follows the formula, not the sentence beside it in the manual.
public enum LinearLoss: String, Sendable, Hashable, Codable, CaseIterable {
    /// e², estimates the mean.
    case squared = "squared_loss"
    /// |e|, estimates the median.
    case absolute = "absolute_loss"
    /// q (y - s)₊ + (1 - q)(s - y)₊, estimates the q-quantile.
    case quantile = "quantile_loss"
    /// e² / 2 where |e| is at most delta, else delta |e| - delta² / 2.
    case huber = "huber_loss"
    /// max(0, e² - epsilon²).
    case epsilonSquared = "eps_insensitive_squared_loss"
    /// max(0, |e| - epsilon).
    case epsilonAbsolute = "eps_insensitive_absolute_loss"
    /// Cross entropy of a probability 1 / (1 + e^-s).
    case logistic
    /// y ((m + 1) / 2 - s)₊ + (1 - y) ((m - 1) / 2 + s)₊ for labels 0 and 1: the natural threshold of s is 0.5.
    case hinge = "hinge_loss"
    /// Cross entropy of probabilities e^s_k / Σ e^s.
    case softmax = "softmax_loss"

    static func automatic(for task: LearningTask) -> LinearLoss { choices(for: task)[0] }

    /// The losses that fit a task, the automatic one first.
    static func choices(for task: LearningTask) -> [LinearLoss] {
        switch task {
        case .regressor, .clustering, .decomposition: [.squared, .absolute, .quantile, .huber, .epsilonSquared, .epsilonAbsolute]
        case .binaryClassifier: [.logistic, .hinge]
        case .multiclassClassifier: [.softmax]
        }
    }

    /// Whether the gradient has no jumps, so that `lbfgs` may follow it.
    var isSmooth: Bool {
        switch self {
        case .squared, .huber, .logistic, .softmax: true
        // The gradient of max(0, e² - epsilon²) jumps from 0 to 2 epsilon.
        case .epsilonSquared, .absolute, .quantile, .epsilonAbsolute, .hinge: false
        }
    }

    /// The largest second derivative; 1 for losses made of straight lines.
    var curvature: Double {
        switch self {
        case .squared, .epsilonSquared: 2
        case .logistic: 0.25
        case .softmax: 0.5
        case .absolute, .quantile, .huber, .epsilonAbsolute, .hinge: 1
        }
    }

    /// Whether the score is the log-odds of a probability.
    var givesProbabilities: Bool { self == .logistic || self == .softmax }

    /// The score from which a binary classifier says yes when nothing was calibrated: a probability, or the hinge's raw score.
    static let naturalThreshold: Float = 0.5
}

/// A loss with its parameter, in the units of the scores it is applied to.
public struct LinearObjective: Sendable, Hashable, Codable {
    /// The loss.
    public var loss: LinearLoss
    /// The quantile, delta, epsilon or margin of the loss; 0 for losses without one.
    public var parameter: Double

    /// A loss with its parameter.
    public init(_ loss: LinearLoss, parameter: Double = 0) {
        self.loss = loss
        self.parameter = parameter
    }

    /// Loss of one row with one score.
    public func value(score: Double, target: Double) -> Double {
        let error = score - target, size = abs(error)
        switch loss {
        case .squared: return error * error
        case .absolute: return size
        case .quantile: return error > 0 ? (1 - parameter) * error : -parameter * error
        case .huber: return size <= parameter ? error * error / 2 : parameter * size - parameter * parameter / 2
        case .epsilonSquared: return size <= parameter ? 0 : error * error - parameter * parameter
        case .epsilonAbsolute: return size <= parameter ? 0 : size - parameter
        case .logistic: return max(score, 0) + log1p(exp(-abs(score))) - target * score
        case .hinge:
            let sign = 1 - 2 * target, excess = sign * score + (parameter - sign) / 2
            return excess <= 0 ? 0 : excess
        case .softmax: preconditionFailure("softmax takes one score a class")
        }
    }

    /// Second derivative of one row with one score.
    func curvature(score: Double, target: Double) -> Double {
        switch loss {
        case .logistic:
            let small = exp(-abs(score))
            return small / ((1 + small) * (1 + small))
        case .huber: return abs(score - target) <= parameter ? 1 : 0
        default: return loss.curvature
        }
    }

    /// Sum of the rows' losses times their weights, as a part of what the rows count together.
    ///
    /// - Shape: scores [n, width], targets [n], weights [n].
    func mean(scores: [Float], targets: [Float], width: Int, weights: [Float]?, total count: Double) -> Double {
        var total = 0.0
        for (row, target) in targets.enumerated() {
            let weight = weights.map { Double($0[row]) } ?? 1
            if loss == .softmax {
                let own = scores[row * width..<(row + 1) * width]
                let most = Double(own.max() ?? 0)
                let sum = own.reduce(0) { $0 + exp(Double($1) - most) }
                total += weight * (log(sum) + most - Double(own[own.startIndex + Int(nearestWithin: target)]))
            } else {
                total += weight * value(score: Double(scores[row]), target: Double(target))
            }
        }
        return total / count
    }

    /// The same loss for scores and targets that were divided by a deviation; times `unit` it is the loss in the old units.
    func scaled(by deviation: Double) -> LinearObjective {
        switch loss {
        case .huber, .epsilonSquared, .epsilonAbsolute: LinearObjective(loss, parameter: parameter / deviation)
        default: self
        }
    }

    /// What a loss of 1 on targets divided by a deviation is in the targets' own units.
    func unit(deviation: Double) -> Double {
        switch loss {
        case .squared, .huber, .epsilonSquared: deviation * deviation
        case .absolute, .quantile, .epsilonAbsolute: deviation
        case .logistic, .hinge, .softmax: 1
        }
    }

    var kernel: dk_loss {
        let kind =
            switch loss {
            case .squared: DK_SQUARED
            case .absolute: DK_ABSOLUTE
            case .quantile: DK_QUANTILE
            case .huber: DK_HUBER
            case .epsilonSquared: DK_EPSILON_SQUARED
            case .epsilonAbsolute: DK_EPSILON_ABSOLUTE
            case .logistic: DK_LOGISTIC
            case .hinge: DK_HINGE
            case .softmax: DK_SOFTMAX
            }
        return dk_loss(kind: Int32(kind), parameter: Float(parameter))
    }
}
