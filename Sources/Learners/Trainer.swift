/// What one optimiser step did.
public struct StepReport: Sendable, Hashable {
    /// Mean training loss of the mini-batch before the update, in the target's own units; NaN and infinity are reported as such.
    public var loss: Double
    /// Rows in the mini-batch.
    public var rowCount: Int
    /// L2 norm of the gradient the optimiser saw, weight decay included; nil where there is no gradient.
    public var gradientNorm: Double?
    /// The learning rate of the step; nil where there is none.
    public var learningRate: Double?

    /// What is reported of no step: none is left to take, or it failed.
    static let nothing = StepReport(loss: .nan, rowCount: 0)
}

/// A model being trained, one mini-batch at a time.
///
/// Confined to the thread that made it. Same configuration, data and seed give the same bits, whatever is evaluated or saved
/// on the way.
public protocol Trainer: AnyObject {
    /// Optimiser steps in one pass over the training rows.
    var stepsPerEpoch: Int { get }
    /// Optimiser steps in all, if nothing stops the job early.
    var plannedSteps: Int { get }
    /// Optimiser steps done so far.
    var step: Int { get }
    /// Whether all planned steps are done.
    var isFinished: Bool { get }
    /// The order in which the current epoch takes the training rows.
    var feedingOrder: [Int32] { get }
    /// Takes one step. Does nothing but report the last batch's size as 0 when finished.
    func trainStep() -> StepReport
    /// Measures the model as it is: `train:` over the training rows, `validation:` over all validation rows. Losses are in the
    /// units of `StepReport.loss`.
    func evaluate() -> [(name: String, value: Double)]
    /// Measures what is cheap next to a step: the losses by the names of `evaluate`, and what was asked for besides; by default
    /// everything.
    func evaluateLosses() -> [(name: String, value: Double)]
    /// Whether all metrics are to be measured where the run stands, rather than the losses alone: by default they always are.
    /// A matter of data, settings and step, so that a run that is repeated has the same points on its curves.
    var isFullEvaluationDue: Bool { get }
    /// Everything needed to continue bit for bit on the same data.
    func snapshot() -> [UInt8]
    /// Continues from a snapshot.
    ///
    /// - Throws: `invalidSnapshot` when it is damaged or from another configuration; the trainer is then unchanged.
    func restore(_ bytes: [UInt8]) throws(LearnerError)
    /// As little as brings the present model back with `restore`, on this trainer or one restored from a later snapshot of its
    /// run: by default a snapshot.
    func bestMark() -> [UInt8]
    /// What made the last step or evaluation fail, after which no more are taken; nil while all is well.
    var failure: LearnerError? { get }
    /// The model as it is now.
    var model: any LearnedModel { get }
    /// Changes hyperparameters from the next step on. Learners say which ones can change.
    ///
    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `unsupported` when it cannot change while training.
    func change(_ hyperparameters: [String: String]) throws(LearnerError)
}

extension Trainer {
    public func bestMark() -> [UInt8] { snapshot() }
    public var failure: LearnerError? { nil }
    public func evaluateLosses() -> [(name: String, value: Double)] { evaluate() }
    public var isFullEvaluationDue: Bool { true }
}

/// A learning algorithm: its name, its settings, and how to begin training. A new one is one file and one line in `all`.
public struct Learner: Sendable {
    /// The name on the command line, such as `linear-learner`.
    public var name: String
    /// What it is, in one line.
    public var summary: String
    /// What it can predict.
    public var tasks: [LearningTask]
    /// Its settings.
    public var hyperparameters: [HyperparameterSpec]
    /// Checks and resolves settings and begins training; returns the trainer and every setting's final value.
    public var makeTrainer:
        @Sendable (_ request: TrainingRequest) throws(LearnerError) -> (trainer: any Trainer, resolved: [String: String])

    /// What it leaves behind, for reading a saved model back.
    public var modelType: any LearnedModel.Type

    /// Whether it takes categories as codes (`TrainingRequest.cardinalities`), so that a column may have any number of them.
    public var takesCodes = false

    /// Whether it takes rows from a stream, so that there may be more of them than fit in memory.
    public var streams = false

    /// Whether it learns from known outcomes.
    public var needsTarget: Bool { tasks.contains(where: \.needsTarget) }

    /// What the settings say is to be predicted; nil leaves it to the target's values.
    public var impliedTask: @Sendable (_ hyperparameters: [String: String]) -> LearningTask? = {
        $0["predictor_type"].flatMap(LearningTask.init(rawValue:))
    }

    /// Whether rows may count for more or less.
    public var weighsRows = true
    /// Whether NaN stands for a missing feature, rather than being refused.
    public var takesMissing = false

    /// Throws `libraryMissing` when the learner needs a library that is not here.
    public var checkAvailability: @Sendable () throws(LearnerError) -> Void = {}

    /// When a job ends that no longer gets better.
    public struct EarlyStoppingDefaults: Sendable, Hashable {
        /// Evaluations without improvement; nil = any number.
        public var patience: Int?
        /// Part of the best value that an evaluation must improve by.
        public var tolerance = 0.0
    }

    /// When a job of it ends early unless its settings say otherwise.
    public var earlyStopping = EarlyStoppingDefaults()

    /// What `Trainer.evaluate` measures on each split for a task and settings, `loss` first.
    public var metrics: @Sendable (_ task: LearningTask, _ hyperparameters: [String: String]) -> [String] = { task, _ in
        Metrics.names(task)
    }

    /// Hyperparameters that `Trainer.change` takes in a job with these settings; by default none.
    public var steerable: @Sendable (_ hyperparameters: [String: String]) -> [String] = { _ in [] }

    /// The hyperparameter that says how long a job trains, and that a job which goes on may be given more of; nil where the end
    /// lies in the method.
    public var lengthSetting: String?

    /// All learners.
    public static let all: [Learner] = [.linear, .neuralNetwork, .xgboost, .kmeans, .pca]

    /// The learner with a name.
    ///
    /// - Throws: `unknownLearner`.
    public static func named(_ name: String) throws(LearnerError) -> Learner {
        if let learner = all.first(where: { $0.name == name }) { return learner }
        throw LearnerError(
            .unknownLearner, "no algorithm '\(name)': choose from \(all.map(\.name).joined(separator: ", "))")
    }
}

/// Training rows that stay in their file and are handed out piece by piece. Confined to the trainer's thread.
public protocol RowStream: AnyObject {
    /// Rows of one epoch.
    var rowCount: Int { get }
    /// Rows that fit in memory at a time.
    var windowRowCount: Int { get }
    /// Some of an epoch's rows; which ones depends on nothing but the epoch and the range.
    ///
    /// - Throws: `streamFailed` when the file can no longer be read as it was.
    func rows(_ range: Range<Int>, epoch: Int) throws(LearnerError) -> LabelledMatrix
}

/// What a learner is to be trained on.
public struct TrainingRequest {
    /// Settings as text; those not given take their defaults.
    public var hyperparameters: [String: String]
    /// What to predict.
    public var task: LearningTask
    /// Classes of a classifier; 1 for a regressor.
    public var classCount: Int
    /// Rows to learn from, and rows to validate on.
    public var training: LabelledMatrix, validation: LabelledMatrix?
    /// All rows to learn from, when `training` is but a sample of them; only for learners that stream.
    public var stream: (any RowStream)?
    /// Decides initial weights and row order.
    public var seed: UInt64
    /// Features that are the indicators of one categorical column each, in ascending order.
    public var featureGroups: [Range<Int>]
    /// Categories of the last features, whose values are codes from 0; only for learners that take codes.
    public var cardinalities: [Int]

    /// A request.
    public init(
        hyperparameters: [String: String], task: LearningTask, classCount: Int, training: LabelledMatrix,
        validation: LabelledMatrix?, seed: UInt64, featureGroups: [Range<Int>] = [], cardinalities: [Int] = [],
        stream: (any RowStream)? = nil
    ) {
        self.hyperparameters = hyperparameters
        self.task = task
        self.classCount = classCount
        self.training = training
        self.validation = validation
        self.seed = seed
        self.featureGroups = featureGroups
        self.cardinalities = cardinalities
        self.stream = stream
    }
}
