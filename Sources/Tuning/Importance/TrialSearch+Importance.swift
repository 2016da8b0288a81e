import Glibc
import Numerics

extension TrialSearch {
    /// How much each parameter matters over the whole search space, by a Gaussian process of the trials that ended with a value or
    /// were stopped.
    ///
    /// A configuration is drawn by drawing each parameter evenly on its scale, so that one that does not exist has no effect there,
    /// and what decides whether it does interacts with it. Values are bent as for the search: a few enormous losses do not hide the rest.
    /// - Throws: `TuningError` of code `trials` where there are too few, or all have the same value.
    public func importance() throws(TuningError) -> SearchImportance {
        try ImportanceModel(self).found()
    }
}

/// The model behind a search's importances: it has one parameter more, drawn by chance, that shows what chance looks like.
private struct ImportanceModel {
    private let search: TrialSearch
    private let points: [[Double]]
    private let values: [Double]
    private let surrogate: SurrogateSpace

    private static let fewest = 8
    private static let most = 240
    private static let halves = 12
    private static let pointCount = 2048

    init(_ search: TrialSearch) throws(TuningError) {
        self.search = search
        let seen = search.history.observations()
        var kept = seen.values.indices.filter { !seen.imputed.contains($0) && seen.values[$0].isFinite }
        guard kept.count >= Self.fewest else {
            throw TuningError(
                .trials,
                "\(kept.count) trials have a value, and it takes \(Self.fewest) to see what matters: run more with descent tune resume"
            )
        }
        if kept.count > Self.most { kept = (0..<Self.most).map { kept[$0 * kept.count / Self.most] } }
        let raw = kept.map { seen.values[$0] }
        guard Set(raw).count > 1 else {
            throw TuningError(.trials, "all \(raw.count) trials have the same value: what was searched makes no difference")
        }
        values = raw.map(OutputWarp(raw).callAsFunction)
        var source = RandomSource(seed: search.seed &+ 0x5eed)
        points = kept.map { seen.points[$0] + [source.uniform()] }
        surrogate = SurrogateSpace(isWord: SurrogateSpace(search.space).isWord + [false])
    }

    func found() throws(TuningError) -> SearchImportance {
        let space = search.space, dimension = space.dimension
        let sequence = SobolSequence(dimension: dimension + 1, seed: search.seed)
        let places = (0..<Self.pointCount).map(sequence.point)
        let drawn = places.map { space.canonical(Array($0.dropLast())) + [$0[dimension]] }
        let shares = EffectShares(points: places, choiceCounts: space.searched.map(\.count) + [nil])
        let everything = Array(values.indices)
        let parameters = fitted(everything, from: SurrogateParameters(dimension: dimension + 1), limit: 60)
        guard let process = process(everything, parameters) else {
            throw TuningError(.trials, "the trials lie too close together to see what matters")
        }
        let whole = shares.shares(of: drawn.map(process.mean))
        var source = RandomSource(seed: search.seed &+ 0xca11), halves: [EffectShares.Shares] = []
        for _ in 0..<Self.halves {
            var order = everything
            source.shuffle(&order)
            let half = order.prefix((order.count + 1) / 2).sorted()
            let own = fitted(half, from: parameters, limit: 15)
            if let process = self.process(half, own) { halves.append(shares.shares(of: drawn.map(process.mean))) }
        }
        return result(whole, halves, explained: 1 - leftOut(process))
    }

    private func result(
        _ whole: EffectShares.Shares, _ halves: [EffectShares.Shares], explained: Double
    ) -> SearchImportance {
        let names = search.space.searched.map(\.name), shadow = names.count
        func effect(_ parameters: [String], chance: Double, _ share: (EffectShares.Shares) -> Double) -> SearchImportance.Effect {
            let own = share(whole), deviation = Self.deviation(halves.map(share))
            let certainty: SearchImportance.Certainty =
                explained < 0.1 ? .unclear : own - 2 * deviation > chance ? .clear : own - deviation > chance ? .likely : .unclear
            return SearchImportance.Effect(
                parameters: parameters, share: min(max(own, 0), 1), deviation: deviation, certainty: certainty)
        }
        // What the parameter that nothing depends on got, in the mean over all that was fitted.
        let all = [whole] + halves
        let mainChance = max(0, all.reduce(0) { $0 + $1.mains[shadow] } / Double(all.count)) + Self.leastShare
        let pairChance =
            max(0, all.reduce(0) { sum, shares in sum + (0..<shadow).reduce(0) { $0 + shares.pairs[$1][shadow] } })
            / Double(all.count * shadow) + Self.leastShare
        let mains = names.indices.map { index in effect([names[index]], chance: mainChance) { $0.mains[index] } }
        var pairs: [SearchImportance.Effect] = []
        for first in names.indices {
            for second in (first + 1)..<max(names.count, first + 1) {
                pairs.append(effect([names[first], names[second]], chance: pairChance) { $0.pairs[first][second] })
            }
        }
        return SearchImportance(
            parameters: Self.sorted(mains), pairs: Self.sorted(pairs), explained: explained, trialCount: values.count)
    }

    /// Below it the cells' own chance decides.
    private static let leastShare = 0.01

    private static func sorted(_ effects: [SearchImportance.Effect]) -> [SearchImportance.Effect] {
        effects.enumerated().sorted { ($1.element.share, $0.offset) < ($0.element.share, $1.offset) }.map(\.element)
    }

    private static func deviation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return .infinity }
        let mean = values.reduce(0, +) / Double(values.count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    private func fitted(_ rows: [Int], from start: SurrogateParameters, limit: Int) -> SurrogateParameters {
        SurrogateParameters.fitted(
            surrogate, rows.map { points[$0] }, rows.map { values[$0] }, from: start, limit: limit)
    }

    private func process(_ rows: [Int], _ parameters: SurrogateParameters) -> GaussianProcess? {
        GaussianProcess(surrogate, points: rows.map { points[$0] }, values: rows.map { values[$0] }, parameters)
    }

    /// The mean square error of trials that are left out, one at a time; values have the variance 1.
    private func leftOut(_ process: GaussianProcess) -> Double {
        let errors = process.errorsLeftOut
        return errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    }
}
