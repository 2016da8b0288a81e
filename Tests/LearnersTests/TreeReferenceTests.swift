import Numerics
import Testing

@testable import Learners

/// Against Python's xgboost 3.2.0 (`xgb.train`, nthread 1, seed 1, seed_per_iteration) on the same rows: the same library, so the
/// same numbers. Python reports its metrics in double from single-precision margins, which explains the tolerance of 1e-6.
@Suite(.enabled(if: XGBoostLibrary.isAvailable, "pip install xgboost-cpu")) struct TreeReferenceTests {
    struct Reference: Sendable {
        var task: LearningTask
        var settings: [String: String]
        /// Root mean squared error or cross entropy after 1 and 20 rounds, and on the validation rows after 20.
        var first: Double, last: Double, validation: Double
    }

    static let references = [
        Reference(
            task: .regressor, settings: TreeSamples.reference, first: 3.7411302790190537, last: 0.35367346697519864,
            validation: 2.783118647624705),
        Reference(
            task: .binaryClassifier, settings: TreeSamples.reference, first: 0.5144502071539561, last: 0.06181837785678605,
            validation: 0.3956648834235966),
        Reference(
            task: .multiclassClassifier, settings: TreeSamples.reference, first: 0.9072322503725687, last: 0.22714377701903382,
            validation: 1.0444763639941812),
    ]

    @Test(arguments: references)
    func `training and validation losses are those of Python's xgboost`(reference: Reference) throws {
        let trainer = try TreeSamples.trainer(reference.task, reference.settings)
        let unit: (Double) -> Double = { reference.task == .regressor ? $0.squareRoot() : $0 }
        let losses = (0..<20).map { _ in unit(trainer.trainStep().loss) }
        #expect(abs(losses[0] - reference.first) < 1e-6)
        #expect(abs(losses[19] - reference.last) < 1e-6)
        #expect(abs(unit(trainer.value("validation:loss")) - reference.validation) < 1e-6)
        #expect(trainer.isFinished)
    }

    /// Later rounds draw from generators of their own, which Python's keep from round to round.
    @Test(arguments: [
        (LearningTask.regressor, 4.1449319700341), (.binaryClassifier, 0.5788470623890559),
        (.multiclassClassifier, 0.9875523165861766),
    ])
    func `with samples of rows and features the first round is that of Python's xgboost`(task: LearningTask, first: Double)
        throws
    {
        let loss = try TreeSamples.trainer(task, TreeSamples.sampled).trainStep().loss
        #expect(abs((task == .regressor ? loss.squareRoot() : loss) - first) < 1e-6)
    }

    @Test func `predictions are those of Python's xgboost`() throws {
        let expected: [(LearningTask, [Float])] = [
            (.regressor, [-2.767292022705078, 3.2159879207611084, 7.67197322845459, -3.2764878273010254]),
            (.binaryClassifier, [0.02692328207194805, 0.9807023406028748, 0.9902237057685852, 0.013258851133286953]),
            (.multiclassClassifier, [0.7974569797515869, 0.18578460812568665, 0.016758374869823456, 0.009029814973473549]),
        ]
        for (task, numbers) in expected {
            let trainer = try TreeSamples.trainer(task, TreeSamples.reference)
            trainer.finish()
            let rows = TreeSamples.rows(150..<200, task).features
            let model = trainer.currentModel()
            let found = task == .regressor ? try model.predictScores(rows) : try model.predictProbabilities(rows)
            for (a, b) in zip(found.elements, numbers) { #expect(abs(a - b) < 1e-5) }
        }
    }

    @Test func `feature importance is Python's get_score, unused features 0`() throws {
        let trainer = try TreeSamples.trainer(.regressor, TreeSamples.reference)
        trainer.finish()
        let model = trainer.currentModel()
        #expect(try model.importance(.weight) == [31, 34, 25, 20, 28])
        let gains: [Float] = [8.239300727844238, 67.96612548828125, 13.367483139038086, 7.509247779846191, 140.86312866210938]
        for (a, b) in zip(try model.importance(.gain), gains) { #expect(abs(a / b - 1) < 1e-5) }
        #expect(try model.importance(.cover).allSatisfy { $0 > 0 })
        var rows = TreeSamples.rows(0..<150, .regressor)
        for row in 0..<150 { rows.features[row, 2] = 7 }
        let without = try TreeSamples.trainer(.regressor, TreeSamples.reference, training: rows)
        without.finish()
        #expect(try without.currentModel().importance(.gain)[2] == 0)
    }

    @Test func `metrics that were asked for come under XGBoost's names, own ones stay`() throws {
        let trainer = try TreeSamples.trainer(
            .binaryClassifier, TreeSamples.reference.merging(["eval_metric": "error@0.7,auc,logloss"]) { $1 })
        for _ in 0..<5 { _ = trainer.trainStep() }
        let names = trainer.evaluate().map(\.name)
        #expect(names.first == "train:loss")
        #expect(
            names.suffix(6) == [
                "train:error@0.7", "train:auc", "train:logloss", "validation:error@0.7", "validation:auc", "validation:logloss",
            ])
        #expect(Set(names).count == names.count)
        #expect(abs(trainer.value("validation:logloss") - trainer.value("validation:loss")) < 1e-6)
        #expect(abs(trainer.value("validation:auc") - trainer.value("validation:roc_auc")) < 1e-6)
    }
}
