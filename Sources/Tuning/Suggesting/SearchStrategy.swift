/// How configurations are chosen, and how many of them are trained to the end.
public enum SearchStrategy: String, Sendable, Hashable, CaseIterable {
    case bayesian, tpe, random, grid, sobol, asha, hyperband

    /// Whether it learns from the trials before.
    public var isModelled: Bool {
        switch self {
        case .bayesian, .tpe, .asha, .hyperband: true
        case .random, .grid, .sobol: false
        }
    }

    /// Whether it gives trials little at first and more to those that do well.
    public var isMultiFidelity: Bool { self == .asha || self == .hyperband }

    /// Bytes from which data is large: trials are stopped early rather than modelled alone, as SageMaker does.
    public static let largeData = 100_000_000

    /// The strategy for a search, and why.
    /// - Parameters:
    ///   - dataBytes: the size of the data; nil = not known.
    ///   - canStopEarly: whether a trial tells how it does while it trains.
    public static func suiting(
        _ space: SearchSpace, trialCount: Int?, dataBytes: Int?, canStopEarly: Bool
    ) -> (strategy: SearchStrategy, reason: String) {
        if let count = space.gridCount, let trialCount, count <= trialCount {
            return (.grid, "there are only \(count) configurations, and all can be tried")
        }
        if let dataBytes, dataBytes >= largeData, canStopEarly {
            return (.asha, "the data has 100 MB or more, so that weak trials are stopped after a few epochs")
        }
        if let trialCount, trialCount > 1000 { return (.tpe, "over 1,000 trials are more than a Gaussian process is quick for") }
        let words = space.searched.count { if case .categorical = $0.values { true } else { false } }
        if words * 2 > space.dimension, space.dimension > 4 {
            return (.tpe, "most of the \(space.dimension) parameters are words rather than numbers")
        }
        if space.dimension > 15 { return (.tpe, "\(space.dimension) parameters are many for a Gaussian process") }
        return (.bayesian, "\(space.dimension) parameter\(space.dimension == 1 ? "" : "s") and trials worth a model of them")
    }
}
