import Numerics

/// Finds the point where the most improvement is to be expected: first among many that are spread over the space and around
/// the best ones, then by climbing from the best of those.
struct AcquisitionSearch {
    let space: SearchSpace
    let process: SurrogateEnsemble
    /// The smallest mean at a point that was tried.
    let best: Double
    /// Points that were tried, the best first.
    let known: [[Double]]
    /// A place around which there was nothing better to be found several times.
    var exhausted: [Double]?
    /// How far around it.
    private static let exhaustedWidth = 0.05

    /// Points that are being tried: what comes out there will be known soon.
    var pending: [[Double]] = []
    private static let pendingWidth = 0.01

    private func isOpen(_ point: [Double]) -> Bool {
        if let exhausted, Self.lie(point, exhausted, within: Self.exhaustedWidth) { return false }
        return pending.allSatisfy { !Self.lie(point, $0, within: Self.pendingWidth) }
    }

    /// Whether two points differ in no coordinate by more than a width.
    static func lie(_ point: [Double], _ other: [Double], within width: Double) -> Bool {
        point.indices.allSatisfy { (point[$0] - other[$0]).magnitude <= width }
    }

    private func value(at point: [Double], _ room: inout SurrogateEnsemble.Room) -> Double {
        let belief = process.belief(at: point, in: &room)
        return LogExpectedImprovement.value(mean: belief.mean, deviation: belief.deviation, best: best).value
    }

    /// - Returns: a point that was not tried, and the logarithm of the improvement expected there; nil where all that was
    ///   looked at was tried.
    func found(_ source: inout RandomSource) -> (point: [Double], value: Double)? {
        var room = SurrogateEnsemble.Room(process)
        let tried = Set(known)
        let candidates = candidates(&source).filter(isOpen).map { (point: $0, value: value(at: $0, &room)) }
            .sorted { $0.value > $1.value }
        let fresh = candidates.filter { !tried.contains($0.point) }
        var best = fresh.first
        for start in starts(among: candidates) {
            let climbed = climbed(from: start, &room)
            let point = space.canonical(climbed)
            guard !tried.contains(point), isOpen(point) else { continue }
            let value = value(at: point, &room)
            if value > best?.value ?? -.infinity { best = (point, value) }
        }
        return best
    }

    private func candidates(_ source: inout RandomSource) -> [[Double]] {
        // What one candidate costs grows with the square of what was tried.
        let count = process.count <= 100 ? 1024 : max(256, 1024 * 100 / process.count)
        let sequence = SobolSequence(dimension: space.dimension, seed: source.next())
        var found = (0..<count).map { space.canonical(sequence.point($0)) }
        for point in known.prefix(5) {
            for round in 0..<(count / 16) {
                let width = [0.003, 0.02, 0.1][round % 3]
                found.append(space.canonical(neighbour(of: point, width: width, &source)))
            }
        }
        return found
    }

    private func neighbour(of point: [Double], width: Double, _ source: inout RandomSource) -> [Double] {
        let dimension = space.dimension, always = source.integer(below: dimension)
        return (0..<dimension).map { index in
            guard index == always || source.uniform() < 0.5 else { return point[index] }
            if case .categorical = space.searched[index].values {
                return source.uniform() < 0.3 ? source.uniform() : point[index]
            }
            return min(max(point[index] + width * source.normal(), 0), 1)
        }
    }

    /// The best candidate, and others that are good and lie elsewhere.
    private func starts(among candidates: [(point: [Double], value: Double)]) -> [[Double]] {
        var starts: [[Double]] = []
        for candidate in candidates.prefix(candidates.count / 4) {
            guard starts.count < Self.startCount else { break }
            if starts.allSatisfy({ !Self.lie($0, candidate.point, within: 0.1) }) { starts.append(candidate.point) }
        }
        return starts
    }

    private static let startCount = 6

    private func climbed(from start: [Double], _ room: inout SurrogateEnsemble.Room) -> [Double] {
        var point = start
        let discrete = space.searched.indices.filter { space.searched[$0].count != nil }
        for round in 0..<(discrete.isEmpty ? 1 : 2) {
            if discrete.count < space.dimension {
                point = climbedSmoothly(from: point, discrete, limit: round == 0 ? 30 : 15, &room)
            }
            for index in discrete { point = bestChoice(of: index, at: point, &room) }
        }
        return point
    }

    private func climbedSmoothly(
        from start: [Double], _ discrete: [Int], limit: Int, _ room: inout SurrogateEnsemble.Room
    ) -> [Double] {
        let exists = space.existing(at: start)
        var minimizer = BoundedMinimizer(
            lower: [Double](repeating: 0, count: start.count), upper: [Double](repeating: 1, count: start.count))
        for index in start.indices where discrete.contains(index) || !exists[index] {
            (minimizer.lower[index], minimizer.upper[index]) = (start[index], start[index])
        }
        minimizer.iterationLimit = limit
        return minimizer.minimum(from: start) { point, gradient in
            let belief = process.beliefWithSlopes(at: point, in: &room)
            let found = LogExpectedImprovement.value(mean: belief.mean, deviation: belief.deviation, best: best)
            for index in point.indices {
                gradient[index] = -(found.byMean * belief.meanSlopes[index] + found.byDeviation * belief.deviationSlopes[index])
            }
            return -found.value
        }.point
    }

    /// Of a word or a whole number the value that promises most, the others held.
    private func bestChoice(of index: Int, at point: [Double], _ room: inout SurrogateEnsemble.Room) -> [Double] {
        guard space.existing(at: point)[index], let count = space.searched[index].count else { return point }
        let places: [Double]
        if count <= 16 {
            places = (0..<count).map { (Double($0) + 0.5) / Double(count) }
        } else {
            places = [-0.1, -0.03, -0.01, 0.01, 0.03, 0.1].map { min(max(point[index] + $0, 0), 1) }
        }
        var best = space.canonical(point), bestValue = value(at: best, &room)
        for place in places {
            var other = point
            other[index] = place
            other = space.canonical(other)
            guard other != best else { continue }
            let value = value(at: other, &room)
            if value > bestValue { (best, bestValue) = (other, value) }
        }
        return best
    }
}
