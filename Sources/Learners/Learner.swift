import Hyperparameters

/// A learning algorithm: its name, its settings, and how to begin training. A new one is one file
/// and one line in `all`.
public struct Learner: Sendable {
    /// The name on the command line, such as `linear-learner`.
    public var name: String
    /// What it is, in one line.
    public var summary: String
    /// What it can predict.
    public var tasks: [LearningTask]
    /// Its settings.
    public var hyperparameters: [Hyperparameter]
    /// Checks and resolves settings and begins training; returns the trainer and every setting's final value.
    public var makeTrainer:
        @Sendable (_ request: TrainingRequest) throws(LearnerError) -> (trainer: any Trainer, resolved: [String: String])

    /// What it leaves behind, for reading a saved model back.
    public var modelType: any LearnedModel.Type

    /// How a learner's model reads its features, which decides the form they are best given in.
    public enum Family: Sendable, Hashable { case linear, network, trees, distances }

    /// How its models read features.
    public var family = Family.distances

    /// Whether it takes categories as codes (`TrainingRequest.cardinalities`), so that a column may have any number of them.
    public var takesCodes = false

    /// Whether it takes rows from a stream, so that there may be more of them than fit in memory.
    public var streams = false

    /// Whether it learns from rows on a cluster by sums over them (`DistributedRows`).
    public var distributes = false

    /// Whether it learns from known outcomes.
    public var needsTarget: Bool { tasks.contains(where: \.needsTarget) }

    /// What the settings say is to be predicted; nil leaves it to the target's values.
    public var impliedTask: @Sendable (_ hyperparameters: [String: String]) -> LearningTask? = {
        $0["predictor_type"].flatMap(LearningTask.init(rawValue:))
    }

    /// Whether NaN stands for a missing feature, rather than being refused.
    public var takesMissing = false

    /// Whether a regressor with these settings learns the same from targets that are all less by one number, so that this may be done
    /// to targets of more digits than single precision has.
    public var takesTargetOrigin: @Sendable (_ hyperparameters: [String: String]) -> Bool = { $0["use_bias"] != "false" }

    /// Throws `libraryMissing` when the learner needs a library that is not here.
    public var checkAvailability: @Sendable () throws(LearnerError) -> Void = {}

    /// When a job ends that no longer gets better.
    public struct EarlyStoppingDefaults: Sendable, Hashable {
        /// Evaluations without improvement; nil = any number.
        public var patience: Int?
        /// Part of the best value that an evaluation must improve by.
        public var tolerance = 0.0
        /// What SageMaker has instead; nil = the same.
        public var sageMakerPatience: Int?, sageMakerTolerance: Double?
    }

    /// When a job of it ends early unless its settings say otherwise.
    public var earlyStopping = EarlyStoppingDefaults()

    /// What can be measured on each split for a task and settings, `loss` first.
    public var metrics: @Sendable (_ task: LearningTask, _ hyperparameters: [String: String]) -> [String] = { task, _ in
        Metrics.names(task) + Metrics.detailNames(task)
    }

    /// Hyperparameters that `Trainer.change` takes in a job with these settings; by default none.
    public var steerable: @Sendable (_ hyperparameters: [String: String]) -> [String] = { _ in [] }

    /// The hyperparameter that says how long a job trains, and that a job which goes on may be given more of; nil where the end
    /// lies in the method.
    public var lengthSetting: String?

    /// The few hyperparameters that people change most, in the order in which forms show them; the others are folded away there.
    public var essentials: [String] = []

    /// Ranges of hyperparameters in which it is worth searching, those that matter most first.
    public var searchRanges: [String] = []
}
