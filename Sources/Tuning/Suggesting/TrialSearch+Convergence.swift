import Glibc
import Numerics

extension TrialSearch {
    /// A gain of less than so much of the best value counts as none: SageMaker's.
    private static let noticeableGain = 0.01
    private static let leastChance = 0.05
    private static let fewestTrials = 20, trialsADimension = 5
    private static let patience = 5

    /// Whether a gain of 1 % has become unlikely anywhere: the newest five trials brought none, and the model gives it a chance of less
    /// than 5 % at every point of an even spread, and around the best ones.
    public var isConverged: Bool {
        guard strategy.isModelled, strategy != .tpe, otherDirections.isEmpty, let best = history.best?.value else { return false }
        let ended = history.entries.filter { $0.outcome != nil }
        guard ended.count >= max(Self.fewestTrials, Self.trialsADimension * space.dimension) else { return false }
        let gain = Self.noticeableGain * best.magnitude, goal = best - gain
        let before =
            ended.dropLast(Self.patience).compactMap { entry -> Double? in
                if case .finished(let value) = entry.outcome { value } else { nil }
            }.min() ?? .infinity
        guard before - best < gain || before == best else { return false }
        let seen = history.observations()
        guard let memory = history.entries.last(where: { !$0.trial.memory.isEmpty })?.trial.memory,
            let parameters = SurrogateParameters(memory, dimension: space.dimension)
        else { return false }
        let warp = OutputWarp(seen.values)
        guard
            let process = GaussianProcess(
                SurrogateSpace(space), points: seen.points, values: seen.values.map(warp.callAsFunction), parameters)
        else { return false }
        let bound = warp(goal)
        var source = RandomSource(seed: seed &+ UInt64(ended.count)), points = Self.nearBest(seen, space, &source)
        let sequence = SobolSequence(dimension: space.dimension, seed: seed)
        points += (0..<512).map { space.canonical(sequence.point($0)) }
        return points.allSatisfy { point in
            let belief = process.belief(at: point)
            return 0.5 * erfc((belief.mean - bound) / belief.deviation * 0.5.squareRoot()) < Self.leastChance
        }
    }

    private static func nearBest(
        _ seen: TrialHistory.Observations, _ space: SearchSpace, _ source: inout RandomSource
    ) -> [[Double]] {
        let order = seen.values.indices.sorted { (seen.values[$0], $0) < (seen.values[$1], $1) }
        return order.prefix(3).flatMap { place in
            (0..<64).map { number in
                let width = [0.01, 0.03, 0.1][number % 3]
                return space.canonical(seen.points[place].map { min(max($0 + width * source.normal(), 0), 1) })
            }
        }
    }
}
