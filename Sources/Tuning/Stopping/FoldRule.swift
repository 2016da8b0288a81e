/// Ends a trial of which the folds do worse than those of the best trial did at the same epoch, fold by fold.
///
/// - Source: as Optuna's Wilcoxon pruner looks at folds that come one after another; here they train in step, so that a trial is
///   ended in the middle of all of them rather than before the last ones.
public struct FoldRule: Sendable {
    /// Epochs in which no trial is ended.
    public var graceEpochs = 2
    /// With fewer folds than that no difference is more than chance.
    public static let fewestFolds = 5
    private static let level = 0.05

    /// Of each trial, of each epoch the losses of its folds.
    private var courses: [Int: [[Double]]] = [:]
    private var leader: [[Double]] = []

    public init() {}

    /// Takes a trial's next epoch in: the losses of its folds, in their order.
    /// - Returns: why the trial is to end; nil = it goes on.
    public mutating func report(_ trial: Int, losses: [Double]) -> String? {
        courses[trial, default: []].append(losses)
        let epoch = courses[trial]?.count ?? 0
        guard epoch > graceEpochs, losses.count >= Self.fewestFolds, let best = leader.prefix(epoch).last,
            best.count == losses.count
        else { return nil }
        let differences = zip(losses, best).map { $0.isNaN ? Double.infinity : $0 - $1 }
        guard SignedRankTest.chance(above: differences) < Self.level else { return nil }
        let worse = differences.count { $0 > 0 }
        return "at epoch \(epoch) worse in \(worse) of \(losses.count) folds than the best trial was, which is more than chance"
    }

    /// Says which trial is the best so far.
    public mutating func lead(_ trial: Int) { leader = courses[trial] ?? [] }
}
