import Numerics

/// What is believed of the objective after the trials so far, to be looked at: a Gaussian process of all of them, whatever strategy
/// suggested them.
public struct SearchSurrogate {
    /// What the objective may be somewhere, in its own numbers.
    public struct Belief: Hashable, Sendable {
        /// As likely to be exceeded as not.
        public var middle: Double
        /// Two deviations below and above.
        public var low: Double
        public var high: Double
    }

    public let space: SearchSpace
    /// Trials that it was made from.
    public let count: Int
    private let process: GaussianProcess
    private let warp: OutputWarp
    private let sign: Double
    /// The least value on the process's scale.
    private let best: Double

    /// nil where fewer than three trials tell anything, or all of them the same.
    public init?(_ search: TrialSearch) {
        let seen = search.history.observations(), space = search.space
        guard seen.values.count >= 3, Set(seen.values).count > 1 else { return nil }
        let surrogate = SurrogateSpace(space), warp = OutputWarp(seen.values), values = seen.values.map(warp.callAsFunction)
        let suggester = BayesianSuggester(seed: search.seed)
        var source = RandomSource(seed: search.seed)
        let parameters = suggester.fitted(surrogate, seen.points, values, nil, &source)
        guard let process = suggester.process(surrogate, seen.points, values, parameters, []) else { return nil }
        (self.space, self.warp, self.process, count) = (space, warp, process, values.count)
        sign = search.direction == .maximised ? -1 : 1
        best = values.min() ?? 0
    }

    /// What the objective is believed to be somewhere, without its noise.
    public func belief(at point: [Double]) -> Belief {
        let found = process.belief(at: space.canonical(point))
        return belief(found.mean, found.deviation)
    }

    /// What a trial somewhere is believed to come to, with its noise.
    public func outcome(at point: [Double]) -> Belief {
        let found = process.belief(at: space.canonical(point))
        return belief(found.mean, noisy(found.deviation))
    }

    /// How likely a trial somewhere is to come out better than all before, in [0, 1].
    public func chance(at point: [Double]) -> Double {
        let found = process.belief(at: space.canonical(point))
        return LogExpectedImprovement.share((best - found.mean) / max(noisy(found.deviation), 1e-12))
    }

    private func noisy(_ deviation: Double) -> Double { (deviation * deviation + process.parameters.noise).squareRoot() }

    private func belief(_ mean: Double, _ deviation: Double) -> Belief {
        let ends = [-2.0, 0, 2].map { sign * warp.inverse(mean + $0 * deviation) }
        return Belief(middle: ends[1], low: min(ends[0], ends[2]), high: max(ends[0], ends[2]))
    }

    /// Along one parameter, the others as they are at a point.
    /// - Parameter count: places, from the range's smallest value to its largest; at least 2.
    public func line(_ axis: Int, through point: [Double], count: Int) -> [Belief] {
        (0..<count).map { step in
            var place = point
            place[axis] = Double(step) / Double(count - 1)
            return belief(at: place)
        }
    }

    /// Over two parameters: rows of the second, its largest value first; columns of the first.
    public func plane(
        _ first: Int, _ second: Int, through point: [Double], columns: Int, rows: Int
    ) -> [[Belief]] {
        (0..<rows).map { row in
            var place = point
            place[second] = 1 - (Double(row) + 0.5) / Double(rows)
            return (0..<columns).map { column in
                place[first] = (Double(column) + 0.5) / Double(columns)
                return belief(at: place)
            }
        }
    }
}
