import Numerics
import Training

extension CoalitionGame {
    /// Coalitions that are tried unless something else is said, as SageMaker Clarify has it.
    public var defaultSampleCount: Int {
        let most = playerCount < 30 ? (1 << playerCount) - 2 : Int.max
        return min(2 * playerCount + 2048, most)
    }

    /// Most coalitions that are tried.
    public static let mostSamples = 200_000

    /// The Shapley values by weighted least squares over some coalitions, each tried together with its complement; exact where they are
    /// as many as there are.
    ///
    /// Sizes of coalitions with fewest members are tried whole as long as the samples suffice; of the rest pairs are drawn. The errors
    /// are those of the drawing alone: 95 of 100 intervals hold the value.
    ///
    /// - Parameter samples: coalitions to try, at least 2 × players; nil = `defaultSampleCount`.
    /// - Throws: what the game throws; `badRequest` for too few samples.
    /// - Source: Lundberg and Lee, "A unified approach to interpreting model predictions" (2017); pairs and errors after Covert and
    ///   Lee, "Improving KernelSHAP" (2021).
    public func kernelValues(samples: Int? = nil, seed: UInt64 = 0) throws(ExplainingError) -> GameValues {
        let samples = samples ?? defaultSampleCount
        if playerCount < 30, samples >= (1 << playerCount) - 2, playerCount <= Self.mostEnumerated { return try exactValues() }
        guard samples <= Self.mostSamples else {
            throw ExplainingError(.badRequest, "\(samples) samples are more than \(Self.mostSamples): give fewer")
        }
        guard samples >= 2 * playerCount else {
            throw ExplainingError(
                .badRequest, "\(samples) samples are too few for \(playerCount) columns: give at least \(2 * playerCount)")
        }
        let plan = CoalitionPlan(playerCount: playerCount, samples: samples, seed: seed)
        let ends = try self.worths([Bool](repeating: false, count: playerCount) + [Bool](repeating: true, count: playerCount))
        let worths = try self.worths(plan.memberships)
        let expected = Array(ends[..<outputCount])
        var regression = CoalitionRegression(plan, playerCount: playerCount)
        var values: [Double] = [], errors: [Double] = []
        for output in 0..<outputCount {
            let all = ends[outputCount + output] - expected[output]
            let own = stride(from: output, to: worths.count, by: outputCount).map { worths[$0] - expected[output] }
            guard let solved = regression.solve(own, total: all) else {
                throw ExplainingError(.badRequest, "the coalitions drawn do not tell the columns apart: give more samples")
            }
            values += solved.values
            errors += solved.errors
        }
        return GameValues(
            values: values, expected: expected, errors: plan.drawnPairs > 0 ? errors : nil,
            coalitionCount: plan.weights.count + 2)
    }
}

/// Which coalitions are tried, and how much each counts.
struct CoalitionPlan {
    /// - Shape: [coalitions, players]; those tried for certain first, then drawn ones, each followed by its complement.
    private(set) var memberships: [Bool] = []
    /// What a coalition's squared error counts. Those of all sizes together count 1.
    private(set) var weights: [Double] = []
    /// Coalitions tried for certain.
    private(set) var certainCount = 0
    /// Pairs drawn, and what their squared errors count together.
    private(set) var drawnPairs = 0, drawnWeight = 0.0

    init(playerCount: Int, samples: Int, seed: UInt64) {
        let sizes = Array(1...max(1, playerCount / 2))
        // The weight of all coalitions of a size and of its complement's size.
        var sizeWeights = sizes.map { size in
            (size * 2 == playerCount ? 1.0 : 2.0) * Double(playerCount - 1) / Double(size * (playerCount - size))
        }
        let total = sizeWeights.reduce(0, +)
        sizeWeights = sizeWeights.map { $0 / total }
        var left = samples, size = 1
        while size <= sizes.count, let count = Self.combinations(playerCount, size, atMost: left), size * 2 < playerCount {
            guard 2 * count <= left else { break }
            // A size is tried whole where the samples that it would get on average reach.
            let rest = sizeWeights[(size - 1)...].reduce(0, +)
            guard Double(left) * sizeWeights[size - 1] / rest >= Double(2 * count) else { break }
            add(everyCoalitionOf: size, playerCount, weight: sizeWeights[size - 1] / Double(2 * count))
            left -= 2 * count
            size += 1
        }
        certainCount = weights.count
        guard size <= sizes.count else { return }
        drawnPairs = left / 2
        let rest = Array(sizeWeights[(size - 1)...])
        drawnWeight = rest.reduce(0, +)
        draw(rest, from: size, playerCount, seed: seed)
    }

    private mutating func append(_ coalition: [Bool], weight: Double) {
        memberships += coalition
        memberships += coalition.map { !$0 }
        weights += [weight, weight]
    }

    private mutating func add(everyCoalitionOf size: Int, _ playerCount: Int, weight: Double) {
        var members = Array(0..<size)
        while true {
            var coalition = [Bool](repeating: false, count: playerCount)
            for member in members { coalition[member] = true }
            append(coalition, weight: weight)
            guard let place = members.indices.last(where: { members[$0] < playerCount - size + $0 }) else { return }
            members[place] += 1
            for later in (place + 1)..<max(size, place + 1) { members[later] = members[later - 1] + 1 }
        }
    }

    private mutating func draw(_ rest: [Double], from first: Int, _ playerCount: Int, seed: UInt64) {
        var random = RandomSource(seed: seed)
        var players = Array(0..<playerCount)
        for _ in 0..<drawnPairs {
            var chance = random.uniform() * drawnWeight, size = first
            for weight in rest.dropLast() where chance >= weight {
                chance -= weight
                size += 1
            }
            random.shuffle(&players)
            var coalition = [Bool](repeating: false, count: playerCount)
            for member in players[..<size] { coalition[member] = true }
            append(coalition, weight: drawnWeight / Double(2 * drawnPairs))
        }
    }

    /// n over k; nil where it is more than a limit.
    private static func combinations(_ n: Int, _ k: Int, atMost limit: Int) -> Int? {
        var count = 1
        for index in 0..<k {
            let (product, overflows) = count.multipliedReportingOverflow(by: n - index)
            guard !overflows else { return nil }
            count = product / (index + 1)
            if count > limit { return nil }
        }
        return count
    }
}

/// Weighted least squares of worths on who takes part, such that the values add up to the whole: the last player has what the others
/// leave.
private struct CoalitionRegression {
    private let plan: CoalitionPlan
    private let playerCount: Int
    private let normal: Cholesky?

    init(_ plan: CoalitionPlan, playerCount: Int) {
        (self.plan, self.playerCount) = (plan, playerCount)
        let width = playerCount - 1
        var gram = [Double](repeating: 0, count: width * width)
        for coalition in plan.weights.indices {
            let row = Self.row(plan, coalition, playerCount)
            for first in 0..<width where row[first] != 0 {
                for second in 0...first { gram[first * width + second] += plan.weights[coalition] * row[first] * row[second] }
            }
        }
        normal = Cholesky(gram, order: width)
    }

    private static func row(_ plan: CoalitionPlan, _ coalition: Int, _ playerCount: Int) -> [Double] {
        let start = coalition * playerCount, last = plan.memberships[start + playerCount - 1] ? 1.0 : 0
        return (0..<playerCount - 1).map { (plan.memberships[start + $0] ? 1 : 0) - last }
    }

    mutating func solve(_ worths: [Double], total: Double) -> (values: [Double], errors: [Double])? {
        guard let normal else { return nil }
        let width = playerCount - 1
        var products = [Double](repeating: 0, count: width), outcomes = worths
        for coalition in worths.indices {
            if plan.memberships[(coalition + 1) * playerCount - 1] { outcomes[coalition] -= total }
            for (index, value) in Self.row(plan, coalition, playerCount).enumerated() where value != 0 {
                products[index] += plan.weights[coalition] * value * outcomes[coalition]
            }
        }
        let slopes = normal.solve(products)
        return (slopes + [total - slopes.reduce(0, +)], errors(outcomes, slopes))
    }

    /// From how much the drawn pairs' pulls on the values vary.
    private func errors(_ outcomes: [Double], _ slopes: [Double]) -> [Double] {
        let width = playerCount - 1, pairs = plan.drawnPairs
        guard pairs > playerCount else { return [Double](repeating: .infinity, count: playerCount) }
        var moments = [Moments](repeating: Moments(), count: playerCount)
        for pair in 0..<pairs {
            var pull = [Double](repeating: 0, count: width)
            for coalition in [plan.certainCount + 2 * pair, plan.certainCount + 2 * pair + 1] {
                let row = Self.row(plan, coalition, playerCount)
                let residual = outcomes[coalition] - zip(row, slopes).reduce(0) { $0 + $1.0 * $1.1 }
                for index in 0..<width { pull[index] += row[index] * residual * plan.drawnWeight / 2 }
            }
            guard let moved = normal?.solve(pull) else { continue }
            for index in 0..<width { moments[index].add(moved[index]) }
            moments[width].add(-moved.reduce(0, +))
        }
        // The regression bends towards its own samples: as many pairs less as it has slopes.
        let spread = (1 / Double(pairs - width)).squareRoot()
        return moments.map { SeedSpread.critical(Double(pairs - width)) * $0.populationDeviation * spread }
    }
}
