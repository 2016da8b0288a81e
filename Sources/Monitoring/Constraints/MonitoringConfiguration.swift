/// How the constraints of a baseline are applied, for all features or for one.
///
/// - Source: SageMaker developer guide, "Schema for constraints (constraints.json file)".
public struct MonitoringConfiguration: Sendable, Hashable {
    /// How distributions of numbers are compared.
    public enum NumberMethod: String, Sendable, Hashable, CaseIterable {
        /// The greatest difference of the shares of values up to a point.
        case simple = "Simple"
        /// The same less what chance brings where rows are few.
        case robust = "Robust"
    }

    /// How distributions of texts are compared.
    public enum TextMethod: String, Sendable, Hashable, CaseIterable {
        /// The greatest difference of the shares of a text.
        case largestDifference = "LInfinity"
        /// How likely counts as these are, had nothing changed.
        case chiSquared = "ChiSquared"
    }

    public var evaluatesConstraints = true
    public var emitsMetrics = true
    /// The share of values that must be of the feature's type. SageMaker's pages say 1.0 or, newer ones, 0.1; this is 1.0.
    public var typeThreshold = 1.0
    /// The share of values that must be among the feature's domain.
    public var domainThreshold = 1.0
    public var comparesDistributions = true
    public var numberThreshold = 0.1
    public var numberMethod = NumberMethod.robust
    public var textThreshold = 0.1
    public var textMethod = TextMethod.largestDifference
    /// Of how many quiet windows in 1 something may be said, where what constraints say is to be more than chance, too; nil = constraints
    /// are applied as they stand, which is what SageMaker's do. Ours alone.
    public var falseAlarms: Double?

    public init() {}
}
