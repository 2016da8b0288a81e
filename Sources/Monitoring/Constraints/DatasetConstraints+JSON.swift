import JSON

extension DatasetConstraints {
    /// As SageMaker's monitors write it.
    public var json: JSONValue {
        .object([
            "version": .number(0), "features": .array(features.map { $0.json(configuration) }),
            "monitoring_config": configuration.json,
        ])
    }

    /// Reads a `constraints.json`, ours or SageMaker's.
    ///
    /// - Throws: `badData`, with what is at fault.
    public init(_ json: JSONValue) throws(MonitoringError) {
        guard let list = json["features"]?.array else {
            throw MonitoringError(.badData, "not constraints of a data set (features are missing): make a baseline again")
        }
        let configuration = try MonitoringConfiguration().changed(by: json["monitoring_config"] ?? .null)
        var features: [FeatureConstraint] = []
        for feature in list { features.append(try FeatureConstraint(feature, configuration)) }
        self.init(features: features, configuration: configuration)
    }
}

extension FeatureConstraint {
    func json(_ common: MonitoringConfiguration) -> JSONValue {
        .object([
            "name": .string(name), "inferred_type": .string(type.rawValue), "completeness": .number(completeness),
            "num_constraints": isNonNegative.map { .object(["is_non_negative": .boolean($0)]) },
            "string_constraints": domain.map { .object(["domains": .array($0.map { .string($0) })]) },
            "monitoringConfigOverrides": configuration?.overrides(of: common) ?? .object([:]),
        ])
    }

    init(_ json: JSONValue, _ common: MonitoringConfiguration) throws(MonitoringError) {
        guard let name = json["name"]?.string else {
            throw MonitoringError(.badData, "a feature of the constraints has no name: make them again")
        }
        guard let type = json["inferred_type"]?.string.flatMap(InferredType.init),
            let completeness = json["completeness"]?.double, completeness >= 0, completeness <= 1
        else {
            throw MonitoringError(
                .badData, "the constraints of '\(name)' lack inferred_type or a completeness from 0 to 1: correct them")
        }
        self.init(name: name, type: type, completeness: completeness)
        isNonNegative = json["num_constraints"]?["is_non_negative"]?.boolean
        domain = json["string_constraints"]?["domains"]?.array?.compactMap(\.string)
        if let overrides = json["monitoringConfigOverrides"], overrides.members?.isEmpty == false {
            configuration = try common.changed(by: overrides)
        }
    }
}
