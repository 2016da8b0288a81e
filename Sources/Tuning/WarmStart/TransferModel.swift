/// A Gaussian process of an earlier search, on a scale of its own.
struct TransferModel: Sendable {
    let name: String
    let process: GaussianProcess
    /// Which parameters it knows; the others stand in the middle.
    let isShared: [Bool]
    /// Where the earlier search found the smallest value.
    let best: [Double]

    private static let fewest = 3
    private static let most = 120

    /// nil where there is too little to learn from.
    init?(_ search: PlacedSearch, in space: SearchSpace) {
        guard search.values.count >= Self.fewest, Set(search.values).count > 1, search.isShared.contains(true) else { return nil }
        // Of many the best third, and others evenly from among the rest.
        let order = search.values.indices.sorted { (search.values[$0], $0) < (search.values[$1], $1) }
        var kept = order
        if order.count > Self.most {
            let best = order.prefix(Self.most / 3), rest = Array(order.dropFirst(Self.most / 3)), others = Self.most - best.count
            kept = best + (0..<others).map { rest[$0 * rest.count / others] }
        }
        let warp = OutputWarp(search.values), surrogate = SurrogateSpace(space)
        let points = kept.map { search.points[$0] }, values = kept.map { warp(search.values[$0]) }
        let parameters = SurrogateParameters.fitted(
            surrogate, points, values, from: SurrogateParameters(dimension: space.dimension), limit: 60)
        guard let process = GaussianProcess(surrogate, points: points, values: values, parameters) else { return nil }
        (name, self.process, isShared, best) = (search.name, process, search.isShared, search.points[order[0]])
    }

    /// What it expects at a point.
    func mean(at point: [Double]) -> Double { process.mean(at: point.indices.map { isShared[$0] ? point[$0] : 0.5 }) }
}
