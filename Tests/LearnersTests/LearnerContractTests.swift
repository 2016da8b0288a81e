import MetricDirections
import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

/// What holds for every learner in `Learner.all` and every task of it: a new one is held to it by being registered.
@Suite struct LearnerContractTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var learner: Learner
        var task: LearningTask
        var testDescription: String { "\(learner.name), \(task.rawValue)" }

        /// What has to be given, and what keeps it short.
        var settings: [String: String] {
            let wanted = ["k": "3", "num_components": "2", "epochs": "4", "num_round": "6", "mini_batch_size": "32"]
            return wanted.filter { setting in learner.hyperparameters.contains { $0.name == setting.key } }
        }

        func rows(_ range: Range<Int>, _ features: Matrix = Samples.features) -> LabelledMatrix {
            let own = features.selecting(rows: Array(range))
            return task.needsTarget
                ? LabelledMatrix(features: own, targets: Array(Samples.targets(task)[range])) : LabelledMatrix(unlabelled: own)
        }

        func trainer(
            _ training: LabelledMatrix? = nil, settings other: [String: String] = [:], seed: UInt64 = 1, detail: String? = nil
        ) throws(LearnerError) -> any Trainer {
            try learner.makeTrainer(
                TrainingRequest(
                    hyperparameters: settings.merging(other) { $1 }, task: task, classCount: Samples.classCount(task),
                    training: training ?? rows(0..<150), validation: training == nil ? rows(150..<200) : nil, seed: seed,
                    detail: detail)
            ).trainer
        }
    }

    static let cases = Learner.all.filter { $0.name != "xgboost" || XGBoostLibrary.isAvailable }.flatMap { learner in
        learner.tasks.map { Case(learner: learner, task: $0) }
    }

    private func finish(_ trainer: any Trainer) {
        while !trainer.isFinished, trainer.failure == nil { _ = trainer.trainStep() }
    }

    private func text(_ model: any LearnedModel) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return [UInt8](try encoder.encode(model))
    }

    @Test(arguments: cases)
    func `the same seed gives the same bytes, whatever is measured on the way, and fitting twice changes nothing`(
        own: Case
    ) throws {
        let first = try own.trainer(), second = try own.trainer()
        while !first.isFinished {
            #expect(first.trainStep() == second.trainStep())
            _ = second.evaluate()
        }
        #expect(second.isFinished)
        #expect(first.failure == nil)
        #expect(first.step == first.plannedSteps)
        let bytes = first.snapshot(), model = try text(first.model)
        #expect(bytes == second.snapshot())
        #expect(first.trainStep().rowCount == 0)
        #expect(first.snapshot() == bytes)
        #expect(try text(second.model) == model)
    }

    @Test(arguments: cases)
    func `a trainer restored in the middle goes on to the same model`(own: Case) throws {
        let whole = try own.trainer(), second = try own.trainer()
        for _ in 0..<max(1, whole.plannedSteps / 2) { _ = whole.trainStep() }
        try second.restore(whole.snapshot())
        #expect(second.step == whole.step)
        finish(whole)
        finish(second)
        #expect(try text(whole.model) == text(second.model))
    }

    @Test(arguments: cases)
    func `a model that is saved and loaded predicts the same, and predicting twice is predicting once`(own: Case) throws {
        let trainer = try own.trainer()
        finish(trainer)
        let features = own.rows(150..<200).features
        func predicted(_ model: some LearnedModel) throws -> ([OutputColumn], [OutputColumn], [OutputColumn]) {
            let read = try JSONDecoder().decode(type(of: model), from: JSONEncoder().encode(model))
            let classes = (0..<Samples.classCount(own.task)).map { "class \($0)" }
            return (
                try model.outputs(features, classes: classes), try model.outputs(features, classes: classes),
                try read.outputs(features, classes: classes)
            )
        }
        let (once, twice, read) = try predicted(trainer.model)
        #expect(once == twice)
        #expect(once == read)
        #expect(once.allSatisfy { $0.texts.count == 50 })
        #expect(trainer.model.featureCount == 5)
    }

    @Test(arguments: cases)
    func `what is measured is what the learner says, and which way is better is known`(own: Case) throws {
        let trainer = try own.trainer()
        _ = trainer.trainStep()
        let names = own.learner.metrics(own.task, own.settings)
        #expect(names.first == "loss")
        let splits = { (names: [String]) in Set(["train", "validation"].flatMap { split in names.map { "\(split):\($0)" } }) }
        let always = own.task.needsTarget ? Metrics.names(own.task) : names
        #expect(Set(trainer.evaluate().map(\.name)).subtracting(splits(["top_k_accuracy"])) == splits(always))
        #expect(Set(names).isSuperset(of: always))
        // What a job is judged by is measured while it trains, and all there is of the model that is left.
        for name in names where !always.contains(name) {
            let judged = try own.trainer(detail: name)
            _ = judged.trainStep()
            #expect(Set(judged.evaluate().map(\.name)) == splits(always + [name]))
        }
        let data = own.rows(150..<200)
        #expect(Set(try trainer.model.metrics(on: data).map(\.name)) == Set(names))
        for name in names { #expect(MetricDirection(ofMetric: name) != .unknown, "\(name)") }
    }

    @Test(arguments: cases.filter { own in own.learner.hyperparameters.contains { $0.name == "preset" } })
    func `SageMaker's defaults hold for what is not set, and train`(own: Case) throws {
        let made = try own.learner.makeTrainer(
            TrainingRequest(
                hyperparameters: own.settings.merging(["preset": "sagemaker"]) { $1 }, task: own.task,
                classCount: Samples.classCount(own.task), training: own.rows(0..<150), validation: own.rows(150..<200), seed: 1))
        for spec in own.learner.hyperparameters where own.settings[spec.name] == nil {
            if let theirs = spec.sageMakerDefault, theirs != "10000" {
                #expect(made.resolved[spec.name] == theirs, "\(spec.name)")
            }
        }
        #expect(own.learner.hyperparameters.contains { $0.sageMakerDefault != nil })
        finish(made.trainer)
        #expect(made.trainer.failure == nil)
        #expect(made.trainer.evaluate().allSatisfy { $0.value.isFinite })
    }

    @Test(arguments: cases)
    func `what the learner says can be steered can, and nothing else`(own: Case) throws {
        let trainer = try own.trainer()
        _ = trainer.trainStep()
        let steerable = own.learner.steerable(own.settings)
        for spec in own.learner.hyperparameters {
            // Something that every number may be.
            let value = ["0.5", "1"].first(where: spec.accepts) ?? spec.defaultValue
            if steerable.contains(spec.name) {
                #expect(throws: Never.self, "\(spec.name)") { try trainer.change([spec.name: value]) }
            } else {
                #expect(throws: LearnerError.self, "\(spec.name)") { try trainer.change([spec.name: value]) }
            }
        }
        #expect(Set(steerable).isSubset(of: own.learner.hyperparameters.map(\.name)))
        finish(trainer)
        #expect(trainer.failure == nil)
    }

    @Test(arguments: cases)
    func `features that are not finite are refused with their column`(own: Case) throws {
        let trainer = try own.trainer()
        finish(trainer)
        // To a learner that takes them NaN are missing values.
        for bad in trainer.model.takesMissing ? [.infinity, -.infinity] : [Float.nan, .infinity] {
            var features = Samples.features
            features[17, 3] = bad
            let training = own.rows(0..<200, features)
            let error = #expect(throws: LearnerError.self) { try own.trainer(training) }
            #expect(error?.code == .nonFiniteFeature)
            #expect(error?.message.contains("feature 3") == true)
            #expect(throws: LearnerError.self) { try trainer.model.predictScores(features) }
        }
    }

    @Test(arguments: cases)
    func `one row, one class, constant columns and constant targets give finite predictions`(own: Case) throws {
        let constant = Matrix(rowCount: 50, columnCount: 3, elements: (0..<150).map { $0 % 3 == 0 ? 1e6 : Float($0 % 7) })
        for (features, targets) in [
            (Matrix(rows: [[2, 3]]), [1]), (Samples.features, [Float](repeating: 1, count: 200)),
            (constant, (0..<50).map { Float($0 % 2) }), (Matrix(rowCount: 4, columnCount: 3), [0, 1, 0, 1]),
        ] as [(Matrix, [Float])] {
            let data =
                own.task.needsTarget ? LabelledMatrix(features: features, targets: targets) : LabelledMatrix(unlabelled: features)
            // No more groups than rows, no more directions than columns.
            let count = String(min(2, features.rowCount))
            let small = ["k": count, "num_components": count].filter { own.settings[$0.key] != nil }
            let trainer = try own.trainer(data, settings: small)
            finish(trainer)
            #expect(trainer.failure == nil)
            #expect(try trainer.model.predictScores(features).firstNonFiniteColumn == nil)
            #expect(try trainer.model.metrics(on: data).first?.value.isFinite == true)
        }
    }
}
