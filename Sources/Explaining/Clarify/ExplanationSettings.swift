import JSON

/// What an `analysis_config.json` of SageMaker Clarify asks for by way of explanations.
public struct ExplanationSettings: Sendable, Hashable {
    /// Rows for absent columns: each a list of values in the order of the columns; or a file; nil = centres.
    public enum Baseline: Sendable, Hashable {
        case rows([[String]])
        case file(String)
    }

    public var baseline: Baseline?
    public var clusterCount: Int?
    public var sampleCount: Int?
    public var aggregation = Explanation.Aggregation.meanAbsolute
    /// Whether log-odds are explained rather than probabilities.
    public var usesLogit = false
    public var seed: UInt64?
    /// Columns of the partial dependence plots; empty = the `topCount` that do most.
    public var plotted: [String] = []
    public var plotCount = 0
    public var gridResolution = 15
    /// The columns' names, where the data have none.
    public var headers: [String] = []

    /// - Throws: `badRequest`, with the setting at fault.
    public init(_ text: String) throws(ExplainingError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: text) } catch {
            throw ExplainingError(.badRequest, "the analysis configuration is no JSON: \(error)")
        }
        headers = json["headers"]?.array?.compactMap(\.string) ?? []
        let methods = json["methods"]
        guard methods?["shap"] != nil || methods?["pdp"] != nil else {
            throw ExplainingError(
                .badRequest, "the analysis configuration asks for no explanation: give methods.shap or methods.pdp")
        }
        if let shap = methods?["shap"] { try read(shap) }
        if let pdp = methods?["pdp"] {
            plotted =
                pdp["features"]?.array?.compactMap {
                    $0.string ?? $0.integer.map { self.headers.indices.contains($0) ? self.headers[$0] : String($0) }
                } ?? []
            plotCount = pdp["top_k_features"]?.integer ?? (plotted.isEmpty ? 10 : 0)
            guard (0...1000).contains(plotCount) else {
                throw ExplainingError(.badRequest, "top_k_features is \(plotCount): give 0 to 1000")
            }
            gridResolution = pdp["grid_resolution"]?.integer ?? 15
            guard (2...1000).contains(gridResolution) else {
                throw ExplainingError(.badRequest, "grid_resolution is \(gridResolution): give 2 to 1000")
            }
        }
    }

    private mutating func read(_ shap: JSONValue) throws(ExplainingError) {
        if let file = shap["baseline"]?.string {
            baseline = .file(file)
        } else if let rows = shap["baseline"]?.array {
            baseline = .rows(rows.map { $0.array?.map(Self.text) ?? [] })
        }
        clusterCount = shap["num_clusters"]?.integer
        if baseline != nil, clusterCount != nil {
            throw ExplainingError(.badRequest, "baseline and num_clusters exclude each other: give one")
        }
        sampleCount = shap["num_samples"]?.integer
        if let sampleCount, sampleCount < 1 {
            throw ExplainingError(.badRequest, "num_samples is \(sampleCount): give 1 or more")
        }
        if let name = shap["agg_method"]?.string {
            guard let found = Explanation.Aggregation(rawValue: name) else {
                throw ExplainingError(.badRequest, "agg_method '\(name)': give mean_abs, median or mean_sq")
            }
            aggregation = found
        }
        usesLogit = shap["use_logit"]?.boolean ?? false
        seed = shap["seed"]?.integer.flatMap { UInt64(exactly: $0) }
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? (value == .null ? "" : value.text) }
}
