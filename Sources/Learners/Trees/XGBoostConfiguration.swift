import Hyperparameters

/// XGBoost's settings, every `auto` decided.
struct XGBoostConfiguration: Sendable, Hashable {
    let task: LearningTask
    let objective: XGBoostObjective
    /// Classes; 1 for a regressor.
    let classCount: Int
    /// Outputs a row: 1, or the classes of a multiclass classifier.
    let scoreCount: Int
    let roundCount: Int
    let threads: Int
    let seed: Int
    /// XGBoost's own metrics, those that Descent computes anyway left out.
    let metrics: [String]
    let eta: Double
    /// What grows the trees, by XGBoost's name; nil for a linear booster.
    let updater: String?
    /// Whether rounds draw rows or features.
    let samples: Bool
    private let texts: [String: String]

    /// Metrics that Descent measures under the same name, with the same meaning.
    private static let ownMetrics: Set<String> = ["rmse", "mae", "mse", "accuracy", "r2"]

    /// Sizes of targets that XGBoost splits well: of smaller ones the gain of a split is rounded off to none, squares of larger ones are
    /// infinite.
    private static let targetSizes: ClosedRange<Float> = 0x1p-10...0x1p50

    /// The power of two that brings targets of another size to about 1, where objective and penalties have no unit; else 1.
    func targetScale(_ targets: [Float]) -> Float {
        let hasUnit = ["alpha", "gamma", "max_delta_step"].contains { texts[$0].flatMap { Double($0) } ?? 0 != 0 }
        guard task == .regressor, objective != .pseudoHuber, !hasUnit, XGBoostLearner.takesTargetOrigin(texts) else { return 1 }
        let size = targets.reduce(0) { max($0, abs($1)) }
        guard size > 0, !Self.targetSizes.contains(size) else { return 1 }
        return 1 / max(0x1p-125, min(0x1p125, size.binade))
    }

    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `invalidTarget`.
    init(_ request: TrainingRequest) throws(LearnerError) {
        let texts = try Hyperparameter.values(
            request.hyperparameters, specs: XGBoostLearner.hyperparameters, learner: "xgboost")
        // Every text was checked above, so that a missing number can only mean `auto`.
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        task = request.task
        objective = texts["objective"].flatMap(XGBoostObjective.init(rawValue:)) ?? .automatic(for: task)
        guard objective.task == task else {
            throw LearnerError(
                .invalidHyperparameter,
                "objective = '\(objective.rawValue)' does not fit a target for \(task.rawValue): give auto or \(XGBoostObjective.automatic(for: task).rawValue)"
            )
        }
        let given = integer("num_class") ?? request.classCount
        guard task != .multiclassClassifier || given >= request.classCount else {
            throw LearnerError(
                .invalidHyperparameter, "num_class = '\(given)' is less than the target's \(request.classCount) classes")
        }
        guard task == .regressor || given >= 2 else {
            throw LearnerError(.invalidTarget, "a classifier needs at least 2 classes, the target has \(given)")
        }
        classCount = task == .regressor ? 1 : request.classCount
        scoreCount = task == .multiclassClassifier ? request.classCount : 1
        roundCount = integer("num_round") ?? 100
        threads = integer("nthread") ?? 1
        seed = integer("seed") ?? Int(request.seed & 0x7fff_ffff)
        eta = texts["eta"].flatMap { Double($0) } ?? 0.3
        let asked = texts["eval_metric"] ?? "none"
        metrics = asked.split(separator: ",").map { String($0.filter { $0 != " " }) }
            .filter { $0 != "none" && !Self.ownMetrics.contains($0) }
        let method = texts["tree_method"] == "auto" ? "hist" : texts["tree_method"] ?? "hist"
        let growers = ["hist": "grow_quantile_histmaker", "approx": "grow_histmaker", "exact": "grow_colmaker,prune"]
        updater = texts["booster"] == "gblinear" ? nil : growers[method]
        samples = Self.samples(texts)
        var decided = texts
        decided["tree_method"] = method
        self.texts = decided
    }

    static func samples(_ texts: [String: String]) -> Bool {
        ["subsample", "colsample_bytree", "colsample_bylevel", "colsample_bynode"].contains { name in
            texts[name].flatMap { Double($0) }.map { $0 < 1 } ?? false
        }
    }

    /// What XGBoost is told. Rounds and stopping are not its business here; `auto` and `none` are its own defaults.
    var parameters: [(name: String, value: String)] {
        let foreign: Set<String> = [
            "preset", "num_round", "objective", "num_class", "eval_metric", "early_stopping_rounds", "seed", "nthread", "updater",
            "feature_selector", "top_k",
        ]
        var list: [(name: String, value: String)] = [
            ("objective", objective.rawValue), ("seed", String(seed)),
            // Each round draws from a generator of its own, so that a run that is continued draws as one that never stopped.
            ("seed_per_iteration", "true"), ("nthread", String(threads)), ("disable_default_eval_metric", "true"),
        ]
        if task == .multiclassClassifier { list.append(("num_class", String(classCount))) }
        if texts["booster"] == "gblinear" {
            for name in ["updater", "feature_selector", "top_k"] { texts[name].map { list.append((name, $0)) } }
        }
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) where !foreign.contains(name) {
            if text != "none", text != "auto" { list.append((name, text)) }
        }
        return list + metrics.map { ("eval_metric", $0) }
    }

    /// Whether the first trees of an ensemble are what it was after fewer rounds: dropout reweighs earlier trees, and weights
    /// have no rounds.
    var growsOnly: Bool { texts["booster"] == "gbtree" }

    /// Every setting's final value as text, with what tells the job when to stop.
    var resolved: [String: String] {
        var values = texts
        values["objective"] = objective.rawValue
        values["num_class"] = String(classCount)
        values["seed"] = String(seed)
        if let rounds = texts["early_stopping_rounds"], rounds != "auto" { values["early_stopping_patience"] = rounds }
        return values
    }
}
