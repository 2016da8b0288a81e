import Numerics

/// Every configuration once, in an order drawn by the seed, so that a search that ends early has seen all of the space.
struct GridSuggester: Suggester {
    let points: [[Double]]

    /// - Throws: `TuningError` of code `strategy` where there is no grid or it has more points than there are trials.
    init(_ space: SearchSpace, trialCount: Int?, seed: UInt64) throws(TuningError) {
        if let endless = space.searched.first(where: { $0.count == nil }) {
            throw TuningError(
                .strategy,
                "a grid needs countable values, and \(endless.name) has a continuous range: give its values as cat:A,B,C")
        }
        guard let count = space.gridCount else {
            throw TuningError(.strategy, "the grid has over a million points: give fewer values")
        }
        if let trialCount, count > trialCount {
            throw TuningError(
                .strategy,
                "the grid has \(count) points and there are \(trialCount) trials: allow --max-jobs \(count), or search otherwise")
        }
        var points: [[Double]] = []
        space.visitGrid(limit: count) { points.append(space.canonical($0)) }
        var source = RandomSource(seed: seed)
        source.shuffle(&points)
        self.points = points
    }

    func suggestion(after history: TrialHistory, number: Int, source: inout RandomSource) -> Suggestion? {
        // Trials that were added by hand may be among them.
        let known = Set(history.entries.map(\.trial.point))
        guard let next = points.first(where: { !known.contains($0) }) else { return nil }
        return Suggestion(point: next, reason: "one of the grid's \(points.count) points")
    }
}
