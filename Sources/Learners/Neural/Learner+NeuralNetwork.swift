extension Learner {
    /// Multi-layer perceptrons and small convolutional networks.
    public static let neuralNetwork = Learner(
        name: "neural-network",
        summary: "multi-layer perceptrons for tables and small convolutional networks for images",
        tasks: LearningTask.allCases, hyperparameters: NeuralLearner.hyperparameters,
        makeTrainer: { request throws(LearnerError) in
            let configuration = try NeuralConfiguration(request)
            let trainer = try NeuralTrainer(
                configuration: configuration, training: request.training, validation: request.validation, seed: request.seed,
                detail: request.detail)
            return (trainer, trainer.configuration.resolved)
        },
        modelType: NeuralModel.self, family: .network, takesCodes: true, earlyStopping: .init(patience: 20, tolerance: 0.001),
        steerable: { _ in NeuralLearner.steerable }, lengthSetting: "epochs",
        essentials: NeuralLearner.essentials, searchRanges: NeuralLearner.searchRanges)
}
