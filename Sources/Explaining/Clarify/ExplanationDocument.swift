import Glibc
import JSON

/// The explanations' part of SageMaker Clarify's `analysis.json`.
public struct ExplanationDocument: Sendable, Hashable {
    /// One number a column, a label.
    public struct Label: Sendable, Hashable {
        public var name: String
        public var values: [String: Double]
        public var expected: Double
    }

    public var labels: [Label]

    /// - Parameter document: `analysis.json`.
    /// - Throws: `badRequest` where it has no explanations by kernel SHAP.
    public init(reading document: JSONValue) throws(ExplainingError) {
        guard let found = document["explanations"]?["kernel_shap"]?.members, !found.isEmpty else {
            throw ExplainingError(.badRequest, "the file has no explanations.kernel_shap: give Clarify's analysis.json")
        }
        labels = found.map { member in
            let values = (member.value["global_shap_values"]?.members ?? []).compactMap { feature in
                feature.value.double.map { (feature.name, $0) }
            }
            return Label(
                name: member.name, values: Dictionary(values, uniquingKeysWith: { $1 }),
                expected: member.value["expected_value"]?.double ?? .nan)
        }
    }

    /// The explanations as Clarify writes them.
    public static func json(
        _ explanation: Explanation, _ aggregation: Explanation.Aggregation, _ plots: [PartialDependence]
    ) -> JSONValue {
        let labels = explanation.outputs.indices.map { output in
            let values = zip(explanation.columns, explanation.global(aggregation, output: output))
            return JSONValue.Member(
                explanation.outputs.count == 1 ? "label0" : explanation.outputs[output],
                .object([
                    "global_shap_values": .object(values.map { JSONValue.Member($0, .number($1)) }),
                    "expected_value": .number(explanation.expected[output]),
                ]))
        }
        var explanations: [JSONValue.Member] = [.init("kernel_shap", .object(labels))]
        if !plots.isEmpty { explanations.append(.init("pdp", .array(plots.map(json)))) }
        return .object([
            "version": .string("1.0"),
            "explanations": .object(explanations),
        ])
    }

    private static func json(_ plot: PartialDependence) -> JSONValue {
        let count = plot.values.count
        return .object([
            "feature_name": .string(plot.column), "data_type": .string(plot.isCategorical ? "categorical" : "numerical"),
            "feature_values": .array(plot.values.map(\.json)),
            "model_predictions": .array(
                plot.outputs.indices.map { output in
                    .array(plot.means[output * count..<(output + 1) * count].map { .number($0) })
                }),
            "data_distribution": .array(plot.distribution.map { .number($0) }),
        ])
    }
}

extension VariedValue {
    /// A number, a text or null.
    public var json: JSONValue {
        switch self {
        case .number(let number): .number(number)
        case .word(let word): .string(word)
        case .missing: .null
        }
    }
}

/// How well a ranking of columns has kept.
public enum AttributionDrift {
    /// Normalised discounted cumulative gain of columns in the order of what they do now, each worth what it did.
    ///
    /// - Parameters: what each column did, and does; both sizes, not negative.
    /// - Returns: 1 where the order is the same; nil where nothing did anything.
    /// - Source: SageMaker Model Monitor, feature attribution drift: alert below 0.90.
    public static func gain(baseline: [String: Double], live: [String: Double]) -> Double? {
        func order(_ values: [String: Double]) -> [String] {
            values.keys.sorted { (values[$1] ?? 0, $0) < (values[$0] ?? 0, $1) }
        }
        func discounted(_ names: [String]) -> Double {
            names.enumerated().reduce(0) { $0 + (baseline[$1.element] ?? 0) / Self.log2(Double($1.offset) + 2) }
        }
        let best = discounted(order(baseline))
        return best > 0 ? discounted(order(live)) / best : nil
    }

    private static func log2(_ value: Double) -> Double { Glibc.log2(value) }
}
