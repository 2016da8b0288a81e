import Glibc
import Numerics

/// First vectors of many categories: what their rows' targets are on average, drawn towards the average of all, so that training begins
/// with what a category of few rows can teach at all.
///
/// - Source: Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes" (2001), for the means; Searle, Casella
///   and McCulloch, "Variance components" (1992) for how far they are drawn.
struct CategoryStart {
    /// Targets as the network sees them, a class's as 1 or 0. - Shape: [columns][rows].
    private let columns: [[Double]]
    private let weights: [Float]?

    /// Classes at most whose shares are told apart.
    private static let classLimit = 10

    /// - Parameter targets: targets as the network sees them, or classes' numbers.
    init(_ task: LearningTask, targets: [Float], classCount: Int, weights: [Float]?) {
        self.weights = weights
        let indicator = { (number: Int) in targets.map { $0 == Float(number) ? 1.0 : 0 } }
        columns =
            switch task {
            case .multiclassClassifier: (0..<min(classCount, Self.classLimit)).map(indicator)
            case .binaryClassifier: [indicator(1)]
            default: [targets.map(Double.init)]
            }
    }

    /// How far each category's mean is from that of all, drawn towards it, in units of how far categories lie apart; all 0 where they
    /// do not.
    ///
    /// - Parameter codes: each row's category, from 0.
    /// - Shape: [columns][count].
    func offsets(_ codes: [Int], count: Int) -> [[Float]] {
        columns.map { values in
            let groups = GroupSums(codes, count: count, weights: weights) { values[$0] }
            guard let variances = groups.variances, variances.between > 0 else { return [Float](repeating: 0, count: count) }
            let average = groups.mean, unit = 1 / variances.between.squareRoot()
            let smoothing = variances.smoothing(in: 0...1e6) / variances.unit
            return zip(groups.sums, groups.weights).map { sum, weight in
                // Where rows of a category never differ nothing is drawn, and one without rows has nothing of its own either.
                weight + smoothing > 0 ? Float((sum - weight * average) / (weight + smoothing) * unit) : 0
            }
        }
    }
}
