/// Training rows that are spread over processes of a cluster, and the sums over all of them that learners ask for. Confined to the
/// trainer's thread.
///
/// Everything is computed in double precision. Each call goes over all rows once and throws `interrupted` when the job is to stop
/// meanwhile, which leaves the trainer as it was, and `clusterFailed` when the cluster cannot do it.
public protocol DistributedRows: AnyObject {
    /// Rows to learn from.
    var rowCount: Int { get }

    /// Means and deviations of features and target.
    func moments() throws(LearnerError) -> RowMoments

    /// Loss and gradient of a linear model.
    func linearSums(_ query: LinearQuery) throws(LearnerError) -> LinearSums

    /// Products of standardised features, summed over the rows. - Shape: [features, features].
    func products(means: [Double], inverses: [Double]) throws(LearnerError) -> [Double]

    /// Sums over the rows of each cluster. - Shape: centres [clusters, features], in standardised units.
    func clusterSums(centres: [Double], means: [Double], inverses: [Double]) throws(LearnerError) -> ClusterSums

    /// The next boosting round of XGBoost.
    func nextRound(_ query: BoostingQuery) throws(LearnerError) -> BoostedRound
}

/// Means and population deviations over all rows.
public struct RowMoments: Sendable, Hashable {
    /// - Shape: [features].
    public var means: [Double], deviations: [Double]
    public var targetMean: Double, targetDeviation: Double
    /// Rows of each class; empty for a regressor.
    public var classCounts: [Double]

    public init(
        means: [Double], deviations: [Double], targetMean: Double, targetDeviation: Double, classCounts: [Double] = []
    ) {
        (self.means, self.deviations) = (means, deviations)
        (self.targetMean, self.targetDeviation) = (targetMean, targetDeviation)
        self.classCounts = classCounts
    }
}

/// Where a linear model's loss is asked for.
public struct LinearQuery: Sendable, Hashable {
    public var loss: LinearLoss
    /// The loss's own parameter, in standardised units.
    public var lossParameter: Double
    public var scoreCount: Int
    /// For each score its weights and then its bias. - Shape: [scoreCount, features + 1].
    public var parameters: [Double]
    /// What is subtracted from each feature, and what it is then multiplied by; the same of the target.
    public var means: [Double], inverses: [Double]
    public var targetMean: Double, targetInverse: Double
    /// What each class's losses are multiplied by; empty when all by 1.
    public var classWeights: [Double]
    /// Whether the curvature is asked for too.
    public var wantsCurvature: Bool
}

/// Sums over all rows.
public struct LinearSums: Sendable, Hashable {
    public var loss: Double
    /// - Shape: as `LinearQuery.parameters`.
    public var gradient: [Double]
    /// Σ h x xᵀ of features with a last column of ones; empty when it was not asked for. - Shape: [features + 1, features + 1].
    public var curvature: [Double]

    public init(loss: Double, gradient: [Double], curvature: [Double] = []) {
        (self.loss, self.gradient, self.curvature) = (loss, gradient, curvature)
    }
}

/// Sums over the rows that are nearest to each centre.
public struct ClusterSums: Sendable, Hashable {
    /// - Shape: totals [clusters, features], counts [clusters].
    public var totals: [Double], counts: [Double]
    /// Summed squared distance to the nearest centre.
    public var loss: Double

    public init(totals: [Double], counts: [Double], loss: Double) {
        (self.totals, self.counts, self.loss) = (totals, counts, loss)
    }
}

/// What is boosted, and from where.
public struct BoostingQuery {
    /// XGBoost's own parameters.
    public var parameters: [(name: String, value: String)]
    /// Rounds done, and rounds planned.
    public var round: Int, plannedRounds: Int
    /// The ensemble after the rounds done, where the cluster does not have it; nil = none yet.
    public var document: () throws(LearnerError) -> String?
    /// What targets are multiplied by.
    public var targetScale: Double
}

/// An ensemble with one more round.
public struct BoostedRound: Sendable, Hashable {
    /// In XGBoost's JSON.
    public var document: String
    /// XGBoost's own metrics over all rows, by name.
    public var metrics: [String: Double]

    public init(document: String, metrics: [String: Double]) {
        (self.document, self.metrics) = (document, metrics)
    }
}

extension LearnedModel {
    /// Its metrics on the rows that this process has of the cluster's, each with the part that it is of.
    func metrics(
        sample: LabelledMatrix, validation: LabelledMatrix?
    ) throws(LearnerError) -> [(name: String, value: Double)] {
        var entries: [(name: String, value: Double)] = []
        for (part, rows) in [("train", Optional(sample)), ("validation", validation)] {
            guard let rows, rows.rowCount > 0 else { continue }
            entries += try metrics(on: rows).map { ("\(part):\($0.name)", $0.value) }
        }
        return entries
    }
}

extension LearnerError {
    /// The job is to stop in the middle of a step, which is as if it had not begun.
    public static let interrupted = LearnerError(.interrupted, "stopped in the middle of a step")

    /// Settings that mean nothing where rows are spread over a cluster, and were changed all the same.
    static func refuse(
        _ settings: [String: String], allowing values: [String: Set<String>], learner: String
    ) throws(LearnerError) {
        let refused = values.keys.sorted().filter { name in
            settings[name].map { values[name]?.contains($0) != true } ?? false
        }
        guard let first = refused.first, let text = settings[first] else { return }
        let others = refused.dropFirst().isEmpty ? "" : " (nor \(refused.dropFirst().joined(separator: ", ")))"
        let allowed = values[first]?.sorted().filter { !$0.isEmpty } ?? []
        throw LearnerError(
            .invalidHyperparameter,
            "\(first) = '\(text)' is not to be had of \(learner) on a cluster\(others): "
                + (allowed.isEmpty ? "leave it out" : "give \(allowed.joined(separator: " or "))"))
    }
}
