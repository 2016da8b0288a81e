import CheckedNumbers

/// How many rows are looked at, and whether a look is paid for, where values are sums over steps: what is not looked at now is to be made up
/// for later, so that gaps between looks save nothing, and fewer rows do.
struct AttributionBudget {
    static let fewestRows = 5
    /// Steps that a look makes up for at least, for its cost to tell that of a step: what each look costs besides is a part of it then.
    private static let tellingSteps = 8
    /// What the first look tells of later ones: most of its time goes into what is made once.
    private static let firstShare = 0.125
    /// Seconds that looks may take of a job however short.
    private static let freeSeconds = 0.01
    /// Seconds that one row costs for each step; nil before a look.
    private(set) var costOfRow: Double?

    /// How many rows the next look is to be of.
    ///
    /// - Parameters:
    ///   - rowCount: rows looked at until now.
    ///   - pending: steps that it makes up for with as many rows.
    ///   - step: those that it makes up for with other rows.
    /// - Returns: nil where it is not paid for even with the fewest.
    func rows(_ rowCount: Int, pending: Int, step: Int, _ isSumOfSteps: Bool, _ plan: CapturePlan) -> Int? {
        guard plan.interval.steps == .automatic, let costOfRow else { return rowCount }
        let room = plan.room + Self.freeSeconds
        if costOfRow * Double(rowCount * pending) <= room { return rowCount }
        guard isSumOfSteps, room > 0 else { return nil }
        let fewer = Int(roundedDownWithin: room / (costOfRow * Double(step)))
        return fewer >= Self.fewestRows && fewer < rowCount ? fewer : nil
    }

    /// Notes what a look has cost, of so many seconds and steps; says how many rows are to be looked at from now on, nil for as many as
    /// before.
    mutating func fewer(
        than rowCount: Int, after cost: Double, of steps: Int, _ isSumOfSteps: Bool, _ plan: CapturePlan
    ) -> Int? {
        let spent = cost / Double(max(1, rowCount * steps)), fair = plan.fairCost
        // Looks at few steps tell too much, the first one most.
        guard steps >= Self.tellingSteps else {
            costOfRow = costOfRow.map { min($0, spent) } ?? (spent * Self.firstShare)
            return nil
        }
        costOfRow = spent
        guard plan.interval.steps == .automatic, isSumOfSteps, spent * Double(rowCount) > 1.5 * fair else { return nil }
        let fewer = max(Self.fewestRows, Int(roundedDownWithin: fair / spent))
        return fewer < rowCount ? fewer : nil
    }
}
