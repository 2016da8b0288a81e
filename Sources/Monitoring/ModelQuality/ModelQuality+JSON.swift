import CheckedNumbers
import JSON

extension ModelQuality {
    /// `statistics.json` of a model's quality, as SageMaker has it.
    public var json: JSONValue {
        .object([
            "version": .number(0), "dataset": .object(["item_count": .integer(rowCount)]),
            "\(problem.rawValue)_metrics": .object(
                values.map { value in
                    .init(
                        value.name,
                        .object([
                            "value": .number(value.value),
                            "standard_deviation": value.deviation.map { .number($0) } ?? .string("NaN"),
                            "descent": value.error.map { .object(["standard_error": .number($0)]) },
                        ]))
                }),
        ])
    }

    /// - Throws: `badData`.
    public init(_ json: JSONValue) throws(MonitoringError) {
        for problem in ModelQualityRows.Problem.allCases {
            guard let metrics = json["\(problem.rawValue)_metrics"]?.members else { continue }
            let values = metrics.compactMap { member -> QualityValue? in
                guard let value = member.value["value"]?.double else { return nil }
                return QualityValue(
                    name: member.name, value: value,
                    deviation: member.value["standard_deviation"]?.double.flatMap { $0.isNaN ? nil : $0 },
                    error: member.value["descent"]?["standard_error"]?.double, isScore: !Self.errors.contains(member.name))
            }
            self.init(problem: problem, rowCount: json["dataset"]?["item_count"]?.integer ?? 0, values: values)
            return
        }
        throw MonitoringError(.badData, "not statistics of a model's quality (…_metrics is missing): make the baseline again")
    }

    private static let errors: Set<String> = ["mae", "mse", "rmse", "false_positive_rate", "false_negative_rate"]
}

/// What a model's metrics must be: what stands in `constraints.json` of its quality.
public struct ModelQualityConstraints: Sendable, Hashable {
    /// SageMaker's words.
    public enum Comparison: String, Sendable, Hashable, CaseIterable {
        case greater = "GreaterThanThreshold"
        case less = "LessThanThreshold"
    }

    public struct Bound: Sendable, Hashable {
        public var metric: String
        public var threshold: Double
        /// What is a violation.
        public var comparison: Comparison
    }

    public var problem: ModelQualityRows.Problem
    public var bounds: [Bound]
    /// See `MonitoringConfiguration.falseAlarms`.
    public var falseAlarms: Double?

    /// As good as the model was.
    public init(suggestedFor quality: ModelQuality, falseAlarms: Double?) {
        (problem, self.falseAlarms) = (quality.problem, falseAlarms)
        bounds = quality.values.map { Bound(metric: $0.name, threshold: $0.value, comparison: $0.isScore ? .less : .greater) }
    }

    public var json: JSONValue {
        .object([
            "version": .number(0),
            "\(problem.rawValue)_constraints": .object(
                bounds.map {
                    .init(
                        $0.metric,
                        .object(["threshold": .number($0.threshold), "comparison_operator": .string($0.comparison.rawValue)]))
                }),
            "descent": falseAlarms.map { .object(["false_alarms": .number($0)]) },
        ])
    }

    /// - Throws: `badData`, with the metric at fault.
    public init(_ json: JSONValue) throws(MonitoringError) {
        falseAlarms = json["descent"]?["false_alarms"]?.double.flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
        for problem in ModelQualityRows.Problem.allCases {
            guard let members = json["\(problem.rawValue)_constraints"]?.members else { continue }
            (self.problem, bounds) = (problem, [])
            for member in members {
                guard let threshold = member.value["threshold"]?.double,
                    let comparison = member.value["comparison_operator"]?.string.flatMap(Comparison.init)
                else {
                    throw MonitoringError(
                        .badData,
                        "the constraint of '\(member.name)' lacks a threshold, or a comparison_operator of "
                            + "GreaterThanThreshold or LessThanThreshold: correct it")
                }
                bounds.append(Bound(metric: member.name, threshold: threshold, comparison: comparison))
            }
            return
        }
        throw MonitoringError(
            .badData, "not constraints of a model's quality (…_constraints is missing): make the baseline again")
    }
}
