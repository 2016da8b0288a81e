extension Learner {
    /// XGBoost.
    public static let xgboost = Learner(
        name: "xgboost", summary: "gradient-boosted trees by XGBoost's own library",
        tasks: [.regressor, .binaryClassifier, .multiclassClassifier], hyperparameters: XGBoostLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let library = try XGBoostLibrary.shared()
            let configuration = try XGBoostConfiguration(request)
            return (try XGBoostTrainer(configuration, request, library: library), configuration.resolved)
        },
        modelType: XGBoostModel.self, family: .trees,
        impliedTask: { XGBoostObjective(rawValue: $0["objective"] ?? "")?.task }, takesMissing: true,
        takesTargetOrigin: XGBoostLearner.takesTargetOrigin,
        checkAvailability: { () throws(LearnerError) in _ = try XGBoostLibrary.shared() },
        metrics: XGBoostLearner.metrics, steerable: XGBoostLearner.steerable, lengthSetting: "num_round",
        essentials: XGBoostLearner.essentials, searchRanges: XGBoostLearner.searchRanges)
}
