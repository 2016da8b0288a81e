import Glibc
import Hyperparameters

/// A neural network's settings, every `auto` decided.
public struct NeuralConfiguration: Sendable, Hashable {
    /// How weights follow the gradient.
    public typealias Optimizer = NeuralOptimizer

    public var task: LearningTask
    /// Classes; 1 for a regressor.
    public var classCount: Int
    /// Scores a row: 1, or the number of classes of a multiclass classifier.
    public var scoreCount: Int
    public var epochs: Int, batchSize: Int, stepsPerEpoch: Int
    public var hiddenSizes: [Int], activation: Activation, usesBatchNormalization: Bool
    /// Indicators that become embeddings; `embeddingWidth` nil = by their number.
    public var embeddedGroups: [Range<Int>], embeddingWidth: Int?
    /// Categories of the last features, whose values are codes.
    public var cardinalities: [Int]
    private let rowCount: Int
    /// Features that are shifted at most, and never scaled.
    public var unscaledFeatures: [Range<Int>]
    public var image: ImageShape?, filterCounts: [Int]
    var augmentation: Augmentation
    public var optimizer: Optimizer
    public var learningRate: Double, momentum: Double, usesNesterov: Bool, beta1: Double, beta2: Double
    /// Longest gradient; 0 = any.
    public var gradientClip: Double
    public var schedule: LearningRateSchedule, minimumRate: Double, plateauPatience: Int
    var initialization: WeightInitialization.Method
    public var dropout: Double, l1: Double, l2: Double, weightDecay: Double
    public var labelSmoothing: Double, balancesClasses: Bool
    public var normalizesFeatures: Bool, normalizesTarget: Bool, shuffles: Bool
    private var texts: [String: String]

    /// Optimiser steps in all.
    public var plannedSteps: Int { stepsPerEpoch * epochs }

    /// Reads a request's settings and decides what they leave open.
    ///
    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `invalidTarget`, `noRows`.
    public init(_ request: TrainingRequest) throws(LearnerError) {
        let featureCount = request.training.features.columnCount
        rowCount = request.training.rowCount
        guard rowCount > 0, featureCount > 0 else {
            throw LearnerError(.noRows, "nothing to learn from: \(rowCount) rows of \(featureCount) features")
        }
        let texts = try Hyperparameter.values(
            request.hyperparameters, specs: NeuralLearner.hyperparameters, learner: "neural-network")
        self.texts = texts
        // Every text was checked above, so that a missing number can only mean `auto`.
        let number = { (name: String) in texts[name].flatMap { Double($0) } }
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        let isTrue = { (name: String) in texts[name] == "true" }
        task = request.task
        classCount = task == .regressor ? 1 : request.classCount
        scoreCount = task == .multiclassClassifier ? request.classCount : 1
        image = texts["image_shape"].flatMap { ImageShape($0) }
        batchSize = min(rowCount, integer("mini_batch_size") ?? min(256, max(16, rowCount / 64)))
        stepsPerEpoch = (rowCount + batchSize - 1) / batchSize
        epochs = integer("epochs") ?? Self.automaticEpochs(stepsPerEpoch: stepsPerEpoch)
        hiddenSizes = texts["hidden_layers"].flatMap { Hyperparameter.list($0) } ?? (image == nil ? [128, 64] : [64])
        filterCounts = texts["conv_layers"].flatMap { Hyperparameter.list($0) } ?? (image == nil ? [] : [16, 32])
        activation = texts["activation"].flatMap(Activation.init(rawValue:)) ?? .relu
        usesBatchNormalization = isTrue("batch_normalization")
        embeddingWidth = integer("embedding_width")
        let leastGroup = embeddingWidth == nil ? 10 : embeddingWidth == 0 ? .max : 2
        embeddedGroups = image == nil ? request.featureGroups.filter { $0.count >= leastGroup } : []
        cardinalities = request.cardinalities
        unscaledFeatures = request.unscaledFeatures
        augmentation = Augmentation(
            shift: number("augment_shift") ?? 0, rotation: number("augment_rotate") ?? 0, mirrors: isTrue("augment_flip"),
            noise: number("augment_noise") ?? 0)
        let optimizer = texts["optimizer"].flatMap(Optimizer.init(rawValue:)) ?? .adamw
        self.optimizer = optimizer
        learningRate = number("learning_rate") ?? Self.automaticRate(optimizer)
        momentum = number("momentum") ?? (optimizer == .sgd ? 0.9 : 0)
        usesNesterov = isTrue("nesterov")
        beta1 = number("beta_1") ?? 0.9
        beta2 = number("beta_2") ?? 0.999
        gradientClip = number("gradient_clip") ?? 0
        let steps = stepsPerEpoch * epochs
        schedule = LearningRateSchedule(
            shape: texts["lr_scheduler"].flatMap(LearningRateSchedule.Shape.init(rawValue:)) ?? .cosine, plannedSteps: steps,
            warmupSteps: integer("warmup_steps") ?? 0, fallSteps: integer("lr_scheduler_step") ?? max(1, (steps + 2) / 3),
            factor: number("lr_scheduler_factor") ?? 0.1)
        minimumRate = number("lr_scheduler_minimum_lr") ?? 0
        plateauPatience = integer("lr_scheduler_patience") ?? 5
        // Networks of tables learn better from Glorot's smaller weights even where they rectify: on nine files, validation losses
        // were 0.99 of those with He's in the median and 0.67 at best.
        let suitsHe = image != nil && (activation == .relu || activation == .gelu)
        initialization =
            texts["init_method"].flatMap(WeightInitialization.Method.init(rawValue:)) ?? (suitsHe ? .he : .glorot)
        // Few rows are learned by heart within seconds; tuned on the sample data.
        let hasFewRows = rowCount < 50_000
        dropout = number("dropout") ?? (hasFewRows ? 0.2 : 0)
        l1 = number("l1") ?? 0
        l2 = number("wd") ?? 0
        weightDecay = number("weight_decay") ?? (optimizer != .adamw ? 0 : hasFewRows ? 0.3 : 0.01)
        labelSmoothing = number("label_smoothing") ?? 0
        balancesClasses = texts["class_weights"] == "balanced"
        normalizesFeatures = texts["normalize_data"] != "false"
        normalizesTarget = task == .regressor && texts["normalize_label"] != "false"
        shuffles = isTrue("shuffle")
        try checkConsistency(featureCount: featureCount)
    }

    /// Enough passes for about 6,000 updates, between 10 and 200.
    private static func automaticEpochs(stepsPerEpoch: Int) -> Int { min(200, max(10, 6000 / stepsPerEpoch)) }

    private static func automaticRate(_ optimizer: Optimizer) -> Double {
        switch optimizer {
        case .adam, .adamw: 0.003
        case .sgd: 0.05
        case .rmsprop: 0.001
        }
    }

    private func checkConsistency(featureCount: Int) throws(LearnerError) {
        if let given = texts["predictor_type"], given != "auto", given != task.rawValue {
            throw LearnerError(
                .invalidHyperparameter, "predictor_type = '\(given)' does not fit a target for \(task.rawValue)")
        }
        if let given = texts["num_classes"].flatMap({ Int($0) }), task == .multiclassClassifier, given < classCount {
            throw LearnerError(.invalidHyperparameter, "num_classes = '\(given)' is less than the target's \(classCount) classes")
        }
        if task != .regressor, classCount < 2 {
            throw LearnerError(.invalidTarget, "a classifier needs at least 2 classes, the target has \(classCount)")
        }
        if let image, image.count != featureCount {
            throw LearnerError(
                .invalidHyperparameter,
                "image_shape = '\(texts["image_shape"] ?? "")' is \(image.count) pixels and channels, the rows have \(featureCount) features: give the images' own shape"
            )
        }
        if image == nil, !filterCounts.isEmpty || augmentation.movesPixels {
            throw LearnerError(
                .invalidHyperparameter, "conv_layers and augment_shift, _rotate and _flip are for images: give image_shape too")
        }
        // No layer beyond what memory and the kernels' indices can take.
        let widest = max(hiddenSizes.max() ?? 0, (image?.pixelCount ?? 0) * (filterCounts.max() ?? 0))
        guard widest <= 1 << 24, architecture(featureCount: featureCount).parameterCount <= 1 << 28 else {
            throw LearnerError(.invalidHyperparameter, "the network would have more than 2²⁸ weights: make its layers smaller")
        }
    }

    /// The layers these settings mean.
    func architecture(featureCount: Int) -> NetworkArchitecture {
        NetworkArchitecture(
            NetworkArchitecture.Plan(
                inputWidth: featureCount, outputWidth: scoreCount, hiddenSizes: hiddenSizes, activation: activation,
                usesBatchNormalization: usesBatchNormalization, embeddedGroups: embeddedGroups,
                embeddingWidth: embeddingWidth, cardinalities: cardinalities, rowCount: rowCount, image: image,
                filterCounts: filterCounts))
    }

    /// Every setting's final value as text.
    public var resolved: [String: String] {
        var values = texts
        let list = { (numbers: [Int]) in numbers.isEmpty ? "none" : numbers.map { String($0) }.joined(separator: ",") }
        values["predictor_type"] = task.rawValue
        values["num_classes"] = String(classCount)
        values["hidden_layers"] = list(hiddenSizes)
        values["conv_layers"] = list(filterCounts)
        values["embedding_width"] = embeddedGroups.isEmpty && cardinalities.isEmpty ? "0" : texts["embedding_width"]
        values["epochs"] = String(epochs)
        values["mini_batch_size"] = String(batchSize)
        values["learning_rate"] = Hyperparameter.text(learningRate)
        values["momentum"] = Hyperparameter.text(momentum)
        values["lr_scheduler_step"] = String(schedule.fallSteps)
        values["dropout"] = Hyperparameter.text(dropout)
        values["init_method"] = initialization.rawValue
        values["weight_decay"] = Hyperparameter.text(weightDecay)
        values["normalize_data"] = String(normalizesFeatures)
        values["normalize_label"] = String(normalizesTarget)
        return values
    }
}
