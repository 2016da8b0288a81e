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
    /// The same where the rows lie on a cluster; only for learners that take them so.
    public var distributed: (any DistributedRows)?
    /// Decides initial weights and row order.
    public var seed: UInt64
    /// Features that are the indicators of one categorical column each, in ascending order.
    public var featureGroups: [Range<Int>]
    /// Categories of the last features, whose values are codes from 0; only for learners that take codes.
    public var cardinalities: [Int]
    /// Features that are not to be scaled, such as indicators of categories, by learners that scale features.
    public var unscaledFeatures: [Range<Int>]
    /// A metric of `Metrics.detailNames` that every evaluation is to measure; nil = none.
    public var detail: String?

    /// A request.
    public init(
        hyperparameters: [String: String], task: LearningTask, classCount: Int, training: LabelledMatrix,
        validation: LabelledMatrix?, seed: UInt64, featureGroups: [Range<Int>] = [], cardinalities: [Int] = [],
        unscaledFeatures: [Range<Int>] = [], stream: (any RowStream)? = nil,
        distributed: (any DistributedRows)? = nil, detail: String? = nil
    ) {
        self.hyperparameters = hyperparameters
        self.task = task
        self.classCount = classCount
        self.training = training
        self.validation = validation
        self.seed = seed
        self.featureGroups = featureGroups
        self.cardinalities = cardinalities
        self.unscaledFeatures = unscaledFeatures
        self.stream = stream
        self.distributed = distributed
        self.detail = detail
    }
}
