import Numerics
import Testing

@testable import Learners

/// Several models trained in one pass.
@Suite struct LinearCandidateTests {
    static let settings = ["num_models": "18", "mini_batch_size": "32", "learning_rate": "0.05", "epochs": "6", "wd": "auto"]

    static func validation(_ task: LearningTask) -> LabelledMatrix {
        LabelledMatrix(
            features: Samples.features.selecting(rows: Array(0..<80)), targets: Array(Samples.targets(task)[..<80]))
    }

    @Test(arguments: LearningTask.allCases)
    func `each model is as if trained alone with its settings`(task: LearningTask) throws {
        let many = try Samples.trainer(task, Self.settings, validation: Self.validation(task))
        many.finish()
        #expect(many.candidates.count == 18)
        #expect(Set(many.candidates).count == 18)
        #expect(many.candidates[0].learningRate == 0.05)
        #expect(many.candidates[0].weightDecay == (task == .regressor ? 0.01 : 0.005) && many.candidates[0].l1 == 0)
        for model in [0, 1, 7, 17] {
            let candidate = many.candidates[model]
            let alone = try Samples.trainer(
                task,
                Self.settings.merging([
                    "num_models": "1", "learning_rate": "\(candidate.learningRate)", "wd": "\(candidate.weightDecay)",
                    "l1": "\(candidate.l1)", "lr_scheduler_factor": "\(candidate.schedulerFactor)",
                ]) { $1 }, validation: Self.validation(task))
            alone.finish()
            // The sums run in another order: single precision, over 42 steps.
            for split in ["train", "validation"] {
                let found = many.value("\(split):loss@\(model)"), expected = alone.value("\(split):loss")
                #expect(abs(found / expected - 1) < 1e-3, "\(split) \(model): \(found), not \(expected)")
            }
        }
    }

    @Test(arguments: [LearningTask.regressor, .multiclassClassifier])
    func `the model with the least validation loss is kept`(task: LearningTask) throws {
        let data = Self.validation(task)
        let trainer = try Samples.trainer(task, Self.settings, validation: data)
        trainer.finish()
        let losses = (0..<18).map { trainer.value("validation:loss@\($0)") }
        let least = try #require(losses.min())
        #expect(abs(trainer.value("validation:loss") / least - 1) < 1e-4)
        let kept = try trainer.currentModel().metrics(on: data)[0].value
        #expect(abs(kept / least - 1) < 1e-4)
        #expect(losses[0] > least)
    }

    @Test func `a classifier keeps the model that serves the criterion best`() throws {
        let data = Self.validation(.binaryClassifier)
        let trainer = try Samples.trainer(
            .binaryClassifier, Self.settings.merging(["epochs": "1"]) { $1 }, validation: data)
        trainer.finish()
        let alone = try Samples.trainer(
            .binaryClassifier, Self.settings.merging(["epochs": "1", "num_models": "1"]) { $1 }, validation: data)
        alone.finish()
        #expect(trainer.value("validation:accuracy") >= alone.value("validation:accuracy"))
    }

    @Test func `steering moves all rates in proportion`() throws {
        let trainer = try Samples.trainer(.regressor, Self.settings)
        let before = trainer.candidates
        try trainer.change(["learning_rate": "0.1", "wd": "0.25"])
        #expect(abs((trainer.trainStep().learningRate ?? .nan) - 0.1) < 1e-9)
        for (old, new) in zip(before, trainer.candidates) {
            #expect(abs(new.learningRate / old.learningRate - 2) < 1e-9)
            #expect(new.weightDecay == 0.25)
        }
    }

    @Test func `a penalty given as 0 stays 0, one left open is tried`() throws {
        let open = try Samples.trainer(.regressor, Self.settings).candidates
        #expect(open.contains { $0.l1 > 0 } && open.contains { $0.weightDecay > 0 } && open.contains { $0.l1 == 0 })
        let closed = try Samples.trainer(.regressor, Self.settings.merging(["l1": "0", "wd": "0.1"]) { $1 }).candidates
        #expect(closed.allSatisfy { $0.l1 == 0 && $0.weightDecay >= 0.01 && $0.weightDecay <= 1 })
    }
}
