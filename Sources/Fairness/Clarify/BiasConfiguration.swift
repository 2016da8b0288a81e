import JSON

/// What an `analysis_config.json` of SageMaker Clarify asks for by way of biases.
public struct BiasConfiguration: Sendable, Hashable {
    public struct Facet: Sendable, Hashable {
        public var column: String
        /// Words, or one number as a lower bound; empty = each value against the rest.
        public var values: [String]
    }

    public var label: String
    public var positives: [String]
    public var facets: [Facet]
    public var group: String?
    public var predictedLabel: String?
    /// From what score on a prediction is positive, where predictions are scores.
    public var probabilityThreshold: Double?
    public var metrics: [BiasMetric]
    public var headers: [String]
    /// What of the file is not looked at, to be said.
    public var ignored: [String]

    /// - Parameter columns: the data's columns by name, for those that are named by their place and have no name in `headers`.
    /// - Throws: `badRequest`, with the setting at fault.
    public init(_ text: String, columns: [String]) throws(FairnessError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: text) } catch {
            throw FairnessError(.badRequest, "the analysis configuration is no JSON: \(error)")
        }
        headers = json["headers"]?.array?.compactMap(\.string) ?? []
        let names = headers.isEmpty ? columns : headers
        func name(_ value: JSONValue?) throws(FairnessError) -> String? {
            guard let place = value?.integer else { return value?.string }
            guard names.indices.contains(place) else {
                throw FairnessError(.badRequest, "there is no column \(place): there are \(names.count), counted from 0")
            }
            return names[place]
        }
        guard let label = try name(json["label"]) else { throw FairnessError(.badRequest, "label is missing: name the column") }
        self.label = label
        positives = Self.texts(json["label_values_or_threshold"])
        guard !positives.isEmpty else {
            throw FairnessError(.badRequest, "label_values_or_threshold is missing: say which labels are positive")
        }
        let given = json["facet"]?.array ?? json["facet"].map { [$0] } ?? []
        facets = []
        for facet in given {
            guard let column = try name(facet["name_or_index"]) else { continue }
            facets.append(Facet(column: column, values: Self.texts(facet["value_or_threshold"])))
        }
        guard !facets.isEmpty else { throw FairnessError(.badRequest, "facet is missing: name the column of the groups") }
        group = try name(json["group_variable"])
        predictedLabel = try name(json["predicted_label"])
        probabilityThreshold = json["probability_threshold"]?.double
        metrics = try Self.metrics(json["methods"])
        let known: Set<String> = [
            "version", "dataset_type", "dataset_uri", "headers", "label", "label_values_or_threshold", "facet", "group_variable",
            "predicted_label", "probability_threshold", "methods", "predictor",
        ]
        ignored = (json.members ?? []).map(\.name).filter { !known.contains($0) }
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        guard let value, value != .null else { return [] }
        return (value.array ?? [value]).map { $0.string ?? $0.text }
    }

    private static func metrics(_ methods: JSONValue?) throws(FairnessError) -> [BiasMetric] {
        var found: [BiasMetric] = []
        for (name, all) in [("pre_training_bias", BiasMetric.pretraining), ("post_training_bias", BiasMetric.posttraining)] {
            guard let wanted = methods?[name]?["methods"] else { continue }
            guard let names = wanted.array?.compactMap(\.string) else {
                found += all
                continue
            }
            for name in names {
                guard let metric = BiasMetric(rawValue: name == "DCAcc" ? "DCA" : name) else {
                    throw FairnessError(
                        .badRequest,
                        "no metric of bias is called '\(name)': there are \(BiasMetric.allCases.map(\.rawValue).joined(separator: ", "))"
                    )
                }
                found.append(metric)
            }
        }
        return found.isEmpty ? BiasMetric.allCases : found
    }
}

extension BiasReport {
    /// The report as Clarify's `analysis.json` has it.
    public func clarifyJSON(label: String, positive: String) -> JSONValue {
        func section(_ metrics: [BiasMetric]) -> JSONValue? {
            var facets: [(name: String, entries: [JSONValue])] = []
            for report in self.facets {
                let entries = metrics.compactMap { metric in report.metrics[metric].map { Self.json(metric, $0) } }
                guard !entries.isEmpty else { continue }
                let entry = JSONValue.object([
                    "value_or_threshold": .string(report.facet.value), "metrics": .array(entries),
                ])
                if let place = facets.firstIndex(where: { $0.name == report.facet.name }) {
                    facets[place].entries.append(entry)
                } else {
                    facets.append((report.facet.name, [entry]))
                }
            }
            guard !facets.isEmpty else { return nil }
            return .object([
                "label": .string(label), "label_value_or_threshold": .string(positive),
                "facets": .object(facets.map { .init($0.name, .array($0.entries)) }),
            ])
        }
        return .object([
            "version": .string("1.0"), "pre_training_bias_metrics": section(BiasMetric.pretraining),
            "post_training_bias_metrics": section(BiasMetric.posttraining),
        ])
    }

    private static func json(_ metric: BiasMetric, _ value: BiasValue) -> JSONValue {
        let head: [JSONValue.Member] = [
            .init("name", .string(metric.rawValue)), .init("description", .string("\(metric.title) (\(metric.rawValue))")),
        ]
        switch value {
        case .value(let number): return .object(head + [.init("value", .number(number))])
        case .undefined(let reason): return .object(head + [.init("value", .null), .init("error", .string(reason))])
        }
    }
}
