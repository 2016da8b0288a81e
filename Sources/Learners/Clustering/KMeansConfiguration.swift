import Glibc
import Hyperparameters
import Numerics

/// K-means' settings, every `auto` decided.
struct KMeansConfiguration {
    let epochs: Int, batchSize: Int
    /// Centres that mini-batches move: k, or some times as many.
    let centreCount: Int
    let spreads: Bool
    let normalises: Bool
    /// Whether passes over all rows follow the mini-batches, which SageMaker does not do.
    let refines: Bool
    let local: LocalLloyd
    let metrics: [ClusterMetric]
    /// Rows after which an old row counts half; 0 = old rows count as new ones do.
    private let halfLife: Int
    /// Every setting's final value as text, with what tells the job when to stop.
    let resolved: [String: String]

    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`.
    init(_ hyperparameters: [String: String], rowCount: Int) throws(LearnerError) {
        let texts = try Hyperparameter.values(hyperparameters, specs: KMeansLearner.hyperparameters, learner: "kmeans")
        // Every text was checked above, so that a missing number can only mean `auto`.
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        guard let k = integer("k") else {
            throw LearnerError(.invalidHyperparameter, "k is not set: give the number of clusters, such as k=3")
        }
        guard k <= rowCount else {
            throw LearnerError(.invalidHyperparameter, "k = '\(k)' is more than the \(rowCount) rows: give fewer clusters")
        }
        let asked = integer("mini_batch_size") ?? 5000
        let factor = integer("extra_center_factor") ?? max(1, min(4, min(asked, rowCount) / k))
        centreCount = min(k * factor, rowCount)
        batchSize = min(rowCount, max(centreCount, asked))
        epochs = integer("epochs") ?? 10
        spreads = texts["init_method"] != "random"
        refines = texts["preset"] != "sagemaker"
        normalises = texts["normalize_data"] != "false"
        local = LocalLloyd(
            count: k, spreads: texts["local_lloyd_init_method"] != "random", trials: integer("local_lloyd_num_trials") ?? 10,
            iterations: integer("local_lloyd_max_iter") ?? 300,
            tolerance: texts["local_lloyd_tol"].flatMap { Double($0) } ?? 0.0001)
        metrics = try ClusterMetric.list(texts["eval_metrics"] ?? "")
        halfLife = integer("half_life_time_size") ?? 0
        var resolved = texts
        resolved["mini_batch_size"] = String(batchSize)
        resolved["extra_center_factor"] = String(factor)
        resolved["local_lloyd_num_trials"] = String(local.trials)
        self.resolved = resolved
    }

    /// What the rows before a batch count after it.
    func fading(rowCount: Int) -> Float { halfLife == 0 ? 1 : Float(pow(0.5, Double(rowCount) / Double(halfLife))) }
}
