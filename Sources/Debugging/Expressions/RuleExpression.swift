import Events

/// What a rule that a user wrote computes at each look.
indirect enum RuleExpression: Hashable, Sendable {
    case number(Double)
    case source(RuleSource)
    /// A function of one or two values of the same look.
    case apply(RuleFunction, RuleExpression, RuleExpression?)
    /// Over the newest values, as many as the window is long.
    case rolling(RollingFunction, RuleExpression, window: Int)
    /// The value some looks ago.
    case previous(RuleExpression, Int)

    /// Whether it is true or false, and no number.
    var isTruth: Bool {
        switch self {
        case .apply(let function, _, _): function.isTruth
        case .number, .source, .rolling, .previous: false
        }
    }

    /// What it reads, each once, in the order in which it stands there.
    var sources: [RuleSource] {
        var found: [RuleSource] = []
        func search(_ node: RuleExpression) {
            switch node {
            case .number: break
            case .source(let source): if !found.contains(source) { found.append(source) }
            case .apply(_, let first, let second):
                search(first)
                if let second { search(second) }
            case .rolling(_, let inner, _), .previous(let inner, _): search(inner)
            }
        }
        search(self)
        return found
    }

    /// The longest stretch of values that it needs.
    var longestWindow: Int {
        switch self {
        case .number, .source: 1
        case .apply(_, let first, let second): max(first.longestWindow, second?.longestWindow ?? 1)
        case .rolling(_, let inner, let window): inner.longestWindow + window - 1
        case .previous(let inner, let distance): inner.longestWindow + distance
        }
    }
}

/// What an expression reads.
enum RuleSource: Hashable, Sendable {
    /// A metric by its name; one without a split is that of the training rows, too.
    case metric(String)
    case step, epoch
    case tensor(String, TensorStatistic)

    /// As a user writes it.
    var text: String {
        switch self {
        case .metric(let name): name
        case .step: "step"
        case .epoch: "epoch"
        case .tensor(let name, let statistic): "tensor(\"\(name)\").\(statistic.rawValue)"
        }
    }

    func isMetric(_ metric: MetricName) -> Bool {
        guard case .metric(let name) = self else { return false }
        return metric.text == name || !name.contains(":") && metric.split == "train" && metric.metric == name
    }
}

/// What can be asked of a tensor.
enum TensorStatistic: String, CaseIterable, Sendable {
    case mean, std, min, max, l1, l2
    /// Mean of |x|.
    case meanMagnitude = "mean_magnitude"
    /// How many elements.
    case zeros, nans, infinities
    /// Shares of elements, and of units, from 0 to 1.
    case zeroShare = "zero_share"
    case inactiveShare = "inactive_share"
    case saturatedShare = "saturated_share"
    /// Of an update: its length over that of what it changed.
    case updateRatio = "update_ratio"

    /// nil where that was not told of the tensor.
    func value(of tensor: TensorSummary) -> Double? {
        switch self {
        case .mean: tensor.mean
        case .std: tensor.standardDeviation
        case .min: tensor.minimum
        case .max: tensor.maximum
        case .l1: tensor.l1
        case .l2: tensor.l2
        case .meanMagnitude: tensor.meanMagnitude
        case .zeros: Double(tensor.zeros)
        case .nans: Double(tensor.nans)
        case .infinities: Double(tensor.infinities)
        case .zeroShare: tensor.shareOfZeros
        case .inactiveShare: tensor.shareOfInactiveUnits
        case .saturatedShare: tensor.shareOfSaturatedUnits
        case .updateRatio: tensor.updateRatio
        }
    }
}

/// A function of values of one look.
enum RuleFunction: String, Hashable, Sendable {
    case negated, not, abs, log, exp, sqrt
    case isNaN = "is_nan"
    case isFinite = "is_finite"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case smaller = "min"
    case larger = "max"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case and, or

    /// Those of one number that a user calls by name.
    static let ofOne: [RuleFunction] = [.abs, .log, .exp, .sqrt, .isNaN, .isFinite]
    /// Those of several.
    static let ofSeveral: [RuleFunction] = [.smaller, .larger]

    var isComparison: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
        default: false
        }
    }

    var isTruth: Bool {
        switch self {
        case .not, .isNaN, .isFinite, .and, .or: true
        default: isComparison
        }
    }
}

/// A function of the newest values.
enum RollingFunction: String, CaseIterable, Sendable {
    case min = "rolling_min"
    case max = "rolling_max"
    case mean = "rolling_mean"
    case median = "rolling_median"
    case deviation = "rolling_std"
}
