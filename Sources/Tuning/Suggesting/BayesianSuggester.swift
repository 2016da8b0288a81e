import CheckedNumbers
import Glibc
import Numerics

/// A Gaussian process of the objective, and the point where it promises the most improvement.
struct BayesianSuggester: Suggester {
    let seed: UInt64
    /// How many trials must have been looked at with the same resource for that to be compared; nil = how trials end is
    /// compared.
    var comparedCount: Int?
    /// Models of earlier searches for something alike.
    var earlier: [TransferModel] = []
    /// Values of whole spaces are only comparable to a point; more than so many are not fitted at once.
    private static let mostFitted = 120
    private static let mostKnown = 600
    private static let noiseMargin = 0.7
    /// With fewer trials, scales are not told from chance.
    private static let leastWarped = 30

    /// Trials that are spread evenly before there is a model.
    private static let startCount = 10

    func suggestion(after history: TrialHistory, number: Int, source: inout RandomSource) -> Suggestion? {
        let space = history.space
        var seen = history.observations(atResourceOf: comparedCount)
        let spread = SobolSuggester(seed: seed)
        let isModelled = seen.values.count >= 3 && Set(seen.values).count > 1
        guard !earlier.isEmpty || history.knownCount >= Self.startCount && isModelled else {
            return spread.suggestion(after: history, number: number, source: &source)
        }
        keepTelling(&seen)
        let surrogate = SurrogateSpace(space)
        let warp = OutputWarp(seen.values), values = seen.values.map(warp.callAsFunction)
        let known = history.entries.last { !$0.trial.memory.isEmpty }.flatMap {
            SurrogateParameters($0.trial.memory, dimension: space.dimension)
        }
        var parameters = known ?? SurrogateParameters(dimension: space.dimension)
        if isModelled, known == nil || isDue(history) { parameters = fitted(surrogate, seen.points, values, known, &source) }
        let own = isModelled ? process(surrogate, seen.points, values, parameters, seen.pending) : nil
        let weights = weights(seen, values, parameters, &source)
        guard let process = ensemble(own, weights), history.knownCount >= Self.startCount || weights.own < Self.mostOwn else {
            return spread.suggestion(after: history, number: number, source: &source)
        }
        let means = seen.points.map(process.mean)
        let order = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
        let best = order.first.map { means[$0] } ?? earlier.map { process.mean(at: $0.best) }.min() ?? 0
        // The best point by the model of all, not the luckiest value; with noise something less, since else nothing new is tried.
        let goal = best - (isModelled && parameters.isNoisy ? Self.noiseMargin * parameters.noise.squareRoot() : 0)
        var search = AcquisitionSearch(
            space: space, process: process, best: goal, known: order.map { seen.points[$0] } + seen.pending)
        (search.exhausted, search.pending) = (exhausted(seen, values), seen.pending)
        guard let found = search.found(&source) else { return nil }
        return Suggestion(
            point: found.point, reason: reason(process.belief(at: found.point), best: best, weights),
            memory: isModelled ? parameters.logs : [])
    }

    /// From so much on a model counts as alone.
    private static let mostOwn = 0.95

    /// How much earlier searches count; without any the model of this one is all there is.
    private func weights(
        _ seen: TrialHistory.Observations, _ values: [Double], _ parameters: SurrogateParameters, _ source: inout RandomSource
    ) -> RankWeights {
        guard !earlier.isEmpty else { return .alone }
        let space = earlier[0].process.space
        let isModelled = values.count >= 3 && Set(values).count > 1
        // Without trials that still run: nothing is known of their order.
        let process = isModelled ? process(space, seen.points, values, parameters, []) : nil
        return RankWeights(process, earlier, points: seen.points, values: values, &source)
    }

    private func ensemble(_ own: GaussianProcess?, _ weights: RankWeights) -> SurrogateEnsemble? {
        if earlier.isEmpty { return own.map(SurrogateEnsemble.init) }
        var parts: [SurrogateEnsemble.Part] = []
        if let own, weights.own > 0 { parts.append(.init(process: own, weight: weights.own, isShared: nil)) }
        for (model, weight) in zip(earlier, weights.earlier) where weight > 0 {
            parts.append(.init(process: model.process, weight: weight, isShared: model.isShared))
        }
        return parts.isEmpty ? nil : SurrogateEnsemble(parts)
    }

    /// The best point, where the newest trials lay close to it and brought nothing: a model that is too sure of itself would
    /// stay there.
    private func exhausted(_ seen: TrialHistory.Observations, _ values: [Double]) -> [Double]? {
        guard values.count > Self.patience, let least = values.min() else { return nil }
        let newest = values.indices.suffix(Self.patience), before = values.dropLast(Self.patience).min() ?? least
        guard let place = values.firstIndex(of: least), before - least <= Self.noticeableGain,
            newest.allSatisfy({ AcquisitionSearch.lie(seen.points[$0], seen.points[place], within: Self.closeness) })
        else { return nil }
        return seen.points[place]
    }

    private static let patience = 3
    private static let closeness = 0.03
    /// In deviations of all values.
    private static let noticeableGain = 1e-3

    private func reason(_ belief: GaussianProcess.Belief, best: Double, _ weights: RankWeights) -> String {
        let why =
            belief.mean < best
            ? "the model expects it to be the best so far" : "the model knows little there, and it may be the best so far"
        let share = Int(nearestWithin: 100 * (1 - weights.own))
        return share == 0 ? why : why + " (earlier searches count \(share) %)"
    }

    /// Parameters change little from trial to trial once there are many.
    private func isDue(_ history: TrialHistory) -> Bool {
        let count = history.entries.count { $0.outcome != nil }
        let last = history.entries.last { !$0.trial.memory.isEmpty }
        let lastCount = last.map { last in history.entries.count { $0.trial.number < last.trial.number } } ?? 0
        return count < 40 || history.count - lastCount >= 1 && history.count % max(1, count / 20) == 0
    }

    /// Of very many trials the best and the newest.
    private func keepTelling(_ seen: inout TrialHistory.Observations) {
        guard seen.values.count > Self.mostKnown else { return }
        let best = seen.values.indices.sorted { (seen.values[$0], $0) < (seen.values[$1], $1) }.prefix(Self.mostKnown / 2)
        let kept = Set(best).union(seen.values.indices.suffix(Self.mostKnown / 2)).sorted()
        (seen.points, seen.values) = (kept.map { seen.points[$0] }, kept.map { seen.values[$0] })
    }

    func fitted(
        _ surrogate: SurrogateSpace, _ points: [[Double]], _ values: [Double], _ known: SurrogateParameters?,
        _ source: inout RandomSource
    ) -> SurrogateParameters {
        var chosen = Array(points.indices)
        if chosen.count > Self.mostFitted {
            // The best third, and others evenly from among the rest.
            let order = chosen.sorted { (values[$0], $0) < (values[$1], $1) }
            let best = order.prefix(Self.mostFitted / 3), rest = Array(order.dropFirst(Self.mostFitted / 3))
            let others = Self.mostFitted - best.count
            chosen = best + (0..<others).map { rest[$0 * rest.count / others] }
        }
        let likelihood = SurrogateLikelihood(surrogate, points: chosen.map { points[$0] }, values: chosen.map { values[$0] })
        var minimizer = BoundedMinimizer(lower: [], upper: [])
        minimizer.iterationLimit = known == nil ? 60 : 20
        minimizer.tolerance = 1e-2
        func minimum(from start: [Double], isWarped: Bool) -> (point: [Double], value: Double) {
            (minimizer.lower, minimizer.upper) = SurrogateParameters.bounds(
                dimension: surrogate.dimension, isWarped: surrogate.isWord.map { isWarped && !$0 }, leastNoise: 1e-6)
            return minimizer.minimum(from: start, likelihood.value)
        }
        let first = known ?? SurrogateParameters(dimension: surrogate.dimension)
        var best = minimum(from: first.logs, isWarped: false)
        if known != nil, points.count % 5 == 0 {
            var other = SurrogateParameters(dimension: surrogate.dimension)
            for index in 0..<surrogate.dimension { other.logs[index] = 1.5 * source.normal() }
            let found = minimum(from: other.logs, isWarped: false)
            if found.value < best.value { best = found }
        }
        // Twice as many parameters want to be paid for by how well they explain what was seen.
        let price = Double(surrogate.dimension) * log(Double(values.count)) / 2
        if points.count >= Self.leastWarped, first.isWarped || points.count % 5 == 0 {
            let found = minimum(from: first.isWarped ? first.logs : best.point, isWarped: true)
            if found.value < best.value - price { best = found }
        }
        return SurrogateParameters(best.point, dimension: surrogate.dimension)
            ?? SurrogateParameters(dimension: surrogate.dimension)
    }

    /// With trials that still run as if they had ended as expected.
    func process(
        _ surrogate: SurrogateSpace, _ points: [[Double]], _ values: [Double], _ parameters: SurrogateParameters,
        _ pending: [[Double]]
    ) -> GaussianProcess? {
        var parameters = parameters
        for _ in 0..<6 {
            if let process = GaussianProcess(surrogate, points: points, values: values, parameters) {
                guard !pending.isEmpty else { return process }
                if let all = GaussianProcess(
                    surrogate, points: points + pending, values: values + pending.map(process.mean), parameters)
                {
                    return all
                }
            }
            parameters.logs[surrogate.dimension + 1] += log(10.0)
        }
        return nil
    }
}
