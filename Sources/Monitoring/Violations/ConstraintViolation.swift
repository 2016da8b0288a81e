import JSON

/// What data does not meet: an entry of `constraint_violations.json`.
public struct ConstraintViolation: Sendable, Hashable {
    /// SageMaker's words.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case dataType = "data_type_check"
        case completeness = "completeness_check"
        case baselineDrift = "baseline_drift_check"
        case missingColumn = "missing_column_check"
        case extraColumn = "extra_column_check"
        case categoricalValues = "categorical_values_check"
        case biasDrift = "bias_drift_check"
        case attributionDrift = "feature_attribution_drift_check"
    }

    /// The column; of a model's quality the metric.
    public var feature: String
    /// One of `Kind`'s words; of a model's quality the comparison, as SageMaker has it.
    public var check: String
    public var description: String

    public init(_ feature: String, _ kind: Kind, _ description: String) {
        self.init(feature, check: kind.rawValue, description)
    }

    public init(_ feature: String, check: String, _ description: String) {
        (self.feature, self.check, self.description) = (feature, check, description)
    }

    public var json: JSONValue {
        .object([
            "feature_name": .string(feature), "constraint_check_type": .string(check), "description": .string(description),
        ])
    }

    /// The file as a whole.
    public static func file(_ violations: [ConstraintViolation]) -> JSONValue {
        .object(["violations": .array(violations.map(\.json))])
    }

    /// Reads a `constraint_violations.json`.
    ///
    /// - Throws: `badData`.
    public static func read(_ json: JSONValue) throws(MonitoringError) -> [ConstraintViolation] {
        guard let list = json["violations"]?.array else {
            throw MonitoringError(.badData, "not a file of violations: the member violations is missing")
        }
        return list.map {
            ConstraintViolation(
                $0["feature_name"]?.string ?? $0["metric_name"]?.string ?? "", check: $0["constraint_check_type"]?.string ?? "",
                $0["description"]?.string ?? "")
        }
    }
}
