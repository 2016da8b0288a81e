import Hyperparameters

/// The settings of k nearest neighbours, every `auto` decided.
struct NeighboursConfiguration {
    /// Neighbours that are asked.
    let count: Int
    /// Rows that are kept.
    let sampleSize: Int
    let metric: NeighbourMetric
    /// Whether near neighbours count for more.
    let weighsByDistance: Bool
    let normalises: Bool
    /// Every setting's final value as text.
    let resolved: [String: String]

    /// Numbers that a model keeps unless more is asked for.
    static let usualSize = 4_000_000
    private static let usualCount = 10

    static let hyperparameters: [Hyperparameter] = [
        .preset,
        .init(
            "predictor_type", .choice(LearningTask.allCases.map(\.rawValue)), allowsAuto: true, default: "auto",
            "what to predict; auto follows the target"),
        .init(
            "k", .integer(minimum: 1, maximum: 1_000_000), allowsAuto: true, default: "auto",
            "neighbours that are asked; auto = 10, of few rows half of them"),
        .init(
            "weighting", .choice(["uniform", "distance"]), default: "uniform",
            "what a neighbour counts: all the same, or 1 by its distance"),
        .init(
            "index_metric", .choice(NeighbourMetric.allCases.map(\.rawValue)), default: "L2",
            "how far rows are: L2 = Euclidean, COSINE = by the angle between them"),
        .init(
            "sample_size", .integer(minimum: 1, maximum: 100_000_000), allowsAuto: true, default: "auto",
            "rows that are kept, drawn from those of training; auto = all, up to 4,000,000 numbers in all"),
        .init(
            "normalize_data", .boolean, default: "true", sageMaker: "false",
            "features to mean 0 and deviation 1 (SageMaker: never)"),
    ]

    static let essentials = ["k", "weighting", "index_metric"]
    static let searchRanges = ["k=int:log:1:64", "weighting=cat:uniform,distance", "index_metric=cat:L2,COSINE"]

    /// - Parameter rowCount: rows that count.
    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`.
    init(_ hyperparameters: [String: String], rowCount: Int, featureCount: Int) throws(LearnerError) {
        var texts = try Hyperparameter.values(hyperparameters, specs: Self.hyperparameters, learner: "knn")
        // Every text was checked above, so that a missing number can only mean `auto`.
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        sampleSize = min(rowCount, integer("sample_size") ?? max(1, Self.usualSize / max(1, featureCount)))
        count = integer("k") ?? min(Self.usualCount, max(1, sampleSize / 2))
        guard count <= sampleSize else {
            throw LearnerError(
                .invalidHyperparameter, "k = '\(count)' is more than the \(sampleSize) rows that are kept: ask fewer neighbours")
        }
        metric = texts["index_metric"].flatMap(NeighbourMetric.init(rawValue:)) ?? .euclidean
        weighsByDistance = texts["weighting"] == "distance"
        normalises = texts["normalize_data"] != "false"
        texts["k"] = String(count)
        texts["sample_size"] = String(sampleSize)
        resolved = texts
    }
}
