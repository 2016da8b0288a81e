import CheckedNumbers

/// How a new version gets the requests of an old one.
public struct DeploymentPlan: Sendable, Hashable {
    public enum Strategy: String, Sendable, CaseIterable {
        case allAtOnce = "all-at-once"
        /// A small share first, then all.
        case canary
        /// Equal shares, one after the other.
        case linear
        /// As linear, in small shares; the way back is taken at once.
        case rolling
    }

    public var strategy: Strategy
    /// The canary's share, or that of a step.
    /// - Range: above 0, at most 0.5.
    public var step: Double
    /// How long each step is watched before the next, the last one too.
    /// - Units: seconds.
    public var wait: Double
    /// How long the old version is kept after that, so that it can still come back at once.
    /// - Units: seconds.
    public var terminationWait: Double

    public init(_ strategy: Strategy, step: Double = 0.1, wait: Double = 0, terminationWait: Double = 0) {
        (self.strategy, self.step, self.wait, self.terminationWait) = (strategy, step, wait, terminationWait)
    }

    /// The new version's share after each step; the last is 1.
    public var shares: [Double] {
        switch strategy {
        case .allAtOnce: return [1]
        case .canary: return [step, 1]
        case .linear, .rolling:
            let count = max(1, Int(roundedUpWithin: 1 / step - 1e-9))
            return (1...count).map { $0 == count ? 1 : Double($0) * step }
        }
    }

    /// Why the plan makes no sense; nil where it does.
    /// - Source: SageMaker's limits for `DeploymentConfig`.
    public var fault: String? {
        switch strategy {
        case .allAtOnce: break
        case .canary: if !(step > 0 && step <= 0.5) { return "a canary is above 0 % and at most 50 %" }
        case .linear: if !(step >= 0.1 && step <= 0.5) { return "a linear step is from 10 % to 50 %" }
        case .rolling: if !(step >= 0.05 && step <= 0.5) { return "a rolling step is from 5 % to 50 %" }
        }
        for seconds in [wait, terminationWait] where !(seconds >= 0 && seconds <= 3600) {
            return "a wait is from 0 to 3600 seconds"
        }
        return nil
    }
}

/// A deployment under way: a machine that is told the time and which alarms are on, and says what to do.
public struct Deployment: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// The new version has the share of this step, and is watched.
        case baking(step: Int, since: Double)
        /// It has all requests; the old one is kept a while.
        case keepingOld(since: Double)
        case updated
        case rolledBack(reason: String)
    }

    public enum Action: Sendable, Hashable {
        /// The new version gets this share of the requests.
        case shift(share: Double)
        /// Nobody asks the old version any more.
        case retireOld
        /// All requests go to the old version.
        case rollBack(reason: String)
    }

    public let plan: DeploymentPlan
    public private(set) var phase: Phase

    /// - Returns: nil where an alarm is on already: what it tells could not be told from what the new version does.
    public static func begin(_ plan: DeploymentPlan, now: Double, alarms: [String]) -> (Deployment, [Action])? {
        guard alarms.isEmpty else { return nil }
        return (Deployment(plan: plan, phase: .baking(step: 0, since: now)), [.shift(share: plan.shares[0])])
    }

    /// To be called at `nextTime`, and whenever an alarm has changed.
    /// - Parameter alarms: names of those that are on.
    public mutating func advance(now: Double, alarms: [String]) -> [Action] {
        guard !isOver else { return [] }
        if !alarms.isEmpty {
            let reason = "alarm \(alarms.sorted().joined(separator: ", ")) went off \(place)"
            phase = .rolledBack(reason: reason)
            return [.rollBack(reason: reason)]
        }
        var actions: [Action] = []
        while let due = nextTime, due <= now {
            switch phase {
            case .baking(let step, _) where step + 1 < plan.shares.count:
                phase = .baking(step: step + 1, since: due)
                actions.append(.shift(share: plan.shares[step + 1]))
                // Each step is watched for as long as was asked, also where nobody looked for a while.
                if plan.wait > 0 { phase = .baking(step: step + 1, since: now) }
            case .baking: phase = .keepingOld(since: now)
            case .keepingOld:
                phase = .updated
                actions.append(.retireOld)
            case .updated, .rolledBack: break
            }
        }
        return actions
    }

    /// The new version gets all requests now, watched no longer.
    public mutating func promote() -> [Action] {
        guard !isOver else { return [] }
        phase = .updated
        return [.shift(share: 1), .retireOld]
    }

    public mutating func rollBack(_ reason: String) -> [Action] {
        guard !isOver else { return [] }
        phase = .rolledBack(reason: reason)
        return [.rollBack(reason: reason)]
    }

    /// When the next step is due, if no alarm goes off; nil: never.
    public var nextTime: Double? {
        switch phase {
        case .baking(_, let since): since + plan.wait
        case .keepingOld(let since): since + plan.terminationWait
        case .updated, .rolledBack: nil
        }
    }

    public var isOver: Bool {
        switch phase {
        case .updated, .rolledBack: true
        case .baking, .keepingOld: false
        }
    }

    /// The new version's share now.
    public var share: Double {
        switch phase {
        case .baking(let step, _): plan.shares[step]
        case .keepingOld, .updated: 1
        case .rolledBack: 0
        }
    }

    private var place: String {
        switch phase {
        case .baking(let step, _): "at step \(step + 1) of \(plan.shares.count)"
        default: "while the old version was kept"
        }
    }
}
