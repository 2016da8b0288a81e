import CheckedNumbers
import Glibc
import Hyperparameters

/// Linear Learner's settings, every `auto` decided.
public struct LinearLearnerConfiguration: Sendable, Hashable {
    /// How weights follow the gradient.
    public typealias Optimizer = LinearOptimizer
    /// What rows of the positive class, or of each class, weigh in the loss.
    public enum ClassWeighting: Sendable, Hashable {
        /// Positive rows weigh this, negative ones 1.
        case positives(Double)
        /// Positive rows weigh together what negative ones do, which weigh 1 each.
        case balancedPositives
        /// Every class weighs the same, and all rows together as much as without weights.
        case balancedClasses
    }
    /// How first weights are drawn.
    public enum Initialization: Sendable, Hashable {
        case uniform(scale: Double)
        case normal(deviation: Double)
    }

    public var task: LearningTask
    /// What is minimised, in the target's own units.
    public var objective: LinearObjective
    public var classWeighting: ClassWeighting
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
    public var centersFeatures: Bool, centersTarget: Bool
    /// First rows that means and deviations come from.
    public var scalerRowCount: Int
    /// Models trained side by side.
    public var modelCount: Int
    /// What a binary classifier's threshold, and the best of several models, are chosen by.
    public var criterion: SelectionCriterion
    /// Most validation rows that the threshold is found on.
    public var calibrationRowCount: Int
    public var topK: Int, beta: Double
    /// Categories of the last features, whose values are codes.
    public var cardinalities: [Int]
    /// Features that are shifted at most, and never scaled.
    public var unscaledFeatures: [Range<Int>]
    /// Optimiser steps in one epoch.
    public var stepsPerEpoch: Int
    private let featureCount: Int, rowCount: Int
    private var texts: [String: String]

    /// Whether the first step size was left to be decided.
    var rateIsAutomatic: Bool { texts["learning_rate"] == "auto" }
    /// Whether the penalty was left to be decided.
    var decayIsAutomatic: Bool { texts["wd"] == "auto" }
    /// Optimiser steps in all.
    public var plannedSteps: Int { stepsPerEpoch * epochs }

    /// Reads settings and decides what they leave open.
    ///
    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `noRows`.
    public init(
        parsing given: [String: String], rowCount: Int, featureCount: Int, classCount: Int, task: LearningTask,
        cardinalities: [Int] = [], unscaledFeatures: [Range<Int>] = []
    ) throws(LearnerError) {
        guard rowCount > 0, featureCount > 0 else {
            throw LearnerError(.noRows, "nothing to learn from: \(rowCount) rows of \(featureCount) features")
        }
        let texts = try Hyperparameter.values(given, specs: LinearLearner.hyperparameters, learner: "linear-learner")
        // Every text was checked above, so that a missing number can only mean `auto`.
        let number = { (name: String) in texts[name].flatMap { Double($0) } }
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        let isTrue = { (name: String) in texts[name] == "true" }
        self.task = task
        self.featureCount = featureCount
        self.rowCount = rowCount
        self.cardinalities = cardinalities
        // A rare indicator scaled to deviation 1 would be worth many times the penalty of a frequent one. SageMaker knows no
        // indicators, only numbers.
        self.unscaledFeatures = texts["preset"] == "sagemaker" ? [] : unscaledFeatures
        self.classCount = task == .regressor ? 1 : classCount
        scoreCount = task == .multiclassClassifier ? classCount : 1
        objective = Self.objective(texts, task)
        classWeighting = Self.classWeighting(texts, task)
        optimizer = texts["optimizer"].flatMap(Optimizer.init(rawValue:)) ?? .adam
        let takesAllRows = optimizer == .lbfgs
        batchSize = takesAllRows ? rowCount : min(rowCount, integer("mini_batch_size") ?? min(1000, max(8, rowCount / 64)))
        stepsPerEpoch = (rowCount + batchSize - 1) / batchSize
        epochs = integer("epochs") ?? (takesAllRows ? 100 : Self.automaticEpochs(stepsPerEpoch: stepsPerEpoch))
        let steps = Double(stepsPerEpoch * epochs)
        learningRate = number("learning_rate") ?? Self.automaticRate(optimizer, task, steps: steps)
        momentum = number("momentum") ?? 0
        beta1 = number("beta_1") ?? 0.9
        beta2 = number("beta_2") ?? (optimizer == .rmsprop ? 0.9 : 0.999)
        biasRateMultiplier = number("bias_lr_mult") ?? 1
        biasDecayMultiplier = number("bias_wd_mult") ?? 0
        weightDecay = number("wd") ?? Self.automaticDecay(objective.loss, rowCount: rowCount)
        l1 = number("l1") ?? 0
        usesBias = isTrue("use_bias")
        usesScheduler = isTrue("use_lr_scheduler")
        shuffles = isTrue("shuffle")
        // A rate that falls to nothing suits rows in random order. In the file's order it would only hide that each epoch undoes
        // part of the one before, so there the schedule is SageMaker's own gentle one.
        schedulerStep = integer("lr_scheduler_step") ?? (shuffles ? max(1, Int(roundedDownWithin: steps) / 100) : 100)
        let falls = max(1, steps / Double(schedulerStep) - 1)
        schedulerFactor = number("lr_scheduler_factor") ?? (shuffles ? pow(0.01, 1 / falls) : 0.99)
        minimumRate = number("lr_scheduler_minimum_lr") ?? 1e-5
        initialization =
            texts["init_method"] == "normal"
            ? .normal(deviation: number("init_sigma") ?? 0.01) : .uniform(scale: number("init_scale") ?? 0)
        initialBias = number("init_bias") ?? 0
        normalizesFeatures = texts["normalize_data"] != "false"
        normalizesTarget = task == .regressor && texts["normalize_label"] != "false"
        centersFeatures = texts["unbias_data"].flatMap(Bool.init) ?? (normalizesFeatures && usesBias)
        centersTarget =
            task == .regressor && usesBias && (texts["unbias_label"].flatMap(Bool.init) ?? normalizesTarget)
        scalerRowCount = min(rowCount, integer("num_point_for_scaler") ?? rowCount)
        modelCount = integer("num_models") ?? 1
        criterion = Self.criterion(
            texts, number, isCalibrated: objective.loss.givesProbabilities && classWeighting == .positives(1))
        calibrationRowCount = integer("num_calibration_samples") ?? 10_000_000
        topK = integer("accuracy_top_k") ?? 3
        beta = number("f_beta") ?? 1
        self.texts = texts
        try checkConsistency(featureCount: featureCount)
    }

    private static func objective(_ texts: [String: String], _ task: LearningTask) -> LinearObjective {
        let loss = texts["loss"].flatMap(LinearLoss.init(rawValue:)) ?? .automatic(for: task)
        let name: String? =
            switch loss {
            case .quantile: "quantile"
            case .huber: "huber_delta"
            case .epsilonSquared, .epsilonAbsolute: "loss_insensitivity"
            case .hinge: "margin"
            default: nil
            }
        return LinearObjective(loss, parameter: name.flatMap { texts[$0] }.flatMap(Double.init) ?? 0)
    }

    private static func classWeighting(_ texts: [String: String], _ task: LearningTask) -> ClassWeighting {
        if task == .multiclassClassifier {
            return texts["balance_multiclass_weights"] == "true" ? .balancedClasses : .positives(1)
        }
        guard task == .binaryClassifier, let text = texts["positive_example_weight_mult"] else { return .positives(1) }
        return Double(text).map(ClassWeighting.positives) ?? .balancedPositives
    }

    /// The optimum is as near after as many updates as a small file has in many passes.
    private static func automaticEpochs(stepsPerEpoch: Int) -> Int { min(100, max(15, 6000 / stepsPerEpoch)) }

    /// - Source: scikit-learn's LogisticRegression minimises C · Σ loss + |w|² / 2 with C = 1, its Ridge Σ e² + alpha · |w|² with
    ///   alpha = 1; both divided by the rows.
    private static func automaticDecay(_ loss: LinearLoss, rowCount: Int) -> Double {
        let exact = (loss == .squared || loss == .epsilonSquared ? 2 : 1) / Double(rowCount)
        // Four digits, to be read and typed.
        let scale = pow(10, 3 - log10(exact).rounded(.down))
        return Double("\(Float((exact * scale).rounded() / scale))") ?? exact
    }

    /// - Parameter isCalibrated: whether probabilities are meant to be those of the rows, so that 0.5 is the best threshold.
    private static func criterion(
        _ texts: [String: String], _ number: (String) -> Double?, isCalibrated: Bool
    ) -> SelectionCriterion {
        switch texts["binary_classifier_model_selection_criteria"] {
        case "f_beta": .fBeta(number("f_beta") ?? 1)
        case "f1": .fBeta(1)
        case "precision_at_target_recall": .precisionAtTargetRecall(number("target_recall") ?? 0.8)
        case "recall_at_target_precision": .recallAtTargetPrecision(number("target_precision") ?? 0.8)
        case "loss_function", "cross_entropy_loss": .loss
        case "accuracy": .accuracy
        default: isCalibrated ? .loss : .accuracy
        }
    }

    /// The first step size; `nil` when it depends on the features.
    private static func automaticRate(_ optimizer: Optimizer, _ task: LearningTask, steps: Double) -> Double? {
        switch optimizer {
        case .adam, .rmsprop: adamRate(task, steps: steps)
        // AdaGrad's steps shrink by themselves as one over the root of their number.
        case .adagrad: (adamRate(task, steps: steps) * max(2, steps.squareRoot() / 3) * 10_000).rounded() / 10_000
        case .sgd: nil
        case .lbfgs: 1
        }
    }

    /// Settings that every neighbour differs from a little.
    func candidates(learningRate: Double, seed: UInt64) -> [LinearCandidate] {
        LinearCandidate.neighbours(
            of: LinearCandidate(
                learningRate: learningRate, weightDecay: weightDecay, l1: l1, schedulerFactor: schedulerFactor),
            count: modelCount, drawsDecay: decayIsAutomatic, drawsL1: texts["l1"] == "auto", seed: seed)
    }

    /// Few updates need large ones. The figures come from trying a dozen small data sets; a regressor's optimum is flatter, so
    /// noise shows sooner.
    private static func adamRate(_ task: LearningTask, steps: Double) -> Double {
        let rate = task == .regressor ? max(0.04, min(0.15, 30 / steps)) : max(0.02, min(0.3, 50 / steps))
        return (rate * 10_000).rounded() / 10_000
    }

    private func checkConsistency(featureCount: Int) throws(LearnerError) {
        if let given = texts["predictor_type"], given != "auto", given != task.rawValue {
            throw LearnerError(
                .invalidHyperparameter, "predictor_type = '\(given)' does not fit a target for \(task.rawValue)")
        }
        if let given = texts["num_classes"].flatMap({ Int($0) }), task == .multiclassClassifier, given < classCount {
            throw LearnerError(.invalidHyperparameter, "num_classes = '\(given)' is less than the target's \(classCount) classes")
        }
        let losses = LinearLoss.choices(for: task)
        if !losses.contains(objective.loss) {
            throw LearnerError(
                .invalidHyperparameter,
                "loss = '\(objective.loss.rawValue)' is not valid for a \(task.rawValue): give \((["auto"] + losses.map(\.rawValue)).joined(separator: " or "))"
            )
        }
        if let given = texts["feature_dim"].flatMap({ Int($0) }), given != featureCount {
            throw LearnerError(
                .invalidHyperparameter, "feature_dim = '\(given)' but the rows have \(featureCount) features: give auto")
        }
        if optimizer == .lbfgs { try checkFullBatch() }
        if task != .regressor, classCount < 2 {
            throw LearnerError(.invalidTarget, "a classifier needs at least 2 classes, the target has \(classCount)")
        }
    }

    private func checkFullBatch() throws(LearnerError) {
        let fault: String? =
            if !objective.loss.isSmooth {
                "takes smooth losses, \(objective.loss.rawValue) has a kink: give another optimizer, or loss = huber_loss"
            } else if l1 > 0 {
                "takes no l1: set l1 = 0, or give another optimizer"
            } else if modelCount > 1 {
                "trains one model: set num_models = 1, or give another optimizer"
            } else if texts["streaming"] == "true" {
                "takes all rows at a time, and they do not fit in memory: give another optimizer, or set streaming = false"
            } else {
                nil
            }
        if let fault { throw LearnerError(.invalidHyperparameter, "optimizer = 'lbfgs' \(fault)") }
    }

    /// The learning rate of a step, counted from 0.
    ///
    /// - Source: SageMaker's step schedule: every `lr_scheduler_step` updates times `lr_scheduler_factor`, not below
    ///   `lr_scheduler_minimum_lr`.
    public func scheduledRate(base: Double, step: Int, factor: Double? = nil) -> Double {
        guard usesScheduler else { return base }
        return max(min(base, minimumRate), base * pow(factor ?? schedulerFactor, Double(step / schedulerStep)))
    }

    /// Every setting's final value as text.
    public var resolved: [String: String] {
        var values = texts
        values["feature_dim"] = String(featureCount)
        values["epochs"] = String(epochs)
        values["unbias_data"] = String(centersFeatures)
        values["unbias_label"] = String(centersTarget)
        values["num_point_for_scaler"] = String(scalerRowCount)
        values["num_models"] = String(modelCount)
        if case .positives(let weight) = classWeighting {
            values["positive_example_weight_mult"] = Hyperparameter.text(weight)
        }
        if values["binary_classifier_model_selection_criteria"] == "auto" {
            values["binary_classifier_model_selection_criteria"] = criterion == .loss ? "loss_function" : "accuracy"
        }
        values["num_calibration_samples"] = String(calibrationRowCount)
        // Without a stream all rows are shuffled among each other.
        if values["streaming"] == "auto" { values["streaming"] = "false" }
        if values["shuffle_buffer_rows"] == "auto" { values["shuffle_buffer_rows"] = String(rowCount) }
        if values["shuffle_block_bytes"] == "auto" { values["shuffle_block_bytes"] = "0" }
        if values["sample_rows"] == "auto" { values["sample_rows"] = String(rowCount) }
        values["predictor_type"] = task.rawValue
        values["num_classes"] = String(classCount)
        values["loss"] = objective.loss.rawValue
        values["mini_batch_size"] = String(batchSize)
        values["optimizer"] = optimizer.rawValue
        if case .uniform(let scale) = initialization { values["init_scale"] = Hyperparameter.text(scale) }
        values["learning_rate"] = learningRate.map(Hyperparameter.text) ?? "auto"
        values["momentum"] = Hyperparameter.text(momentum)
        values["beta_1"] = Hyperparameter.text(beta1)
        values["beta_2"] = Hyperparameter.text(beta2)
        values["bias_lr_mult"] = Hyperparameter.text(biasRateMultiplier)
        values["bias_wd_mult"] = Hyperparameter.text(biasDecayMultiplier)
        values["wd"] = Hyperparameter.text(weightDecay)
        values["l1"] = Hyperparameter.text(l1)
        values["lr_scheduler_step"] = String(schedulerStep)
        values["lr_scheduler_factor"] = Hyperparameter.text(schedulerFactor)
        values["lr_scheduler_minimum_lr"] = Hyperparameter.text(minimumRate)
        values["normalize_data"] = String(normalizesFeatures)
        values["normalize_label"] = String(normalizesTarget)
        return values
    }
}
