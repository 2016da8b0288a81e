import CheckedNumbers
import Glibc
import Numerics

/// Numbers to predict that have nothing to do with their rows, as another row's would.
///
/// Residuals about what other rows say are held to two explanations: heavy tails alone (Student's t, as wide as rows with like predictions are), and the same beside a
/// share of rows whose target is drawn from all targets. Outcomes that are open on one side only, such as rare costs, lie above what is said and seldom under it.
struct TargetNoise {
    /// The share of such rows that explains the residuals best.
    let share: Double
    /// Twice the logarithm of how much likelier they are with that share than without, by rows.
    let gainPerRow: Double
    /// Places of rows that are likelier to be drawn than predicted, the most doubtful first.
    let places: [Int]

    private static let leastGain = 12.0, leastGainPerRow = 0.035, heaviest = 5.0
    private static let usualShares = 0.03...0.75, leastClean = 0.5, leastSided = 0.5, leastPlaces = 5
    private static let freedoms = [1, 1.5, 2, 3, 5, 10, 30]
    private static let shares = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]

    /// - Returns: nil where the residuals are those of honest targets, or of targets that are hardly told at all.
    init?(_ residuals: HeldOutResiduals) {
        let densities = residuals.marginalDensities, count = Double(residuals.values.count)
        var plain = (likelihood: -Double.infinity, freedom: 0.0)
        var mixed = (likelihood: -Double.infinity, share: 0.0, width: 0.0, told: [Double]())
        for freedom in Self.freedoms {
            for step in 0..<11 {
                let width = 0.35 * pow(1.15, Double(step))
                let told = residuals.densities(freedom: freedom, width: width)
                let alone = told.reduce(0) { $0 + log($1) }
                if alone > plain.likelihood { plain = (alone, freedom) }
                for share in Self.shares {
                    var sum = 0.0
                    for row in told.indices { sum += log((1 - share) * told[row] + share * densities[row]) }
                    if sum > mixed.likelihood { mixed = (sum, share, width, told) }
                }
            }
        }
        let gain = 2 * (mixed.likelihood - plain.likelihood)
        guard gain >= Self.leastGain, gain / count >= Self.leastGainPerRow, plain.freedom <= Self.heaviest,
            Self.usualShares.contains(mixed.share), 1 - mixed.width * (1 - residuals.told) >= Self.leastClean
        else { return nil }
        let drawn = densities.indices.map { row in
            mixed.share * densities[row] / (mixed.share * densities[row] + (1 - mixed.share) * mixed.told[row])
        }
        let doubtful = drawn.indices.filter { drawn[$0] > 0.5 }
        guard doubtful.count >= Self.leastPlaces, residuals.sidedness(doubtful) >= Self.leastSided else { return nil }
        (share, gainPerRow) = (mixed.share, gain / count)
        places = doubtful.sorted { (-drawn[$0], $0) < (-drawn[$1], $1) }
    }
}

/// How far targets are from what other rows say of them.
struct HeldOutResiduals {
    /// Targets less what is told, in interquartile ranges of the targets.
    let values: [Double]
    /// The targets and what is told of them, less the median, in the same unit.
    let targets: [Double], predicted: [Double]
    /// 1 less the median residual by the median distance from the median: 1 tells everything.
    let told: Double
    /// How wide residuals are where predictions are like a row's: a deviation, by the median.
    private let widths: [Double]

    private static let groups = 5

    /// - Returns: nil where targets are too much alike or the features tell nothing apart.
    init?(_ features: PlainFeatures, _ numbers: [Double]) {
        let count = numbers.count, sorted = Statistics.sorted(numbers)
        let middle = Statistics.median(numbers)
        let unit = Statistics.quantile(0.75, ofSorted: sorted) - Statistics.quantile(0.25, ofSorted: sorted)
        guard unit > 0, unit.isFinite,
            let lines = HeldOutLines(features, rowCount: count).told(
                numbers.map { ($0 - middle) / unit }, outcomes: 1, robustly: true)
        else { return nil }
        let scaled = numbers.map { ($0 - middle) / unit }
        let nearest = NearestRows(features, rowCount: count, count: 15)
        let around = { (values: [Double], row: Int) in
            Statistics.median(nearest.rows(nextTo: row, 15).map { values[Int($0)] })
        }
        let rest = zip(scaled, lines).map { $0 - $1 }
        let candidates = [
            lines, scaled.indices.map { around(scaled, $0) }, scaled.indices.map { lines[$0] + around(rest, $0) },
        ]
        let errors = candidates.map { told in Statistics.median(zip(scaled, told).map { abs($0 - $1) }) }
        let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        let usual = Statistics.median(scaled.map(abs))
        guard usual > 0 else { return nil }
        (targets, predicted, told) = (scaled, candidates[best], 1 - errors[best] / usual)
        let residuals = zip(scaled, candidates[best]).map { $0 - $1 }
        let order = residuals.indices.sorted { (candidates[best][$0], $0) < (candidates[best][$1], $1) }
        var widths = [Double](repeating: 0, count: count)
        for group in 0..<Self.groups {
            let rows = order[group * count / Self.groups..<(group + 1) * count / Self.groups]
            let width = 1.4826 * Statistics.median(rows.map { abs(residuals[$0]) }) + 1e-9
            for row in rows { widths[row] = width }
        }
        (values, self.widths) = (residuals, widths)
    }

    func width(_ row: Int) -> Double { widths[row] }

    /// Rows whose targets are nearer to the median of all than to what is told of them, or as far off on the other side: farthest first.
    var strays: [Int] {
        values.indices.filter { abs(values[$0]) > max(abs(targets[$0]), Self.leastStray) }
            .sorted { (-abs(values[$0]), $0) < (-abs(values[$1]), $1) }
    }

    /// In interquartile ranges of the targets.
    private static let leastStray = 0.25

    /// How likely each residual is, of Student's t distribution.
    func densities(freedom: Double, width: Double) -> [Double] {
        let norm = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / (freedom * Double.pi).squareRoot()
        return values.indices.map { row in
            let unit = width * widths[row], score = values[row] / unit
            return max(1e-300, norm / unit * pow(1 + score * score / freedom, -(freedom + 1) / 2))
        }
    }

    /// How likely each target is of a row of which nothing is known: a kernel estimate, read off a grid.
    var marginalDensities: [Double] {
        var moments = Moments()
        for value in targets { moments.add(value) }
        let width = 1.06 * min(moments.populationDeviation, 1 / 1.34) * pow(Double(targets.count), -0.2)
        let least = (targets.min() ?? 0) - 3 * width, most = (targets.max() ?? 0) + 3 * width
        // A few outliers would make the grid coarse: where it is, each target counts by itself.
        let cells = 400, step = (most - least) / Double(cells)
        let norm = 1 / (Double(targets.count) * width * (2 * Double.pi).squareRoot())
        let density = { (place: Double) in
            targets.reduce(0.0) { sum, value in
                let score = (place - value) / width
                return abs(score) > 6 ? sum : sum + exp(-score * score / 2)
            } * norm + 1e-12
        }
        guard step < width else { return targets.map(density) }
        let grid = (0...cells).map { density(least + Double($0) * step) }
        return targets.map { value in
            let place = (value - least) / step, cell = max(0, min(cells - 1, Int(roundedDownWithin: place)))
            return grid[cell] + (place - Double(cell)) * (grid[cell + 1] - grid[cell])
        }
    }

    /// Whether rows lie above and under what is said of them as targets drawn from all would: 1 if so, 0 if all lie on one side.
    func sidedness(_ rows: [Int]) -> Double {
        let sorted = Statistics.sorted(predicted)
        let under = { (value: Double) -> Double in
            var low = 0, high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle] < value { low = middle + 1 } else { high = middle }
            }
            return Double(low) / Double(sorted.count)
        }
        let shares = rows.map { under(predicted[$0]) }.reduce(0, +)
        let above = Double(rows.count { values[$0] > 0 }), below = Double(rows.count) - above
        return min(above / max(1e-9, Double(rows.count) - shares), below / max(1e-9, shares))
    }
}
