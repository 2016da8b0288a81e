import Numerics

/// What clusters are measured by.
enum ClusterMetric: String, Sendable, Hashable, Codable, CaseIterable {
    /// Mean and summed squared distance of the rows to their centres.
    case msd, ssd
    /// How much nearer rows are to their own cluster than to the next, over some rows.
    case silhouette = "silhouette_sampled"

    /// The silhouette is that of at most so many rows, evenly spread.
    static let silhouetteRowLimit = 1000

    /// Reads `msd,ssd`, or SageMaker's `["msd","ssd"]`.
    ///
    /// - Throws: `invalidHyperparameter`.
    static func list(_ text: String) throws(LearnerError) -> [ClusterMetric] {
        let words = text.filter { !"[]\" ".contains($0) }.split(separator: ",").map(String.init)
        let metrics = words.compactMap(ClusterMetric.init(rawValue:))
        guard metrics.count == words.count, !metrics.isEmpty else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            throw LearnerError(.invalidHyperparameter, "eval_metrics = '\(text)' is not valid: give some of \(names)")
        }
        return metrics
    }

    /// `loss`, which is the mean squared distance, and the metrics.
    static func entries(
        _ metrics: [ClusterMetric], _ rows: Matrix, weights: [Float]? = nil, centres: [Float]
    ) -> [Metrics.Entry] {
        let found = ClusterCentres.assign(rows, to: centres)
        let sum = found.squares.indices.reduce(0.0) { $0 + found.squares[$1] * WeightedRows.weight($1, weights) }
        let mean = sum / WeightedRows.total(rows.rowCount, weights)
        return [("loss", mean)]
            + metrics.map { metric in
                switch metric {
                case .msd: (metric.rawValue, mean)
                case .ssd: (metric.rawValue, sum)
                case .silhouette: (metric.rawValue, silhouette(rows, found.clusters, weights))
                }
            }
    }

    /// Mean silhouette of at most `silhouetteRowLimit` rows among themselves; a row alone in its cluster has 0. With weights, the
    /// mean distances and the mean of all rows are weighted.
    ///
    /// - Range: -1...1; NaN when the rows are all of one cluster.
    /// - Source: Rousseeuw, "Silhouettes" (1987).
    static func silhouette(_ rows: Matrix, _ clusters: [Int], _ weights: [Float]? = nil) -> Double {
        let count = min(rows.rowCount, silhouetteRowLimit), width = rows.columnCount
        let picked = (0..<count).map { $0 * rows.rowCount / count }
        let names = Set(picked.map { clusters[$0] }).sorted()
        guard names.count > 1 else { return .nan }
        let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        let own = picked.map { places[clusters[$0]] ?? 0 }
        var sums = [Double](repeating: 0, count: count * names.count), sizes = [Double](repeating: 0, count: names.count)
        var members = [Int](repeating: 0, count: names.count)
        let counts = picked.map { WeightedRows.weight($0, weights) }
        for (row, place) in own.enumerated() {
            sizes[place] += counts[row]
            members[place] += 1
        }
        rows.elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            for first in 0..<count {
                for second in 0..<first {
                    let distance = ClusterCentres.squaredDistance(
                        base + picked[first] * width, base + picked[second] * width, width: width
                    ).squareRoot()
                    sums[first * names.count + own[second]] += distance * counts[second]
                    sums[second * names.count + own[first]] += distance * counts[first]
                }
            }
        }
        var total = 0.0
        for row in 0..<count where members[own[row]] > 1 && counts[row] > 0 {
            let inside = sums[row * names.count + own[row]] / (sizes[own[row]] - counts[row])
            let next = names.indices.filter { $0 != own[row] }.map { sums[row * names.count + $0] / sizes[$0] }.min() ?? 0
            let largest = max(inside, next)
            total += largest > 0 ? counts[row] * (next - inside) / largest : 0
        }
        return total / counts.reduce(0, +)
    }
}
