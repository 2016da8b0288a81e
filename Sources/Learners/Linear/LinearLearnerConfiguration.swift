import Glibc

/// Linear Learner's settings, every `auto` decided.
public struct LinearLearnerConfiguration: Sendable, Hashable {
    /// How weights follow the gradient.
    public enum Optimizer: String, Sendable, Hashable { case adam, sgd }
    /// How first weights are drawn.
    public enum Initialization: Sendable, Hashable {
        case uniform(scale: Double)
        case normal(deviation: Double)
    }

    public var task: LearningTask, loss: LinearLoss
    /// Scores a row: 1, or the number of classes of a multiclass classifier.
    public var scoreCount: Int
    /// Classes; 1 for a regressor.
    public var classCount: Int
    public var epochs: Int, batchSize: Int
    public var optimizer: Optimizer
    /// `nil` until the features are known: sgd's automatic rate depends on them.
    public var learningRate: Double?
    public var momentum: Double, beta1: Double, beta2: Double
    public var biasRateMultiplier: Double, biasDecayMultiplier: Double
    public var weightDecay: Double, l1: Double
    public var usesBias: Bool
    public var usesScheduler: Bool, schedulerStep: Int, schedulerFactor: Double, minimumRate: Double
    public var initialization: Initialization, initialBias: Double
    public var normalizesFeatures: Bool, normalizesTarget: Bool, shuffles: Bool
    public var earlyStoppingPatience: Int, earlyStoppingTolerance: Double
    /// Optimiser steps in one epoch.
    public var stepsPerEpoch: Int
    private var texts: [String: String]

    /// Optimiser steps in all.
    public var plannedSteps: Int { stepsPerEpoch * epochs }

    /// Reads settings and decides what they leave open.
    ///
    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `noRows`.
    public init(
        parsing given: [String: String], rowCount: Int, featureCount: Int, classCount: Int, task: LearningTask
    ) throws(LearnerError) {
        guard rowCount > 0, featureCount > 0 else {
            throw LearnerError(.noRows, "nothing to learn from: \(rowCount) rows of \(featureCount) features")
        }
        let texts = try HyperparameterSpec.values(given, specs: LinearLearner.hyperparameters, learner: "linear-learner")
        // Every text was checked above, so that a missing number can only mean `auto`.
        let number = { (name: String) in texts[name].flatMap { Double($0) } }
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        let isTrue = { (name: String) in texts[name] == "true" }
        self.task = task
        self.classCount = task == .regressor ? 1 : classCount
        scoreCount = task == .multiclassClassifier ? classCount : 1
        loss = texts["loss"].flatMap(LinearLoss.init(rawValue:)) ?? .automatic(for: task)
        epochs = integer("epochs") ?? 15
        batchSize = min(rowCount, integer("mini_batch_size") ?? min(1000, max(8, rowCount / 64)))
        stepsPerEpoch = (rowCount + batchSize - 1) / batchSize
        optimizer = texts["optimizer"].flatMap(Optimizer.init(rawValue:)) ?? .adam
        let steps = Double(stepsPerEpoch * epochs)
        learningRate = number("learning_rate") ?? (optimizer == .adam ? Self.adamRate(task, steps: steps) : nil)
        momentum = number("momentum") ?? 0
        beta1 = number("beta_1") ?? 0.9
        beta2 = number("beta_2") ?? 0.999
        biasRateMultiplier = number("bias_lr_mult") ?? 1
        biasDecayMultiplier = number("bias_wd_mult") ?? 0
        weightDecay = number("wd") ?? 0
        l1 = number("l1") ?? 0
        usesBias = isTrue("use_bias")
        usesScheduler = isTrue("use_lr_scheduler")
        shuffles = isTrue("shuffle")
        // A rate that falls to nothing suits rows in random order. In the file's order it would only hide that each epoch undoes
        // part of the one before, so there the schedule is SageMaker's own gentle one.
        schedulerStep = integer("lr_scheduler_step") ?? (shuffles ? max(1, Int(steps) / 100) : 100)
        let falls = max(1, steps / Double(schedulerStep) - 1)
        schedulerFactor = number("lr_scheduler_factor") ?? (shuffles ? pow(0.01, 1 / falls) : 0.99)
        minimumRate = number("lr_scheduler_minimum_lr") ?? 1e-5
        initialization =
            texts["init_method"] == "normal"
            ? .normal(deviation: number("init_sigma") ?? 0.01) : .uniform(scale: number("init_scale") ?? 0.07)
        initialBias = number("init_bias") ?? 0
        normalizesFeatures = texts["normalize_data"] != "false"
        normalizesTarget = task == .regressor && texts["normalize_label"] != "false"
        earlyStoppingPatience = integer("early_stopping_patience") ?? 3
        earlyStoppingTolerance = number("early_stopping_tolerance") ?? 0.001
        self.texts = texts
        try checkConsistency(rowCount: rowCount)
    }

    /// Few updates need large ones. The figures come from trying a dozen small data sets; a regressor's optimum is flatter, so
    /// noise shows sooner.
    private static func adamRate(_ task: LearningTask, steps: Double) -> Double {
        let rate = task == .regressor ? min(0.15, 30 / steps) : min(0.3, 50 / steps)
        return (max(0.02, rate) * 10_000).rounded() / 10_000
    }

    private func checkConsistency(rowCount: Int) throws(LearnerError) {
        if let given = texts["predictor_type"], given != "auto", given != task.rawValue {
            throw LearnerError(
                .invalidHyperparameter, "predictor_type = '\(given)' does not fit a target for \(task.rawValue)")
        }
        if let given = texts["num_classes"].flatMap({ Int($0) }), task == .multiclassClassifier, given < classCount {
            throw LearnerError(.invalidHyperparameter, "num_classes = '\(given)' is less than the target's \(classCount) classes")
        }
        if loss != .automatic(for: task) {
            throw LearnerError(
                .invalidHyperparameter,
                "loss = '\(loss.rawValue)' is not valid for a \(task.rawValue): give auto or \(LinearLoss.automatic(for: task).rawValue)"
            )
        }
        if task != .regressor, classCount < 2 {
            throw LearnerError(.invalidTarget, "a classifier needs at least 2 classes, the target has \(classCount)")
        }
    }

    /// The learning rate of a step, counted from 0.
    ///
    /// - Source: SageMaker's step schedule: every `lr_scheduler_step` updates times `lr_scheduler_factor`, not below
    ///   `lr_scheduler_minimum_lr`.
    public func scheduledRate(base: Double, step: Int) -> Double {
        guard usesScheduler else { return base }
        return max(min(base, minimumRate), base * pow(schedulerFactor, Double(step / schedulerStep)))
    }

    /// Every setting's final value as text.
    public var resolved: [String: String] {
        var values = texts
        values["predictor_type"] = task.rawValue
        values["num_classes"] = String(classCount)
        values["loss"] = loss.rawValue
        values["mini_batch_size"] = String(batchSize)
        values["optimizer"] = optimizer.rawValue
        values["learning_rate"] = learningRate.map(Self.text) ?? "auto"
        values["momentum"] = Self.text(momentum)
        values["beta_1"] = Self.text(beta1)
        values["beta_2"] = Self.text(beta2)
        values["bias_lr_mult"] = Self.text(biasRateMultiplier)
        values["bias_wd_mult"] = Self.text(biasDecayMultiplier)
        values["wd"] = Self.text(weightDecay)
        values["l1"] = Self.text(l1)
        values["lr_scheduler_step"] = String(schedulerStep)
        values["lr_scheduler_factor"] = Self.text(schedulerFactor)
        values["lr_scheduler_minimum_lr"] = Self.text(minimumRate)
        values["normalize_data"] = String(normalizesFeatures)
        values["normalize_label"] = String(normalizesTarget)
        return values
    }

    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
}
