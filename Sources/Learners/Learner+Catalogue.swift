extension Learner {
    /// All learners.
    public static let all: [Learner] = [.linear, .neuralNetwork, .xgboost, .knn, .kmeans, .pca, .constant]

    /// The learner with a name.
    ///
    /// - Throws: `unknownLearner`.
    public static func named(_ name: String) throws(LearnerError) -> Learner {
        if let learner = all.first(where: { $0.name == name }) { return learner }
        throw LearnerError(
            .unknownLearner, "no algorithm '\(name)': choose from \(all.map(\.name).joined(separator: ", "))")
    }
}
