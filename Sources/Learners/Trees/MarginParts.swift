/// What raw scores are made of: trees, or a weighted sum.
public enum MarginParts: Sendable, Hashable {
    /// Margins are what all rows begin with plus what the trees give.
    case trees(TreeEnsemble, begin: [Double])
    /// Margins are intercepts plus slopes times features, missing ones counting nothing; slopes [scoreCount, featureCount].
    case linear(slopes: [Double], intercepts: [Double])
}
