import Learners

/// How an algorithm's container says what a model predicts for a row.
enum ReplyShape: Sendable {
    /// `score`, and of classifiers `predicted_label`, as linear-learner; of more than two classes `score` is a list.
    case labelledScore
    /// The score alone, as XGBoost.
    case score
    /// `closest_cluster` and `distance_to_cluster`, as k-means.
    case cluster
    /// `projection`, as PCA.
    case projection

    init(algorithm: String, task: LearningTask) {
        switch task {
        case .clustering: self = .cluster
        case .decomposition: self = .projection
        default: self = algorithm == "xgboost" ? .score : .labelledScore
        }
    }

    /// What is answered where nobody says what is wanted.
    var usualFormat: MediaType.Format { self == .score ? .csv : .json }

    /// The list that rows are in.
    var listName: String { self == .projection ? "projections" : "predictions" }
}
