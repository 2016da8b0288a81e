import Learners

/// A learner's speed and quality on arrays that peers train on too.
enum LearnerBenchmark {
    /// Trains on all rows but the last tenth and reports time, memory and quality on those. Reading is not timed; standardising is.
    ///
    /// - Parameter settings: hyperparameters, and `task` (a learning task's name, `regressor` unless given), `classes` and
    ///   `fits`: how many times to train, each with a learning rate of its own.
    static func train(_ base: String, algorithm: String, settings: [String: String]) throws {
        let (training, heldOut) = try ArrayFile.rows(base)
        let task = settings["task"].flatMap(LearningTask.init(rawValue:)) ?? .regressor
        let classCount = task == .regressor ? 1 : settings["classes"].flatMap { Int($0) } ?? 2
        let fits = settings["fits"].flatMap { Int($0) } ?? 1
        var hyperparameters = settings.filter { !["task", "classes", "fits"].contains($0.key) }
        hyperparameters["predictor_type"] = task.rawValue
        let learner = try Learner.named(algorithm)
        if !learner.hyperparameters.contains(where: { $0.name == "predictor_type" }) { hyperparameters["predictor_type"] = nil }
        let wall = Measurement.wallSeconds(), cpu = Measurement.processSeconds()
        var trained: (any Trainer)?
        for fit in 0..<fits {
            if fits > 1 { hyperparameters["learning_rate"] = String(0.3 / Double(fit + 1)) }
            let (trainer, _) = try learner.makeTrainer(
                TrainingRequest(
                    hyperparameters: hyperparameters, task: task, classCount: classCount, training: training, validation: nil,
                    seed: 7))
            while !trainer.isFinished { _ = trainer.trainStep() }
            trained = trainer
        }
        let spent = (wall: Measurement.wallSeconds() - wall, cpu: Measurement.processSeconds() - cpu)
        let peak = Measurement.peakMegabytes()
        let metrics = try trained?.model.metrics(on: heldOut) ?? []
        let name = task == .regressor ? "r2" : task == .binaryClassifier ? "log_loss" : "accuracy"
        let quality = metrics.first { $0.name == name }?.value ?? .nan
        Measurement.report(
            "train", ["wall_s": spent.wall, "cpu_s": spent.cpu, "quality": quality, "rss_mb": peak])
    }
}
