import MetricDirections

/// When a search is over; the first limit that is reached ends it.
public struct SearchLimits: Sendable, Hashable {
    public enum Reason: String, Sendable, Hashable {
        case maxTrials = "MaxJobs"
        case maxRuntime = "MaxRuntimeExceeded"
        case targetValue = "TargetValueReached"
        case noImprovement = "NoImprovement"
        /// A gain of 1 % has become unlikely.
        case converged = "ConvergenceDetected"
        /// Every configuration was tried.
        case exhausted = "AllTried"
    }

    public var trialCount: Int
    public var seconds: Double?
    public var targetValue: Double?
    /// Trials in a row that do not improve the best.
    public var noImprovement: Int?
    /// What counts as better, as a share of the best: SageMaker's.
    private static let leastImprovement = 0.01

    public init(trialCount: Int, seconds: Double? = nil, targetValue: Double? = nil, noImprovement: Int? = nil) {
        (self.trialCount, self.seconds) = (trialCount, seconds)
        (self.targetValue, self.noImprovement) = (targetValue, noImprovement)
    }

    /// Why no trial is to begin any more; nil = another one may.
    /// - Parameters:
    ///   - begun: trials that began.
    ///   - values: of the trials that ended, in the order in which they did; nil for those without one.
    ///   - seconds: since the search began.
    public func reason(begun: Int, values: [Double?], direction: MetricDirection, seconds: Double) -> Reason? {
        let sign = direction == .maximised ? -1.0 : 1
        var best = Double.infinity, since = 0
        for value in values {
            since += 1
            guard let value, value.isFinite else { continue }
            if sign * value < best - (best.isFinite ? Self.leastImprovement * best.magnitude : 0) { since = 0 }
            best = min(best, sign * value)
        }
        if let targetValue, best <= sign * targetValue { return .targetValue }
        if let limit = self.seconds, seconds >= limit { return .maxRuntime }
        if let noImprovement, best.isFinite, since >= noImprovement { return .noImprovement }
        return begun >= trialCount ? .maxTrials : nil
    }

    /// Whether trials that still run are to be stopped for it.
    public static func stopsTrials(_ reason: Reason) -> Bool {
        switch reason {
        case .maxRuntime, .targetValue, .noImprovement, .converged: true
        case .maxTrials, .exhausted: false
        }
    }
}
