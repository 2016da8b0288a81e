/// How good a model is on rows that it did not learn from, in pictures: what was taken for what, curves over thresholds, errors.
///
/// - Source: the model insights report of SageMaker Autopilot.
public struct ModelInsights: Sendable, Hashable {
    public typealias Point = HeldOutComparison.Point

    /// A metric on all rows, and how much it differs among the folds.
    public struct Measure: Sendable, Hashable {
        public var name: String
        public var value: Double
        /// Sample standard deviation over folds; nil where there are none.
        public var spread: Double?

        public init(_ name: String, _ value: Double, spread: Double?) {
            (self.name, self.value, self.spread) = (name, value, spread)
        }
    }

    /// How a class is told from all others, as the threshold falls.
    public struct ClassCurves: Sendable, Hashable {
        public var name: String
        /// False against true positive rate, from (0, 0) on.
        public var roc: [Point] = []
        /// Recall against precision.
        public var precisionRecall: [Point] = []
        /// Share of all rows, those with the highest scores first, against the share of the class's rows among them.
        public var gain: [Point] = []
        /// The same share of rows against how many times as many of the class they hold as rows by chance.
        public var lift: [Point] = []
        /// Mean probability against the share of the class, in tenths of the probability.
        public var calibration: [Point] = []
        /// Area under the ROC curve, average precision, mean squared error of the probability.
        public var rocArea = 0.0, averagePrecision = 0.0, brier = 0.0

        public init(name: String) { self.name = name }
    }

    /// A row that the model finds hard.
    public struct HardRow: Sendable, Hashable {
        /// Record in the data file, from 1.
        public var record: Int
        public var expected: String, predicted: String
        /// The size of the error, or of a class what its probability was short of 1.
        public var miss: Double

        public init(record: Int, expected: String, predicted: String, miss: Double) {
            (self.record, self.expected, self.predicted, self.miss) = (record, expected, predicted, miss)
        }
    }

    /// How a number's errors (what is less what was predicted) are spread.
    public struct Residuals: Sendable, Hashable {
        /// Rows in each of the equally wide bins between the least and the largest.
        public var counts: [Int] = []
        public var least = 0.0, most = 0.0
        public var mean = 0.0
        /// Of a sample (divisor n - 1).
        public var deviation = 0.0
        /// Rows whose residual is more than three deviations from the mean.
        public var outliers = 0
        /// Of some rows: prediction against what is, and prediction against residual.
        public var actual: [Point] = [], points: [Point] = []

        public init() {}
    }

    /// What the model is called.
    public var model: String
    public var target: String
    public var rowCount: Int
    /// Folds that held the rows out; 1 where they are a part or another file.
    public var foldCount: Int
    public var measures: [Measure]
    /// In their order; empty for a regressor.
    public var classes: [String] = []
    /// Rows of a class, row after row, by the class they were taken for: the likeliest. - Shape: [classes][classes].
    public var confusion: [[Int]] = []
    public var scores: [ModelEvaluation.ClassScore] = []
    /// Of two classes the second one's; of more those of the largest classes.
    public var curves: [ClassCurves] = []
    /// Of a regressor.
    public var residuals: Residuals?
    /// The hardest first.
    public var hardest: [HardRow] = []

    /// Classes that have curves, at most.
    public static let curveLimit = 6

    public init(model: String, target: String, rowCount: Int, foldCount: Int, measures: [Measure]) {
        (self.model, self.target, self.rowCount) = (model, target, rowCount)
        (self.foldCount, self.measures) = (foldCount, measures)
    }

    /// Which rows judge it, in words.
    public var judged: String {
        foldCount > 1
            ? "each row predicted by models of \(foldCount) folds that did not learn from it" : "rows that it did not learn from"
    }
}
