/// What kind of tensor it is: one of those known here, or whatever a script calls its own.
public struct TensorCollection: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    private init(_ name: String) { rawValue = name }

    /// What is learned and multiplied with.
    public static let weights = TensorCollection("weights")
    /// What is learned and added.
    public static let biases = TensorCollection("biases")
    /// Of weights and biases, as the optimiser gets them.
    public static let gradients = TensorCollection("gradients")
    /// What a step changed: after it, less before it.
    public static let updates = TensorCollection("updates")
    /// What a layer puts out.
    public static let activations = TensorCollection("activations")
    /// What the model is fed.
    public static let inputs = TensorCollection("inputs")
    /// State that the optimiser keeps for each parameter.
    public static let optimizer = TensorCollection("optimizer")
    /// What is minimised.
    public static let losses = TensorCollection("losses")
    /// Further numbers that say how good the model is.
    public static let metrics = TensorCollection("metrics")
    /// How much trees use each feature.
    public static let featureImportance = TensorCollection("feature_importance")
    /// How trees are built: their depths and leaves.
    public static let trees = TensorCollection("trees")
    /// What an ensemble adds up to for each row, before it becomes a probability.
    public static let margins = TensorCollection("margins")
    /// How much each column adds to predictions: the mean size of its Shapley values in the margin, over some rows.
    public static let attributions = TensorCollection("attributions")

    /// Those that are known here, in the order in which they are listed.
    public static let known: [TensorCollection] = [
        .weights, .biases, .gradients, .updates, .activations, .inputs, .optimizer, .losses, .metrics, .featureImportance, .trees,
        .margins, .attributions,
    ]

    public var description: String { rawValue }

    /// Known ones first, in their order; others by their names.
    public static func < (left: Self, right: Self) -> Bool {
        switch (known.firstIndex(of: left), known.firstIndex(of: right)) {
        case (let first?, let second?): first < second
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left.rawValue < right.rawValue
        }
    }
}
