import Events

/// Looks of a rule at the tensors of one step after the other: raised when enough of the newest were ill, cleared when enough are well.
struct TensorWatch {
    private var recent: RecentLooks
    private var recovery: Recovery
    /// What was wrong at the last step that was looked at.
    private var latest: Alert?
    /// How many looks in a row were ill.
    private var illCount = 0

    init(_ needed: Int = 3, of window: Int = 4) {
        recent = RecentLooks(needed, of: window)
        recovery = Recovery(after: window)
    }

    var waits: RuleWait? { recent.waits("captured steps") }

    /// - Parameters:
    ///   - alert: what is wrong at this step; nil where it is well.
    ///   - well: what is said when it has been well for a while.
    mutating func look(_ alert: Alert?, well: String) -> RuleFinding? {
        latest = alert
        illCount = alert == nil ? 0 : illCount + 1
        if recovery.isRaised {
            guard recovery.look(isWell: alert == nil) else { return nil }
            recent.forget()
            return RuleFinding(.cleared(well))
        }
        guard recent.add(isIll: alert != nil), let alert else { return nil }
        recovery.raise()
        return RuleFinding(alert)
    }

    /// Of a run that ended before enough steps were captured two are enough, if all that were are ill.
    mutating func end() -> RuleFinding? {
        guard !recovery.isRaised, waits != nil, illCount >= 2, illCount == recent.count, let latest else { return nil }
        recovery.raise()
        return RuleFinding(latest)
    }
}

extension TensorSummary {
    /// How many standard deviations a share of n units lies over what may be: many layers are looked at, so that only much counts.
    static func excess(_ share: Double, over usual: Double, of count: Int) -> Double {
        count > 0 ? (share - usual) / (usual * (1 - usual) / Double(count)).squareRoot() : 0
    }
}
