/// What a tensor is of, by the names that collections of tensors have everywhere.
public enum TensorKind: String, Sendable, CaseIterable {
    case weights, biases, gradients, updates, activations, inputs, optimizer, losses
    case featureImportance = "feature_importance"
    case trees, margins, attributions
}
