/// What the values of a column are, as SageMaker's monitors have it.
///
/// - Source: Deequ's types of data, and Model Monitor's `inferred_type`.
public enum InferredType: String, Sendable, Hashable, CaseIterable {
    case integral = "Integral"
    case fractional = "Fractional"
    case string = "String"
    /// No value in any row.
    case unknown = "Unknown"

    public var isNumeric: Bool { self == .integral || self == .fractional }
}
