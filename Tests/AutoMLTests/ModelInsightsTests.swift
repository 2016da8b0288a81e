import Events
import Learners
import Testing

@testable import AutoML

/// Insights against make_insights_reference.py (scikit-learn 1.9.1).
@Suite struct ModelInsightsTests {
    /// Uniform numbers in [0, 1), the same as the reference's.
    private func draws(_ seed: UInt32, _ count: Int) -> [Double] {
        var state = seed
        return (0..<count).map { _ in
            state = 1_664_525 &* state &+ 1_013_904_223
            return Double(state) / 4_294_967_296
        }
    }

    private func held(_ expected: [Double], _ predicted: [Double]) -> HeldOutPredictions {
        HeldOutPredictions(
            rows: Array(1...expected.count), folds: expected.indices.map { $0 % 3 + 1 }, expected: expected, predicted: predicted)
    }

    private var classes: HeldOutPredictions {
        let expected = draws(3, 60).map { (draw: Double) -> Double in draw > 0.55 ? 1 : 0 }, drawn = draws(4, 60)
        let scores = expected.indices.map { (row: Int) -> Double in
            let score: Double = 0.5 + (expected[row] - 0.5) * 0.4 + (drawn[row] - 0.5) * 0.9
            return max(0, min(1, (score * 10).rounded() / 10))
        }
        return held(expected, scores)
    }

    /// Scores are ranked in single precision, which rounds what is a tenth.
    private func near(_ found: [ModelInsights.Point], _ expected: [(Double, Double)], _ tolerance: Double = 1e-7) -> Bool {
        found.count == expected.count
            && zip(found, expected).allSatisfy { abs($0.x - $1.0) <= tolerance && abs($0.y - $1.1) <= tolerance }
    }

    @Test func curvesOfTwoClassesAreThoseOfScikitLearn() throws {
        let found = ModelInsights(classes, task: .binaryClassifier, classes: ["no", "yes"], target: "y", model: "m")
        #expect(found.rowCount == 60 && found.foldCount == 3)
        #expect(found.confusion == [[27, 6], [2, 25]])
        let curves = try #require(found.curves.first)
        #expect(found.curves.count == 1 && curves.name == "yes")
        #expect(abs(curves.rocArea - 0.9517396184062851) < 1e-12)
        #expect(abs(curves.averagePrecision - 0.9387062638675543) < 1e-12)
        #expect(abs(curves.brier - 0.0975) < 1e-7)
        let roc = [
            (0, 0), (0, 0.18518518518518517), (0, 0.2962962962962963), (0, 0.5925925925925926), (0, 0.7037037037037037),
            (0.09090909090909091, 0.8148148148148148), (0.18181818181818182, 0.9259259259259259),
            (0.30303030303030304, 0.9259259259259259), (0.45454545454545453, 1), (0.48484848484848486, 1),
            (0.6666666666666666, 1), (1, 1),
        ]
        #expect(near(curves.roc, roc))
        let precision = [1, 1, 1, 1, 0.88, 0.8064516129032258, 0.7142857142857143, 0.6428571428571429, 0.627906976744186]
        #expect(zip(curves.precisionRecall, precision).allSatisfy { abs($0.y - $1) < 1e-12 })
        let shares = [
            0.08333333333333333, 0.13333333333333333, 0.26666666666666666, 0.31666666666666665, 0.4166666666666667,
            0.5166666666666667, 0.5833333333333334, 0.7, 0.7166666666666667, 0.8166666666666667, 1,
        ]
        #expect(near(curves.gain, [(0, 0)] + zip(shares, roc.dropFirst().map(\.1))))
        // Among the tenth that scores highest nearly twice as many are of the class as by chance.
        #expect(near(curves.lift, zip(shares, roc.dropFirst().map(\.1)).map { ($0, $1 / $0) }))
        #expect(abs(curves.lift[0].y - 2.2222222222) < 1e-9)
        #expect(abs((found.measures.first { $0.name == "f1" }?.value ?? 0) - 0.8620689655172413) < 1e-12)
        #expect(found.measures.allSatisfy { $0.spread != nil })
    }

    @Test func calibrationIsThatOfScikitLearn() throws {
        var inner = classes
        // Off the edges of the bins, on whose sides single and double precision differ.
        inner.predicted = inner.predicted.map { max(0.01, $0 - 0.03) }
        let found = ModelInsights(inner, task: .binaryClassifier, classes: ["no", "yes"], target: "y", model: "m")
        let calibration = [
            (0.031176470588235302, 0), (0.17, 0), (0.27, 0.2857142857142857), (0.37, 0), (0.47, 0.5), (0.57, 0.5), (0.67, 1),
            (0.77, 1), (0.87, 1), (0.97, 1),
        ]
        let curves = try #require(found.curves.first)
        #expect(near(curves.calibration, calibration), "\(curves.calibration)")
    }

    @Test func eachOfThreeClassesIsToldFromTheOthers() throws {
        let expected: [Double] = [0, 0, 1, 1, 2, 2, 0, 1]
        let predicted = [
            0.8, 0.1, 0.1, 0.4, 0.5, 0.1, 0.2, 0.7, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8, 0.3, 0.3, 0.4, 0.9, 0.05, 0.05, 0.1, 0.2,
            0.7,
        ]
        let found = ModelInsights(
            held(expected, predicted), task: .multiclassClassifier, classes: ["a", "b", "c"], target: "y", model: "m")
        #expect(found.confusion == [[2, 1, 0], [0, 2, 1], [0, 0, 2]])
        #expect(found.curves.map(\.name) == ["a", "b", "c"])
        // One against all others: every row of a scores above all but none of the rest.
        #expect(found.curves[0].rocArea == 1)
        #expect(found.hardest[0].record == 8 && found.hardest[0].expected == "b" && found.hardest[0].predicted == "c")
        #expect(abs(found.hardest[0].miss - 0.8) < 1e-12)
        let json = found.json
        #expect(json["confusion"]?.array?.count == 3 && json["curves"]?.array?[0]["roc_auc"]?.double == 1)
    }

    @Test func errorsOfNumbersAreThoseOfNumpy() throws {
        let actual = draws(5, 50).map { (draw: Double) -> Double in draw * 10 }, drawn = draws(6, 50)
        let predicted = actual.indices.map { (row: Int) -> Double in actual[row] + (drawn[row] - 0.4) * 3 }
        let found = ModelInsights(held(actual, predicted), task: .regressor, classes: [], target: "y", model: "m")
        let residuals = try #require(found.residuals)
        #expect(abs(residuals.mean + 0.40648043225985026) < 1e-12)
        #expect(abs(residuals.deviation - 0.8840831128334193) < 1e-12)
        #expect(residuals.counts == [6, 3, 2, 3, 0, 1, 2, 2, 3, 2, 1, 1, 2, 3, 4, 1, 2, 0, 2, 1, 5, 2, 1, 1])
        #expect(residuals.outliers == 0 && residuals.actual.count == 50)
        #expect(abs((found.measures.first { $0.name == "r2" }?.value ?? 0) - 0.8826443343156374) < 1e-12)
        #expect(found.hardest[0].record == 20 && found.confusion.isEmpty && found.curves.isEmpty)
    }

    @Test func aClassThatIsNeverThereHasNoCurve() {
        let found = ModelInsights(
            held([0, 0, 0], [0.1, 0.2, 0.9]), task: .binaryClassifier, classes: ["no", "yes"], target: "y", model: "m")
        #expect(found.curves.isEmpty && found.confusion == [[2, 1], [0, 0]])
        // What is undefined is left out rather than shown as a number.
        #expect(found.measures.allSatisfy { $0.value.isFinite })
    }
}
