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
    /// Features that normalisation leaves at their own scale, in ascending order: indicators, whose deviation only says how rare
    /// they are.
    public var unscaledFeatures: [Range<Int>] = []

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

extension TrainingRequest {
    /// Checks what a learner without targets is given.
    ///
    /// - Throws: as `LabelledMatrix.check`; `unsupported` for row weights.
    func checkUnlabelled(learner: String) throws(LearnerError) {
        try LabelledMatrix.check(training: training, validation: validation, classCount: nil)
        guard training.weights == nil, validation?.weights == nil else {
            throw LearnerError(.unsupported, "\(learner) does not weigh rows: train without row weights")
        }
    }
}
