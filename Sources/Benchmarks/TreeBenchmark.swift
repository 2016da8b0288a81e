import Learners

/// XGBoost as a job runs it: every round, its losses, and the other metrics when they are due.
enum TreeBenchmark {
    /// Prints seconds from rows in memory to the trained ensemble, and its held-out log loss.
    ///
    /// - Parameter base: arrays whose targets are 0 and 1; the last tenth of their rows validates.
    static func run(_ base: String, rounds: String) throws {
        let (training, heldOut) = try ArrayFile.rows(base)
        let wall = Measurement.wallSeconds(), cpu = Measurement.processSeconds()
        let made = try Learner.xgboost.makeTrainer(
            TrainingRequest(
                hyperparameters: ["num_round": rounds, "nthread": "2", "seed": "7"], task: .binaryClassifier, classCount: 2,
                training: training, validation: heldOut, seed: 7))
        let trainer = made.trainer
        var losses: [(name: String, value: Double)] = []
        while !trainer.isFinished {
            _ = trainer.trainStep()
            losses = trainer.isFullEvaluationDue ? trainer.evaluate() : trainer.evaluateLosses()
            _ = trainer.bestMark()
        }
        if let failure = trainer.failure { throw failure }
        Measurement.report(
            "trees",
            [
                "wall_s": Measurement.wallSeconds() - wall, "cpu_s": Measurement.processSeconds() - cpu,
                "quality": losses.first { $0.name == "validation:loss" }?.value ?? .nan,
                "rss_mb": Measurement.peakMegabytes(),
            ])
    }
}
