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
    /// Below this SageMaker's monitors say that the ranking has changed.
    public static let leastGain = 0.9

    /// Normalised discounted cumulative gain of columns in the order of what they do now, each worth what it did. Columns that do the
    /// same share their places.
    ///
    /// - Parameters: what each column did, and does; both sizes, not negative.
    /// - Returns: 1 where the order is the same; nil where nothing did anything.
    /// - Source: SageMaker Model Monitor, feature attribution drift; ties as scikit-learn's `ndcg_score` has them.
    public static func gain(baseline: [String: Double], live: [String: Double]) -> Double? {
        // What is no number is in no order.
        let before = baseline.filter(\.value.isFinite), now = live.filter(\.value.isFinite)
        let best = discounted(before, by: before)
        return best > 0 ? discounted(before, by: now) / best : nil
    }

    private static func discounted(_ gains: [String: Double], by scores: [String: Double]) -> Double {
        let names = scores.keys.sorted { (scores[$1] ?? 0, $0) < (scores[$0] ?? 0, $1) }
        var sum = 0.0, place = 0
        while place < names.count {
            let score = scores[names[place]]
            let tied = names[place...].prefix { scores[$0] == score }
            let discounts = tied.indices.reduce(0) { $0 + 1 / log2(Double($1) + 2) }
            sum += discounts * tied.reduce(0) { $0 + (gains[$1] ?? 0) } / Double(tied.count)
            place += tied.count
        }
        return sum
    }

    /// The part of all that columns do which others do now: from 0 to 1. It sees a change that leaves the ranking as it was.
    ///
    /// - Returns: nil where nothing did anything, or nothing does.
    public static func movedShare(baseline: [String: Double], live: [String: Double]) -> Double? {
        let before = baseline.values.reduce(0, +), now = live.values.reduce(0, +)
        guard before > 0, now > 0, before.isFinite, now.isFinite else { return nil }
        let names = Set(baseline.keys).union(live.keys).sorted()
        return names.reduce(0) { $0 + abs((baseline[$1] ?? 0) / before - (live[$1] ?? 0) / now) } / 2
    }
}
