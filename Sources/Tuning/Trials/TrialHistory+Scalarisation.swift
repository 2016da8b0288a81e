import Glibc
import Numerics

extension TrialHistory {
    /// The history as one of a single objective: of all of them the worst, each on a scale from the best to the worst that was
    /// found, times a weight of its own. Weights are drawn anew for each suggestion, so that all of the front is looked for.
    ///
    /// - Source: Knowles, "ParEGO: A Hybrid Algorithm with On-Line Landscape Approximation for Expensive Multiobjective
    ///   Optimization Problems" (2006), equation 2, with weights drawn evenly.
    func scalarised(_ source: inout RandomSource) -> TrialHistory {
        let rows = entries.compactMap(\.values)
        guard let width = rows.first?.count, width > 1 else { return self }
        // Gaps between uniform draws, put in order, are even over all weights.
        let cuts = [0] + (1..<width).map { _ in source.uniform() }.sorted() + [1]
        let weights = (0..<width).map { cuts[$0 + 1] - cuts[$0] }
        let lows = (0..<width).map { place in rows.reduce(.infinity) { min($0, $1[place]) } }
        // The worst that lies on the front: what is far worse than all of it must not flatten the scale.
        let front = ParetoFront.places(of: rows).map { rows[$0] }
        let spans = (0..<width).map { place in
            max(front.reduce(-Double.infinity) { max($0, $1[place]) } - lows[place], 1e-12 * max(1, lows[place].magnitude))
        }
        var turned = self
        for place in entries.indices {
            guard case .finished = entries[place].outcome, let values = entries[place].values else { continue }
            let parts = (0..<width).map { weights[$0] * Self.drawnIn((values[$0] - lows[$0]) / spans[$0]) }
            turned.set(.finished((parts.max() ?? 0) + 0.05 * parts.reduce(0, +)), at: place)
        }
        return turned
    }

    /// Up to 1 as it is; beyond, where a front of one point has no span to speak of, by its logarithm.
    private static func drawnIn(_ value: Double) -> Double { value <= 1 ? value : 1 + log(value) }

    /// The entries that ended with all objectives and that none dominates.
    var front: [Entry] {
        let finished = entries.filter { entry in
            if case .finished = entry.outcome { entry.values != nil } else { false }
        }
        return ParetoFront.places(of: finished.compactMap(\.values)).map { finished[$0] }
    }
}
