import Events
import Learners

extension Algorithms {
    /// A trainer on prepared data, every hyperparameter's final value, and how the run is judged.
    package struct Setup {
        package var trainer: any Trainer
        var resolved: [String: String]
        var earlyStopping: EarlyStopping
    }

    /// - Parameter chosen: settings of the request that an earlier attempt chose for the model on all rows; folds choose for themselves.
    package static func train(
        _ request: JobRequest, on data: Preparation, chosen: Set<String> = []
    ) throws(TrainingError) -> Setup {
        let learner = try learner(request.algorithm)
        let objective = try JobSettings.objective(
            request.hyperparameters, learner: learner, tasks: [data.task],
            hasValidation: data.validation != nil || !data.folds.isEmpty)
        var hyperparameters = request.hyperparameters.filter { !JobSettings.names.contains($0.key) }
        if learner.hyperparameters.contains(where: { $0.name == "predictor_type" }) {
            hyperparameters["predictor_type"] = data.task.rawValue
        }
        if learner.streams {
            hyperparameters["streaming"] = "false"
            hyperparameters.merge(data.streamingSettings) { $1 }
        }
        let metric = String(objective.metric.metric)
        let isDetail = metric == "f_beta" || Metrics.detailNames(data.task).contains(metric)
        if takesImages(request.algorithm) { hyperparameters["image_shape"] = data.imageShape }
        func trainer(
            _ rows: EncodedRows, validation: LabelledMatrix?, _ settings: [String: String], stream: FileRowStream? = nil,
            distributed: (any DistributedRows)? = nil
        ) throws(LearnerError) -> (trainer: any Trainer, resolved: [String: String]) {
            try learner.makeTrainer(
                TrainingRequest(
                    hyperparameters: settings, task: data.task, classCount: data.encoding?.classes?.count ?? 1,
                    training: rows.training, validation: validation, seed: request.seed, featureGroups: rows.featureGroups,
                    cardinalities: rows.cardinalities, unscaledFeatures: rows.unscaledFeatures, stream: stream,
                    distributed: distributed, detail: isDetail ? metric : nil))
        }
        do throws(LearnerError) {
            let (all, resolved) = try trainer(
                data.rows, validation: data.validation, hyperparameters, stream: data.stream, distributed: data.distributed)
            let ownChoice = hyperparameters.filter { !chosen.contains($0.key) }
            let folds = try data.folds.map { fold throws(LearnerError) in
                let heldOut = fold.validation ?? fold.training
                return FoldedTrainer.Fold(
                    trainer: try trainer(fold, validation: heldOut, ownChoice).trainer, heldOut: heldOut)
            }
            // A learner may have read some of the job's settings from its own, as XGBoost its rounds.
            let given = resolved.merging(request.hyperparameters) { $1 }
            let settings = JobSettings.resolved(given, learner: learner, objective: objective)
            var criteria = EarlyStopping.Criteria(patience: nil, tolerance: 0)
            JobSettings.apply(settings, to: &criteria)
            return Setup(
                trainer: folds.isEmpty ? all : FoldedTrainer(all, folds: folds), resolved: resolved.merging(settings) { $1 },
                earlyStopping: EarlyStopping(objective: objective, criteria: criteria))
        } catch {
            if error.code == .interrupted { throw TrainingError(.stopped, error.message, operation: "make trainer") }
            if error.code == .clusterFailed { throw TrainingError(.clusterFailed, error.message, operation: "make trainer") }
            let isHyperparameter = error.code == .unknownHyperparameter || error.code == .invalidHyperparameter
            throw TrainingError(isHyperparameter ? .badHyperparameter : .badData, error.message, operation: "make trainer")
        }
    }
}
