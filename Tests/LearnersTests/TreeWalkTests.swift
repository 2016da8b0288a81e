import Numerics
import Testing

@testable import Learners

/// Trees that are walked here give the library's numbers to the bit.
@Suite(.enabled(if: XGBoostLibrary.isAvailable)) struct TreeWalkTests {
    private func data(_ task: LearningTask, rows: Int = 300, width: Int = 7) -> LabelledMatrix {
        var random = RandomSource(seed: 11)
        var features: [Float] = [], targets: [Float] = []
        for _ in 0..<rows {
            let row = (0..<width).map { _ in random.next() % 9 == 0 ? Float.nan : Float(random.uniform()) }
            let sum = row.reduce(0) { $0 + ($1.isNaN ? 0.3 : $1) }
            features += row
            targets.append(task == .regressor ? sum + 0.5 : task == .binaryClassifier ? (sum > 3 ? 1 : 0) : Float(Int(sum) % 3))
        }
        return LabelledMatrix(features: Matrix(rowCount: rows, columnCount: width, elements: features), targets: targets)
    }

    @Test(arguments: [
        ("reg:squarederror", LearningTask.regressor, true), ("reg:pseudohubererror", .regressor, true),
        ("binary:logistic", .binaryClassifier, true), ("binary:hinge", .binaryClassifier, true),
        ("multi:softprob", .multiclassClassifier, true), ("count:poisson", .regressor, true), ("reg:gamma", .regressor, true),
    ])
    func rowsAloneAndTogetherGetTheLibrarysBits(_ objective: String, _ task: LearningTask, _ isWalked: Bool) throws {
        let rows = data(task)
        let made = try Learner.named("xgboost").makeTrainer(
            TrainingRequest(
                hyperparameters: ["num_round": "30", "objective": objective], task: task,
                classCount: task == .regressor ? 1 : task == .binaryClassifier ? 2 : 3, training: rows, validation: nil, seed: 5))
        while !made.trainer.isFinished { _ = made.trainer.trainStep() }
        let model = try #require(made.trainer.model as? XGBoostModel), ready = model.readied()
        #expect((ready.walk.trees != nil) == isWalked)
        #expect(ready == model)
        let expected = try model.predictScores(rows.features), width = rows.features.columnCount
        #expect(try ready.predictScores(rows.features).elements.map(\.bitPattern) == expected.elements.map(\.bitPattern))
        for row in stride(from: 0, to: rows.features.rowCount, by: 13) {
            let alone = Matrix(
                rowCount: 1, columnCount: width, elements: Array(rows.features.elements[row * width..<(row + 1) * width]))
            let own = expected.elements[row * expected.columnCount..<(row + 1) * expected.columnCount]
            #expect(try ready.predictScores(alone).elements.map(\.bitPattern) == own.map(\.bitPattern))
        }
    }
}
