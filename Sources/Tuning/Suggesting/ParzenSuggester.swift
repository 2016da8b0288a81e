import Numerics

/// A density of good trials and one of the others: the next is where the first is much higher than the second.
struct ParzenSuggester: Suggester {
    private static let startCount = 10
    private static let candidateCount = 24
    /// Among so many newest trials all count the same; older ones of the others count less.
    private static let freshCount = 25

    func suggestion(after history: TrialHistory, number: Int, source: inout RandomSource) -> Suggestion? {
        let space = history.space, seen = history.observations()
        guard history.knownCount >= Self.startCount, seen.values.count >= 3 else {
            return Suggestion(point: space.randomPoint(&source), reason: "drawn at random, before there is a model")
        }
        let order = seen.values.indices.sorted { (seen.values[$0], $0) < (seen.values[$1], $1) }
        let goodCount = min((order.count + 9) / 10, 25)
        let good = order.prefix(goodCount).sorted(), others = order.dropFirst(goodCount).sorted()
        // What still runs counts as no good, so that trials at the same time keep apart.
        let otherPoints = others.map { seen.points[$0] } + seen.pending
        let better = ParzenDensity(space, good.map { seen.points[$0] }, weights: Self.weights(good.count))
        let worse = ParzenDensity(space, otherPoints, weights: Self.weights(otherPoints.count))
        var best: (point: [Double], gain: Double)?
        for _ in 0..<Self.candidateCount {
            let point = better.drawn(&source)
            let gain = better.logDensity(point) - worse.logDensity(point)
            if gain > best?.gain ?? -.infinity { best = (point, gain) }
        }
        return best.map {
            Suggestion(point: $0.point, reason: "near the best \(goodCount) of \(order.count) trials and far from the others")
        }
    }

    private static func weights(_ count: Int) -> [Double] {
        guard count > freshCount else { return [Double](repeating: 1, count: count) }
        let ramp = count - freshCount, first = 1 / Double(count)
        return (0..<count).map { $0 < ramp ? first + (1 - first) * Double($0) / Double(max(1, ramp - 1)) : 1 }
    }
}
