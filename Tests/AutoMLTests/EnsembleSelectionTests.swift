import Learners
import Testing

@testable import AutoML

/// Greedy selection against make_reference.py (numpy 2.4.6), to the last digit.
@Suite struct EnsembleSelectionTests {
    /// Uniform numbers in [0, 1), the same as the reference's.
    private func draws(_ seed: UInt32, _ count: Int) -> [Double] {
        var state = seed
        return (0..<count).map { _ in
            state = 1_664_525 &* state &+ 1_013_904_223
            return Double(state) / 4_294_967_296
        }
    }

    private func objective(_ metric: String, classes: Int) -> SelectionObjective {
        SelectionObjective(
            metric: metric, task: classes == 1 ? .regressor : classes == 2 ? .binaryClassifier : .multiclassClassifier,
            classCount: classes)
    }

    private func select(
        _ models: [[Double]], _ expected: [Double], _ metric: String, classes: Int
    ) -> EnsembleSelection {
        let objective = objective(metric, classes: classes)
        return EnsembleSelection(models, width: objective.width) { objective.error($0, expected) }
    }

    @Test func numbersAreAveragedAsTheReferenceDoes() {
        let expected = draws(1, 60).map { (draw: Double) -> Double in draw * 10 }
        let models = (0..<6).map { model -> [Double] in
            let drawn = draws(UInt32(10 + model), 60), width = Double(1 + model)
            return expected.indices.map { (row: Int) -> Double in
                let noise: Double = (drawn[row] - 0.4) * width
                return expected[row] + noise
            }
        }
        let found = select(models, expected, "rmse", classes: 1)
        #expect(found.order == [0, 0, 1, 0, 0, 0, 2, 0, 0, 4, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 1, 0])
        #expect(
            found.trajectory == [
                0.30032793781663397, 0.300328, 0.286419, 0.275589, 0.273675, 0.274373, 0.275768, 0.273007, 0.272035, 0.268887,
                0.265816, 0.26398, 0.261546, 0.26017, 0.259518, 0.259361, 0.259497, 0.259, 0.258849, 0.25895, 0.25917, 0.258953,
                0.258942, 0.258918, 0.258719,
            ])
        #expect(found.weights == [0.72, 0.16, 0.04, 0.04, 0.04, 0])
    }

    /// Four models, and two that learned from what they predict.
    @Test func bothLevelsAreChosenFromAsTheReferenceDoes() {
        let expected = draws(1, 60).map { (draw: Double) -> Double in draw * 10 }
        let below = (0..<4).map { model -> [Double] in
            let drawn = draws(UInt32(10 + model), 60), width = Double(1 + model)
            return expected.indices.map { (row: Int) -> Double in
                let noise: Double = (drawn[row] - 0.4) * width
                return expected[row] + noise
            }
        }
        let above = (0..<2).map { model -> [Double] in
            let drawn = draws(UInt32(50 + model), 60), width: Double = 0.5 + 0.5 * Double(model)
            return expected.indices.map { (row: Int) -> Double in
                let first: Double = 0.5 * below[0][row], second: Double = 0.25 * below[1][row]
                let third: Double = 0.25 * below[2 + model][row], noise: Double = (drawn[row] - 0.5) * width
                return first + second + third + noise
            }
        }
        let found = select(below + above, expected, "rmse", classes: 1)
        #expect(found.order == [0, 4, 0, 0, 1, 0, 0, 5, 0, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 2])
        #expect(
            found.trajectory == [
                0.30032793781663397, 0.294187, 0.28538, 0.285062, 0.278482, 0.274483, 0.27353, 0.273671, 0.272989, 0.273126,
                0.272814, 0.271764, 0.27128, 0.269855, 0.269066, 0.268719, 0.268681, 0.268856, 0.268386, 0.268173, 0.268154,
                0.268045, 0.26773, 0.267586, 0.267265,
            ])
    }

    @Test func probabilitiesOfTwoClassesAreAveragedAsTheReferenceDoes() {
        let expected = draws(2, 80).map { (draw: Double) -> Double in draw > 0.6 ? 1 : 0 }
        let models = (0..<5).map { model -> [Double] in
            let drawn = draws(UInt32(20 + model), 80), width: Double = 0.6 + 0.1 * Double(model)
            return expected.indices.map { (row: Int) -> Double in
                let signal: Double = 0.5 + (expected[row] - 0.5) * 0.4
                let noise: Double = (drawn[row] - 0.5) * width
                return max(0.01, min(0.99, signal + noise))
            }
        }
        let losses = select(models, expected, "log_loss", classes: 2)
        #expect(losses.order == [0, 2, 0, 1, 2, 0, 0, 2, 0, 1, 2, 0, 0, 2, 0, 0, 2, 1, 0, 2, 0])
        #expect(losses.trajectory.first == 0.3633800478396018 && losses.error == 0.350635)
        let hits = select(models, expected, "accuracy", classes: 2)
        #expect(hits.order == [0, 1, 2, 0, 1])
        #expect(hits.trajectory == [0.16249999999999998, 0.0875, 0.0375, 0.0375, 0.025])
    }

    @Test func probabilitiesOfThreeClassesAreAveragedAsTheReferenceDoes() {
        let expected = draws(3, 70).map { (draw: Double) -> Double in (draw * 3).rounded(.down) }
        let models = (0..<5).map { model -> [Double] in
            var raw: [Double] = draws(UInt32(30 + model), 210).map { (draw: Double) -> Double in draw + 0.05 }
            let gain: Double = 0.5 - 0.05 * Double(model)
            for row in 0..<70 {
                let place: Int = row * 3 + Int(expected[row])
                raw[place] += gain
            }
            for start in stride(from: 0, to: 210, by: 3) {
                let sum = raw[start] + raw[start + 1] + raw[start + 2]
                for place in start..<start + 3 { raw[place] /= sum }
            }
            return raw
        }
        let losses = select(models, expected, "log_loss", classes: 3)
        #expect(losses.order == [0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0])
        #expect(losses.trajectory.first == 0.698916225126513 && losses.error == 0.696632)
        let hits = select(models, expected, "accuracy", classes: 3)
        #expect(hits.order == [1, 0, 0, 1, 2, 3, 2, 2] && hits.error == 0.014286)
    }

    @Test func whatCannotBeAveragedIsNoFault() {
        let none = EnsembleSelection([]) { _ in 0 }
        #expect(none.error == nil && none.weights.isEmpty)
        let broken = EnsembleSelection([[1], [2]]) { _ in .nan }
        #expect(broken.error == nil && broken.weights == [0, 0])
        // One model alone is itself, and equal ones are not added for nothing.
        let one = EnsembleSelection([[1, 2]]) { _ in 0.5 }
        #expect(one.weights == [1] && one.order == [0])
        let equal = EnsembleSelection([[1, 2], [1, 2]]) { _ in 0.5 }
        #expect(equal.weights == [1, 0])
    }
}
