/// What a model predicts; the raw values are SageMaker's `predictor_type`.
public enum LearningTask: String, Sendable, Hashable, Codable, CaseIterable {
    /// A number.
    case regressor
    /// One of two classes.
    case binaryClassifier = "binary_classifier"
    /// One of three or more classes.
    case multiclassClassifier = "multiclass_classifier"
    /// Groups of rows that are alike; takes no target.
    case clustering
    /// Few directions along which the rows vary most; takes no target.
    case decomposition

    /// Those that predict a target.
    public static let allCases: [LearningTask] = [.regressor, .binaryClassifier, .multiclassClassifier]

    /// Whether rows need known outcomes.
    public var needsTarget: Bool { self != .clustering && self != .decomposition }
}
