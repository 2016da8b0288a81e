import CheckedNumbers

/// How many rows are looked at, and whether a look is paid for, where values are sums over steps: what is not looked at now is to be made up
/// for later, so that gaps between looks save nothing, and fewer rows do.
struct AttributionBudget {
    static let fewestRows = 10
    /// Seconds that each step since the look before costs; nil before the second look, as the first pays for memory and caches.
    private(set) var costOfStep: Double?
    private var lookCount = 0

    /// Whether a look at so many steps is paid for.
    func allows(_ pendingSteps: Int, _ plan: CapturePlan) -> Bool {
        guard plan.interval.steps == .automatic, let costOfStep else { return true }
        return plan.affords(seconds: costOfStep * Double(pendingSteps))
    }

    /// Notes what a look has cost, of so many seconds and steps; says how many rows are to be looked at from now on, nil for as many as
    /// before.
    mutating func fewer(
        than rowCount: Int, after cost: Double, of steps: Int, _ isSumOfSteps: Bool, _ plan: CapturePlan
    ) -> Int? {
        lookCount += 1
        guard lookCount > 1 else { return nil }
        let spent = cost / Double(max(1, steps)), fair = plan.fairCost
        costOfStep = spent
        guard plan.interval.steps == .automatic, isSumOfSteps, spent > 1.5 * fair else { return nil }
        let fewer = max(Self.fewestRows, Int(roundedDownWithin: Double(rowCount) * fair / spent))
        guard fewer < rowCount else { return nil }
        costOfStep = spent * Double(fewer) / Double(rowCount)
        return fewer
    }
}
