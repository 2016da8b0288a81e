/// What data must be like: what stands in `constraints.json`.
public struct DatasetConstraints: Sendable, Hashable {
    public var features: [FeatureConstraint]
    public var configuration: MonitoringConfiguration

    public init(features: [FeatureConstraint], configuration: MonitoringConfiguration = MonitoringConfiguration()) {
        (self.features, self.configuration) = (features, configuration)
    }
}

/// What one feature's values must be like.
public struct FeatureConstraint: Sendable, Hashable {
    public var name: String
    public var type: InferredType
    /// The share of rows that must have a value.
    public var completeness: Double
    /// Of numbers: whether none was below 0.
    public var isNonNegative: Bool?
    /// Of texts that are few: those that are allowed.
    public var domain: [String]?
    /// Settings of this feature alone.
    public var configuration: MonitoringConfiguration?

    public init(name: String, type: InferredType, completeness: Double) {
        (self.name, self.type, self.completeness) = (name, type, completeness)
    }
}

extension DatasetConstraints {
    /// How many distinct texts can be a domain.
    static let mostInDomain = 100

    /// Suggests constraints that data with these statistics meets.
    ///
    /// - Parameters:
    ///   - moving: features whose values move by themselves, such as dates: how they are distributed is not compared.
    ///   - falseAlarms: see `MonitoringConfiguration`.
    /// - Source: texts are a domain where at most a tenth of them is there once, as Deequ's `CategoricalRangeRule` has it.
    public init(suggestedFor statistics: DatasetStatistics, moving: Set<String> = [], falseAlarms: Double?) {
        var configuration = MonitoringConfiguration()
        configuration.falseAlarms = falseAlarms
        let features = statistics.features.map { feature in
            var constraint = FeatureConstraint(name: feature.name, type: feature.type, completeness: feature.completeness)
            if let numbers = feature.numbers { constraint.isNonNegative = numbers.minimum >= 0 }
            if let texts = feature.texts, !moving.contains(feature.name), texts.distinct > 0, texts.distinct <= Self.mostInDomain,
                texts.singletons * 10 <= texts.distinct
            {
                constraint.domain = texts.counts.map(\.value).sorted()
            }
            if moving.contains(feature.name) {
                var own = configuration
                own.comparesDistributions = false
                constraint.configuration = own
            }
            return constraint
        }
        self.init(features: features, configuration: configuration)
    }
}
