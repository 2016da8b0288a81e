/// A candidate that is to be tried: an algorithm with its settings, and why it is among those tried.
public struct CandidatePlan: Sendable, Hashable {
    /// What kind of model it is.
    public enum Family: String, Sendable, Hashable, CaseIterable {
        case linear, network, boosted = "boosted trees", forest = "random forest", extra = "extra trees", neighbours

        /// Whether its trees all grow in one round.
        public var isForest: Bool { self == .forest || self == .extra }
    }

    /// Short, unique in its portfolio, such as `boosted-shallow`.
    public var name: String
    public var family: Family
    public var algorithm: String
    public var hyperparameters: [String: String]
    /// In one line.
    public var why: String
    /// Steps of preparing features that it leaves out.
    public var without: [String] = []
    /// Names of earlier candidates whose predictions it learns from too.
    public var stack: [String] = []

    public init(_ name: String, _ family: Family, _ hyperparameters: [String: String], why: String) {
        (self.name, self.family, self.hyperparameters, self.why) = (name, family, hyperparameters, why)
        algorithm =
            switch family {
            case .linear: "linear-learner"
            case .network: "neural-network"
            case .boosted, .forest, .extra: "xgboost"
            case .neighbours: "knn"
            }
    }
}
