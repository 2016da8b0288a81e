import Numerics

/// How much more or less the weights of a column's many categories are penalised than other weights, as the training rows suggest.
///
/// A category's weight is penalised as much as a normal prior of the categories' own spread asks for: where categories of few rows differ
/// much and rows within them little, that is far less than the usual penalty, and more where they hardly differ.
///
/// - Source: Searle, Casella and McCulloch, "Variance components" (1992), chapter 7: ridge regression whose penalty is the variance
///   within groups over that between them predicts best (BLUP).
struct CategoryPenalties: Sendable, Hashable {
    /// A factor for each weight of a score. - Shape: [weightStride].
    private let factors: [Double]
    /// Runs of equal factors that cover all weights of a model, one score after the other.
    let runs: [Run]

    struct Run: Sendable, Hashable {
        var places: Range<Int>, factor: Double
    }

    /// Least and most: the data are asked in which direction to go, not blindly believed.
    static let range = 0.01...10.0

    func factor(at place: Int) -> Double { factors[place] }

    /// All weights alike.
    init(weightStride: Int, scoreCount: Int) {
        factors = [Double](repeating: 1, count: weightStride)
        runs = [Run(places: 0..<weightStride * scoreCount, factor: 1)]
    }

    /// - Parameter usesData: whether factors follow the training rows; they are 1 otherwise.
    init(_ data: LinearData, _ objective: LinearObjective, scoreCount: Int, usesData: Bool) {
        let rows = data.training
        guard usesData, rows.hasCategories, let kind = Kind(objective.loss) else {
            self = Self(weightStride: rows.weightStride, scoreCount: scoreCount)
            return
        }
        let columns = rows.categoryPlaces
        let ofOne =
            [Run(places: 0..<(columns.first?.lowerBound ?? rows.weightStride), factor: 1)]
            + columns.indices.map { column in
                Run(places: columns[column], factor: Self.factor(data, rows, column, columns[column], kind, scoreCount))
            }
        factors = ofOne.flatMap { [Double](repeating: $0.factor, count: $0.places.count) }
        runs = (0..<scoreCount).flatMap { score in
            ofOne.map { run in
                let start = score * rows.weightStride
                return Run(places: start + run.places.lowerBound..<start + run.places.upperBound, factor: run.factor)
            }
        }
    }

    /// What the penalty's unit is.
    private enum Kind {
        /// Of the target's own variance.
        case squared
        /// Of log odds, whose variance is a share's over (p (1 - p))².
        case logarithmic

        init?(_ loss: LinearLoss) {
            switch loss {
            case .squared: self = .squared
            case .logistic, .softmax: self = .logarithmic
            default: return nil
            }
        }
    }

    private static func factor(
        _ data: LinearData, _ rows: FeatureRows, _ column: Int, _ places: Range<Int>, _ kind: Kind, _ scoreCount: Int
    ) -> Double {
        let codes = (0..<rows.rowCount).map { rows.categoryPlace($0, column) - places.lowerBound }
        // A classifier of two classes has one score, for class 1.
        let classes = kind == .squared ? [nil] : scoreCount == 1 ? [1] : (0..<scoreCount).map { Int?.some($0) }
        var sum = 0.0, count = 0.0
        for number in classes {
            let groups = GroupSums(codes, count: places.count, weights: data.trainingWeights) { row in
                number.map { data.trainingTargets[row] == Float($0) ? 1 : 0 } ?? Double(data.scaledTargets[row])
            }
            let share = groups.mean
            guard number == nil || share > 0 && share < 1, let variances = groups.variances else { continue }
            let unit = number == nil ? 1 : share * (1 - share)
            // Classes count by how much there is to say about them.
            let part = number == nil ? 1 : unit
            sum += part * (unit * variances.smoothing(in: range.lowerBound / 100...range.upperBound * 100))
            count += part
        }
        return count > 0 ? min(max(sum / count, range.lowerBound), range.upperBound) : 1
    }
}
