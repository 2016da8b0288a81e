import CheckedNumbers
import Events

/// What a trained XGBoost model makes of the rows that were held out: all that a report of it tells, as numbers.
package struct TreeReport: Sendable {
    /// How many values lie in each of some bins of equal width.
    package struct Distribution: Sendable {
        package var counts: [Int]
        package var range: ClosedRange<Double>

        /// - Parameter values: those that are not finite are left out.
        init(_ values: [Double], bins: Int = 24) {
            let finite = values.filter(\.isFinite)
            range = (finite.min() ?? 0)...(finite.max() ?? 0)
            counts = [Int](repeating: 0, count: bins)
            let width = range.upperBound - range.lowerBound
            for value in finite {
                let share = width > 0 ? (value - range.lowerBound) / width : 0
                counts[min(bins - 1, Int(roundedDownWithin: share * Double(bins)))] += 1
            }
        }
    }

    package struct Point: Sendable {
        package var x: Double
        package var y: Double
    }

    /// How classes' precision, recall and F1 become one.
    package struct Average: Sendable {
        package var name: String
        package var precision: Double
        package var recall: Double
        package var f1: Double
    }

    /// Importance by one measure, the largest first.
    package struct Importance: Sendable {
        /// `gain`, `weight` or `cover`.
        package var kind: String
        package var features: [(name: String, value: Double)]
    }

    /// A class, or a value of the target.
    package enum Outcome: Sendable {
        case name(String)
        case number(Double)
    }

    /// The rows of a class, or those whose target lies in a range.
    package enum Group: Sendable {
        case name(String)
        case range(ClosedRange<Double>)
    }

    /// A row that the model finds hard.
    package struct HardRow: Sendable {
        /// Record in the data file, from 1.
        package var record: Int
        package var expected: Outcome
        package var predicted: Outcome
        package var loss: Double
    }

    /// One curve over the boosting rounds.
    package struct Course: Sendable {
        package var group: Group
        package var points: [(round: Int, value: Double)]
    }

    package var rowCount: Int
    package var roundCount: Int
    package var target: String
    /// Empty for a regression.
    package var classes: [String] = []
    package var scores: [ModelEvaluation.ClassScore] = []
    package var averages: [Average] = []
    /// Rows of a class, row after row, by the class they were taken for.
    package var confusion: [[Int]] = []
    /// Of two classes.
    package var roc: [Point] = []
    package var area: Double?
    /// Of a regression: the target, and the target less the prediction.
    package var labels: Distribution?
    package var residuals: Distribution?
    package var residualMean = 0.0
    package var residualDeviation = 0.0
    /// Share of each class that is found, or mean size of the error for each tenth of the target, after so many rounds.
    package var courses: [Course] = []
    package var importance: [Importance] = []
    /// What each row adds to the loss: `log loss` or `squared error`.
    package var lossName = ""
    package var losses: Distribution
    /// The share of all loss that the hardest tenth of the rows has.
    package var hardestShare = 0.0
    package var hardest: [HardRow] = []

    package var isClassification: Bool { !classes.isEmpty }
}
