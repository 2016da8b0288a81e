import Numerics

@testable import Learners

/// `Samples` in 150 rows to learn from and 50 to validate on.
enum TreeSamples {
    static let supervised: [LearningTask] = [.regressor, .binaryClassifier, .multiclassClassifier]

    static func rows(_ range: Range<Int>, _ task: LearningTask) -> LabelledMatrix {
        LabelledMatrix(
            features: Samples.features.selecting(rows: Array(range)), targets: Array(Samples.targets(task)[range]))
    }

    static func request(
        _ task: LearningTask, _ hyperparameters: [String: String] = [:], training: LabelledMatrix? = nil, seed: UInt64 = 1
    ) -> TrainingRequest {
        TrainingRequest(
            hyperparameters: hyperparameters, task: task, classCount: Samples.classCount(task),
            training: training ?? rows(0..<150, task), validation: training == nil ? rows(150..<200, task) : nil, seed: seed)
    }

    static func trainer(
        _ task: LearningTask, _ hyperparameters: [String: String] = [:], training: LabelledMatrix? = nil, seed: UInt64 = 1
    ) throws(LearnerError) -> XGBoostTrainer {
        let request = request(task, hyperparameters, training: training, seed: seed)
        return try XGBoostTrainer(XGBoostConfiguration(request), request, library: XGBoostLibrary.shared())
    }

    /// What the reference was run with.
    static let reference = ["num_round": "20", "max_depth": "3", "tree_method": "hist"]
    static let sampled = reference.merging(["subsample": "0.7", "colsample_bytree": "0.6"]) { $1 }

    /// The message of what is thrown.
    static func fault(_ body: () throws(LearnerError) -> Void) -> LearnerError? {
        do throws(LearnerError) {
            try body()
            return nil
        } catch { return error }
    }
}
