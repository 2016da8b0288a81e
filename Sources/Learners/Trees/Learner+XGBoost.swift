extension Learner {
    /// XGBoost.
    public static let xgboost = Learner(
        name: "xgboost", summary: "gradient-boosted trees by XGBoost's own library",
        tasks: [.regressor, .binaryClassifier, .multiclassClassifier], hyperparameters: XGBoostLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let library = try XGBoostLibrary.shared()
            if request.distributed != nil { try XGBoostLearner.checkOnCluster(request.hyperparameters) }
            let configuration = try XGBoostConfiguration(request)
            return (try XGBoostTrainer(configuration, request, library: library), configuration.resolved)
        },
        modelType: XGBoostModel.self, family: .trees, distributes: true,
        impliedTask: { XGBoostObjective(rawValue: $0["objective"] ?? "")?.task }, takesMissing: true,
        takesTargetOrigin: XGBoostLearner.takesTargetOrigin,
        checkAvailability: { () throws(LearnerError) in _ = try XGBoostLibrary.shared() },
        metrics: XGBoostLearner.metrics, steerable: XGBoostLearner.steerable, lengthSetting: "num_round",
        essentials: XGBoostLearner.essentials, searchRanges: XGBoostLearner.searchRanges)
}

extension XGBoostLearner {
    /// - Throws: `invalidHyperparameter` for what XGBoost does not do where rows are spread over a cluster.
    static func checkOnCluster(_ settings: [String: String]) throws(LearnerError) {
        try LearnerError.refuse(
            settings, allowing: ["booster": ["gbtree"], "tree_method": ["auto", "hist", "approx"], "updater": []],
            learner: "xgboost")
    }
}
