import CheckedNumbers

/// How many trees of a forest there is time for. A forest grows in one step, which no limit interrupts.
public enum ForestSize {
    /// Fewer are no forest.
    public static let fewest = 20
    /// The part of the time that is left which a forest may take: others are tried too, and what was measured may be off by as much.
    private static let share = 0.5

    /// - Parameters:
    ///   - planned: trees, at least 1.
    ///   - secondsATree: over all models of the candidate, those of its folds among them.
    ///   - left: seconds until the job's limit.
    /// - Returns: from `fewest` (or `planned`, where that is less) to `planned`; nil where not even so few fit.
    public static func trees(planned: Int, secondsATree: Double, left: Double) -> Int? {
        let fitting = max(0, left) * share / max(secondsATree, .leastNormalMagnitude)
        if fitting >= Double(planned) { return planned }
        return fitting >= Double(min(fewest, planned)) ? Int(nearestWithin: fitting.rounded(.down)) : nil
    }
}
