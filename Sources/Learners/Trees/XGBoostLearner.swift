import Hyperparameters

/// Gradient-boosted trees by XGBoost itself, with its own parameter names.
public enum XGBoostLearner {
    /// The settings; defaults and ranges are SageMaker's. Where Descent differs the summary says so.
    public static let hyperparameters: [Hyperparameter] = [.preset] + boosting + trees + dart + linear + running

    private static let boosting: [Hyperparameter] = [
        .init(
            "num_round", .integer(minimum: 1, maximum: 1_000_000), default: "100",
            "boosting rounds (SageMaker: must be given)"),
        .init(
            "objective", .choice(XGBoostObjective.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "what is minimised; auto = reg:squarederror, binary:logistic or multi:softprob, as the target asks"),
        .init(
            "num_class", .integer(minimum: 2, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "classes; auto counts them"),
        .init("booster", .choice(["gbtree", "dart", "gblinear"]), default: "gbtree", "trees, trees with dropout, or linear"),
        .init(
            "eta", .number(minimum: 0, excludesMinimum: false, maximum: 1, excludesMaximum: false), default: "0.3", "step size"),
        .init("alpha", .nonNegative, default: "0", "L1 penalty on leaf values or weights"),
        .init("lambda", .nonNegative, default: "1", "L2 penalty on leaf values or weights"),
        .init(
            "base_score", .anyNumber, allowsAuto: true, default: "auto", sageMaker: "0.5",
            "first prediction of all rows; auto = fitted to the target (SageMaker: 0.5)"),
        .init("scale_pos_weight", .positive, default: "1", "weight of class 1; for rare ones try count of 0 / count of 1"),
        .init(
            "tweedie_variance_power", .number(minimum: 1, excludesMinimum: true, maximum: 2, excludesMaximum: true),
            default: "1.5", "reg:tweedie: from Poisson (1) to gamma (2)"),
        .init("huber_slope", .positive, default: "1", "reg:pseudohubererror: error from which the loss is a line"),
        .init(
            "quantile_alpha", .number(minimum: 0, excludesMinimum: true, maximum: 1, excludesMaximum: true), default: "0.5",
            "reg:quantileerror: which quantile"),
    ]

    private static let trees: [Hyperparameter] = [
        .init("max_depth", .integer(minimum: 0, maximum: 1000), default: "6", "deepest a tree may be; 0 = no limit"),
        .init("min_child_weight", .nonNegative, default: "1", "least sum of second derivatives in a leaf"),
        .init("gamma", .nonNegative, default: "0", "least gain of a split"),
        .init("max_delta_step", .nonNegative, default: "0", "largest leaf value; 0 = no limit"),
        .init("subsample", .factor, default: "1", "share of rows a round sees"),
        .init("colsample_bytree", .factor, default: "1", "share of features a tree sees"),
        .init("colsample_bylevel", .factor, default: "1", "share of those a level sees"),
        .init("colsample_bynode", .factor, default: "1", "share of those a split sees"),
        .init("tree_method", .choice(["auto", "exact", "approx", "hist"]), default: "auto", "how splits are found; auto = hist"),
        .init("grow_policy", .choice(["depthwise", "lossguide"]), default: "depthwise", "level by level, or best split first"),
        .init("max_leaves", .integer(minimum: 0, maximum: 1_000_000), default: "0", "most leaves of a tree; 0 = no limit"),
        .init("max_bin", .integer(minimum: 2, maximum: 65_536), default: "256", "hist and approx: bins a feature"),
        .init("num_parallel_tree", .integer(minimum: 1, maximum: 10_000), default: "1", "trees a round: a forest if over 1"),
        .init(
            "monotone_constraints", .text(example: "(1,0,-1)"), default: "none",
            "one sign a feature: predictions may only rise (1) or fall (-1) with it"),
        .init(
            "interaction_constraints", .text(example: "[[0,1],[2,3]]"), default: "none",
            "groups of features that may meet on a path"),
    ]

    private static let dart: [Hyperparameter] = [
        .init("sample_type", .choice(["uniform", "weighted"]), default: "uniform", "dart: how dropped trees are chosen"),
        .init("normalize_type", .choice(["tree", "forest"]), default: "tree", "dart: what a new tree weighs"),
        .init(
            "rate_drop", .number(minimum: 0, excludesMinimum: false, maximum: 1, excludesMaximum: false), default: "0",
            "dart: share of trees dropped in a round"),
        .init("one_drop", .integer(minimum: 0, maximum: 1), default: "0", "dart: 1 = drop at least one tree"),
        .init(
            "skip_drop", .number(minimum: 0, excludesMinimum: false, maximum: 1, excludesMaximum: false), default: "0",
            "dart: chance that a round drops nothing"),
    ]

    private static let linear: [Hyperparameter] = [
        .init(
            "updater", .choice(["coord_descent", "shotgun"]), default: "coord_descent",
            "gblinear: how weights are found; shotgun is repeatable with one thread only"),
        .init(
            "feature_selector", .choice(["cyclic", "shuffle", "random", "greedy", "thrifty"]), default: "cyclic",
            "gblinear: in which order"),
        .init("top_k", .integer(minimum: 0, maximum: 1_000_000), default: "0", "gblinear, greedy and thrifty: features; 0 = all"),
    ]

    private static let running: [Hyperparameter] = [
        .init(
            "eval_metric", .text(example: "auc,error@0.7"), default: "none",
            "XGBoost's own metrics to measure besides, with commas between"),
        .init(
            "early_stopping_rounds", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "XGBoost's word for early_stopping_patience, which goes before it; auto = as that"),
        .init(
            "seed", .integer(minimum: 0, maximum: Int(Int32.max)), allowsAuto: true, default: "auto", sageMaker: "0",
            "auto = the job's (SageMaker: 0)"),
        .init(
            "nthread", .integer(minimum: 1, maximum: 1024), default: "1",
            "threads of this job (SageMaker: all); the result may differ in the last digits with their number"),
    ]

    /// Where it is worth searching.
    static let searchRanges = [
        "eta=log:0.01:0.5", "max_depth=int:2:10", "min_child_weight=log:0.5:64", "subsample=0.5:1", "colsample_bytree=0.5:1",
        "lambda=log:0.01:100", "alpha=log:0.001:100",
    ]

    /// What people change most, in the order in which forms show it.
    static let essentials = ["eta", "num_round", "max_depth", "min_child_weight", "subsample", "colsample_bytree"]

    /// Parameters that may change while a job runs.
    public static let steerable = [
        "eta", "alpha", "lambda", "gamma", "max_depth", "min_child_weight", "max_delta_step", "subsample", "colsample_bytree",
        "colsample_bylevel", "colsample_bynode", "max_leaves",
    ]

    /// Those of them that a job with these settings can change: none of a linear booster.
    static func steerable(_ settings: [String: String]) -> [String] { settings["booster"] == "gblinear" ? [] : steerable }

    /// Whether a number may be taken from all targets: not where it is given one of its own to begin at, looks at their logarithms, or
    /// measures more than differences.
    static func takesTargetOrigin(_ settings: [String: String]) -> Bool {
        let shiftable: [XGBoostObjective] = [.squaredError, .pseudoHuber, .absoluteError, .quantile]
        let objective = settings["objective"] ?? "auto", metrics = (settings["eval_metric"] ?? "none").split(separator: ",")
        return (objective == "auto" || shiftable.contains { $0.rawValue == objective })
            && (settings["base_score"] ?? "auto") == "auto" && metrics.allSatisfy { ["none", "rmse", "mae"].contains($0) }
    }

    /// What Descent measures, and what XGBoost is told to measure besides.
    static func metrics(_ task: LearningTask, _ settings: [String: String]) -> [String] {
        let own = (settings["eval_metric"] ?? "none").split(separator: ",").map(String.init).filter { $0 != "none" }
        let measured = Metrics.names(task) + Metrics.detailNames(task)
        return measured + own.filter { !measured.contains($0) }
    }
}
