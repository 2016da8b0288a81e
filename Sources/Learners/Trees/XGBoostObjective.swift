/// What XGBoost minimises.
public enum XGBoostObjective: String, Sendable, Hashable, CaseIterable {
    case squaredError = "reg:squarederror"
    case squaredLogError = "reg:squaredlogerror"
    case regressionLogistic = "reg:logistic"
    case pseudoHuber = "reg:pseudohubererror"
    case absoluteError = "reg:absoluteerror"
    case quantile = "reg:quantileerror"
    case gamma = "reg:gamma"
    case tweedie = "reg:tweedie"
    case poisson = "count:poisson"
    case logistic = "binary:logistic"
    /// Trained as `binary:logistic`; in XGBoost's own predictions the margin.
    case logisticRaw = "binary:logitraw"
    /// Margins of a hinge are no log-odds: classes are right, probabilities are not.
    case hinge = "binary:hinge"
    case softmax = "multi:softmax"
    case softprob = "multi:softprob"

    /// What it fits.
    public var task: LearningTask {
        switch self {
        case .logistic, .logisticRaw, .hinge: .binaryClassifier
        case .softmax, .softprob: .multiclassClassifier
        default: .regressor
        }
    }

    static func automatic(for task: LearningTask) -> XGBoostObjective {
        switch task {
        case .binaryClassifier: .logistic
        case .multiclassClassifier: .softprob
        default: .squaredError
        }
    }

    /// The targets it can fit, when not all; XGBoost itself finds out only in the first round.
    func check(_ targets: [Float]) throws(LearnerError) {
        let (isValid, words): ((Float) -> Bool, String)
        switch self {
        case .gamma: (isValid, words) = ({ $0 > 0 }, "over 0")
        case .tweedie, .poisson: (isValid, words) = ({ $0 >= 0 }, "of at least 0")
        case .regressionLogistic: (isValid, words) = ({ $0 >= 0 && $0 <= 1 }, "from 0 to 1")
        case .squaredLogError: (isValid, words) = ({ $0 > -1 }, "over -1")
        default: return
        }
        if let row = targets.firstIndex(where: { !isValid($0) }) {
            throw LearnerError(
                .invalidTarget, "objective = '\(rawValue)' takes targets \(words), row \(row) has \(targets[row])")
        }
    }
}
