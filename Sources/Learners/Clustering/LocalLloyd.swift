import Numerics

/// Makes few centres of many, each of which stands for the rows it took.
struct LocalLloyd {
    let count: Int
    let spreads: Bool
    let trials: Int, iterations: Int
    let tolerance: Double

    /// The best of several attempts at clustering the centres.
    ///
    /// - Shape: centres [many, width], counts [many], returns [count, width].
    func reduce(_ centres: [Float], counts: [Float], width: Int, seed: UInt64) -> [Float] {
        guard centres.count > count * width else { return centres }
        let taken = counts.indices.filter { counts[$0] > 0 }
        // Before they took rows all count the same.
        let used = taken.count >= count ? taken : Array(counts.indices)
        let weights = used.map { taken.count >= count ? Double(counts[$0]) : 1 }
        let points = Matrix(rowCount: centres.count / width, columnCount: width, elements: centres).selecting(rows: used)
        var random = RandomSource(seed: seed), best: (centres: [Float], loss: Double) = ([], .infinity)
        for _ in 0..<trials {
            let first = ClusterCentres.first(points, weights: weights, count: count, spreads: spreads, random: &random)
            let found = ClusterCentres.lloyd(
                points, weights: weights, from: first, iterations: iterations, tolerance: tolerance)
            if found.loss < best.loss || best.centres.isEmpty { best = found }
        }
        return best.centres
    }
}
