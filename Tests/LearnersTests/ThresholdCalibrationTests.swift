import Numerics
import Testing

@testable import Learners

@Suite struct ThresholdCalibrationTests {
    static func worth(_ criterion: SelectionCriterion, _ labels: [Float], _ scores: [Float], _ threshold: Float) -> Double {
        var hits = 0.0, misses = 0.0, positives = 0.0, right = 0.0
        for (label, score) in zip(labels, scores) {
            hits += label == 1 && score >= threshold ? 1 : 0
            misses += label == 0 && score >= threshold ? 1 : 0
            positives += Double(label)
            right += (score >= threshold) == (label == 1) ? 1 : 0
        }
        let precision = hits + misses > 0 ? hits / (hits + misses) : 0, recall = hits / positives
        switch criterion {
        case .accuracy: return right / Double(labels.count)
        case .fBeta(let beta): return (1 + beta * beta) * hits / (beta * beta * positives + hits + misses)
        case .precisionAtTargetRecall(let target): return recall >= target ? precision : -1
        case .recallAtTargetPrecision(let target): return precision >= target ? recall : -1
        case .loss: return 0
        }
    }

    @Test(arguments: [
        SelectionCriterion.accuracy, .fBeta(1), .fBeta(2), .precisionAtTargetRecall(0.8), .recallAtTargetPrecision(0.6),
    ])
    func `no threshold is better than the one found`(criterion: SelectionCriterion) {
        var random = RandomSource(seed: 3)
        for _ in 0..<30 {
            let labels = (0..<60).map { _ in Float(random.integer(below: 2)) }
            let scores = labels.map { ($0 * 3 + Float(random.integer(below: 12))) / 16 }
            let best = ThresholdCalibration.best(RankedScores(expected: labels, scores: scores), for: criterion, natural: 0.5)
            let found = Self.worth(criterion, labels, scores, best.threshold)
            for step in 0...33 {
                #expect(Self.worth(criterion, labels, scores, Float(step) / 32) <= found + 1e-12)
            }
            if found >= 0 { #expect(abs(found - best.value) < 1e-12) }
        }
    }

    @Test func `of equally good thresholds the one nearest the natural is taken`() {
        let ranked = RankedScores(expected: [0, 0, 1, 1], scores: [0.1, 0.4, 0.6, 0.9])
        #expect(ThresholdCalibration.best(ranked, for: .accuracy, natural: 0.5).threshold == 0.5)
        let shifted = RankedScores(expected: [0, 0, 1, 1], scores: [0.125, 0.25, 0.375, 0.875])
        #expect(ThresholdCalibration.best(shifted, for: .accuracy, natural: 0.5).threshold == 0.3125)
        #expect(ThresholdCalibration.best(shifted, for: .loss, natural: 0.5).threshold == 0.5)
        let oneClass = RankedScores(expected: [1, 1], scores: [0.1, 0.2])
        #expect(ThresholdCalibration.best(oneClass, for: .accuracy, natural: 0.5).threshold == 0.5)
    }

    @Test func `the model says yes from the threshold that its criterion asks for`() throws {
        let data = LabelledMatrix(features: Samples.features, targets: Samples.binary)
        // Little training, so that the classes overlap.
        let base = ["epochs": "1", "learning_rate": "0.02"]
        var thresholds: [Float] = []
        for (criterion, target) in [
            ("precision_at_target_recall", ["target_recall": "0.99"]),
            ("recall_at_target_precision", ["target_precision": "0.95"]),
        ] {
            let settings = base.merging(target) { $1 }.merging(["binary_classifier_model_selection_criteria": criterion]) { $1 }
            let trainer = try Samples.trainer(.binaryClassifier, settings, validation: data)
            trainer.finish()
            let model = trainer.currentModel()
            thresholds.append(model.threshold)
            let metrics = Dictionary(uniqueKeysWithValues: try model.metrics(on: data).map { ($0.name, $0.value) })
            #expect(try #require(metrics[target["target_recall"] != nil ? "recall" : "precision"]) >= 0.95)
            #expect(metrics["precision"] == trainer.value("validation:precision"))
            let yes = try model.predictProbabilities(Samples.features).elements.map { $0 >= model.threshold ? 1 : 0 }
            #expect(try model.predictClasses(Samples.features) == yes)
        }
        #expect(thresholds[0] < thresholds[1])
        let natural = try Samples.trainer(
            .binaryClassifier, base.merging(["binary_classifier_model_selection_criteria": "cross_entropy_loss"]) { $1 },
            validation: data)
        #expect(natural.currentModel().threshold == 0.5)
    }
}
