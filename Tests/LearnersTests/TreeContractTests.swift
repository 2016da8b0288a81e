import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

/// What holds for every learner, for XGBoost.
@Suite(.enabled(if: XGBoostLibrary.isAvailable, "pip install xgboost-cpu")) struct TreeContractTests {
    static let settings: [[String: String]] = [
        ["num_round": "12"], ["num_round": "12", "subsample": "0.5", "colsample_bynode": "0.5", "max_depth": "4"],
        ["num_round": "12", "booster": "dart", "rate_drop": "0.3"], ["num_round": "12", "booster": "gblinear"],
        ["num_round": "12", "tree_method": "exact", "subsample": "0.6", "colsample_bytree": "0.6"],
        ["num_round": "12", "tree_method": "approx", "colsample_bylevel": "0.5"],
        ["num_round": "12", "grow_policy": "lossguide", "max_leaves": "5", "num_parallel_tree": "2"],
    ]

    @Test(arguments: TreeSamples.supervised, settings)
    func `the same seed gives the same bits, whatever is evaluated`(task: LearningTask, settings: [String: String]) throws {
        let first = try TreeSamples.trainer(task, settings), second = try TreeSamples.trainer(task, settings)
        while !first.isFinished {
            #expect(first.trainStep() == second.trainStep())
            if second.step % 3 == 0 { _ = second.evaluate() }
        }
        let isSame = first.currentModel() == second.currentModel(), isSameSnapshot = first.snapshot() == second.snapshot()
        #expect(isSame && isSameSnapshot)
        #expect(first.failure == nil)
    }

    @Test func `another seed draws other rows`() throws {
        let settings = ["subsample": "0.5", "num_round": "3"]
        let first = try TreeSamples.trainer(.regressor, settings), other = try TreeSamples.trainer(.regressor, settings, seed: 2)
        first.finish()
        other.finish()
        let isSame = first.currentModel() == other.currentModel()
        #expect(!isSame)
    }

    @Test(arguments: TreeSamples.supervised, settings)
    func `a run restored in the middle continues bit for bit`(task: LearningTask, settings: [String: String]) throws {
        let whole = try TreeSamples.trainer(task, settings), second = try TreeSamples.trainer(task, settings)
        for _ in 0..<5 { _ = whole.trainStep() }
        let bytes = whole.snapshot()
        try second.restore(bytes)
        // Where rows or features are drawn XGBoost notes in its bytes how often its updater was renewed.
        let isSameSnapshot = second.snapshot() == bytes
        #expect(isSameSnapshot || XGBoostConfiguration.samples(settings))
        #expect(second.evaluate().map(\.value) == whole.evaluate().map(\.value))
        while !whole.isFinished { #expect(whole.trainStep() == second.trainStep()) }
        #expect(second.isFinished)
        let isSame = whole.currentModel() == second.currentModel()
        #expect(isSame)
    }

    @Test(arguments: TreeSamples.supervised, settings)
    func `the mark of the best round brings its model back`(task: LearningTask, settings: [String: String]) throws {
        let trainer = try TreeSamples.trainer(task, settings)
        for _ in 0..<4 { _ = trainer.trainStep() }
        let mark = trainer.bestMark(), loss = trainer.value("validation:loss"), rows = Samples.features
        let scores = try trainer.currentModel().predictScores(rows)
        for _ in 0..<5 { _ = trainer.trainStep() }
        #expect(trainer.value("validation:loss") != loss)
        let later = try TreeSamples.trainer(task, settings)
        try later.restore(trainer.snapshot())
        for one in [trainer, later] {
            try one.restore(mark)
            #expect(one.step == 4)
            #expect(one.currentModel().roundCount == 4)
            #expect(try one.currentModel().predictScores(rows) == scores)
            #expect(one.value("validation:loss") == loss)
        }
    }

    @Test func `a damaged or foreign snapshot is refused and changes nothing`() throws {
        let trainer = try TreeSamples.trainer(.regressor)
        _ = trainer.trainStep()
        let good = trainer.snapshot()
        var flipped = good
        flipped[good.count / 2] ^= 1
        let other = try TreeSamples.trainer(.regressor, seed: 9), wider = try TreeSamples.trainer(.multiclassClassifier)
        let short = try TreeSamples.trainer(.regressor, training: TreeSamples.rows(0..<50, .regressor))
        let ahead = try TreeSamples.trainer(.regressor)
        for _ in 0..<3 { _ = ahead.trainStep() }
        for bytes in [
            [], Array(good.dropLast()), good + [0], Array(good.dropFirst()), flipped, other.snapshot(), wider.snapshot(),
            short.snapshot(), ahead.bestMark(),
        ] {
            #expect(throws: LearnerError.self) { try trainer.restore(bytes) }
            let isUnchanged = trainer.snapshot() == good
            #expect(isUnchanged)
        }
    }

    @Test func `infinite features are refused with their column`() throws {
        var rows = TreeSamples.rows(0..<150, .regressor)
        rows.features[17, 3] = .infinity
        let fault = TreeSamples.fault { () throws(LearnerError) in _ = try TreeSamples.trainer(.regressor, training: rows) }
        #expect(fault?.code == .nonFiniteFeature)
        #expect(
            fault?.message == "training: feature 3 (from 0) holds an infinite value: replace or leave out such values")
        let model = try TreeSamples.trainer(.regressor).currentModel()
        #expect(throws: LearnerError.self) { try model.predictScores(rows.features) }
        #expect(throws: LearnerError.self) { try model.predictScores(Matrix(rows: [[1, 2]])) }
    }

    @Test(arguments: TreeSamples.supervised)
    func `one row, one class, constant columns and constant targets train without NaN`(task: LearningTask) throws {
        let constant = Matrix(rowCount: 50, columnCount: 3, elements: (0..<150).map { $0 % 3 == 0 ? 1e6 : Float($0 % 7) })
        for (features, targets) in [
            (Matrix(rows: [[2, 3]]), [1]), (Samples.features, [Float](repeating: 1, count: 200)),
            (constant, (0..<50).map { Float($0 % 2) }), (Matrix(rowCount: 4, columnCount: 1), [0, 1, 0, 1]),
        ] as [(Matrix, [Float])] {
            let rows = LabelledMatrix(features: features, targets: targets)
            let trainer = try TreeSamples.trainer(task, ["num_round": "5"], training: rows)
            trainer.finish()
            #expect(trainer.step == 5)
            #expect(trainer.value("train:loss").isFinite)
            #expect(try trainer.currentModel().predictScores(features).firstNonFiniteColumn == nil)
        }
    }

    @Test(arguments: TreeSamples.supervised)
    func `a model that was saved and loaded predicts the same`(task: LearningTask) throws {
        let trainer = try TreeSamples.trainer(task, ["num_round": "5"])
        trainer.finish()
        let model = trainer.currentModel()
        let loaded = try JSONDecoder().decode(XGBoostModel.self, from: JSONEncoder().encode(model))
        let isSame = loaded == model
        #expect(isSame)
        #expect(try loaded.predictScores(Samples.features) == model.predictScores(Samples.features))
        #expect(model.attachments[XGBoostModel.fileName]?.first == UInt8(ascii: "{"))
        let metrics = try loaded.metrics(on: TreeSamples.rows(150..<200, task))
        #expect(metrics.first?.value == trainer.value("validation:loss"))
    }

    @Test func `a model of a newer XGBoost is refused rather than misread`() throws {
        let trainer = try TreeSamples.trainer(.regressor, ["num_round": "1"])
        trainer.finish()
        let library = try XGBoostLibrary.shared()
        var newer = library.version
        newer.minor += 1
        let fault = TreeSamples.fault { () throws(LearnerError) in try library.checkReads(newer) }
        #expect(fault?.code == .unsupported)
        #expect(fault?.message.contains("written by XGBoost \(newer)") == true)
        try library.checkReads(library.version)
        try library.checkReads(.init(major: 1, minor: 7, patch: 4))
        #expect(trainer.currentModel().version == library.version)
    }

    @Test func `parameters of growing may change while training, others not`() throws {
        let trainer = try TreeSamples.trainer(.regressor)
        _ = trainer.trainStep()
        try trainer.change(["eta": "0.01", "max_depth": "2"])
        #expect(trainer.trainStep().learningRate == 0.01)
        let resumed = try TreeSamples.trainer(.regressor)
        try resumed.restore(trainer.snapshot())
        #expect(resumed.trainStep() == trainer.trainStep())
        #expect(throws: LearnerError.self) { try trainer.change(["num_round": "3"]) }
        #expect(throws: LearnerError.self) { try trainer.change(["eta": "2"]) }
    }

    @Test func `with many rows all metrics are measured at the first and last round and every so many between`() throws {
        var random = RandomSource(seed: 4)
        let features = Matrix(rowCount: 34_000, columnCount: 2) {
            for index in $0.indices { $0[index] = Float(random.uniform()) }
        }
        let targets = (0..<34_000).map { features[$0, 0] + features[$0, 1] > 1 ? Float(1) : 0 }
        let trainer = try TreeSamples.trainer(
            .binaryClassifier, ["num_round": "6", "max_depth": "2"],
            training: LabelledMatrix(features: features, targets: targets))
        var due: [Int] = []
        while !trainer.isFinished {
            let loss = trainer.trainStep().loss
            if trainer.isFullEvaluationDue { due.append(trainer.step) }
            #expect(trainer.evaluateLosses().map(\.name) == ["train:loss"])
            #expect(trainer.evaluateLosses()[0].value == loss)
        }
        #expect(due == [1, 3, 5, 6])
        #expect(trainer.evaluate().map(\.name).contains("train:roc_auc"))
        let few = try TreeSamples.trainer(.regressor, TreeSamples.reference)
        _ = few.trainStep()
        _ = few.trainStep()
        #expect(few.isFullEvaluationDue)
        #expect(few.evaluateLosses().map(\.name) == ["train:loss", "validation:loss"])
        #expect(few.evaluateLosses().map(\.value) == [few.value("train:loss"), few.value("validation:loss")])
    }

    @Test func `models that take turns predict what each predicts alone`() throws {
        let models = try ["3", "9"].map { rounds in
            let trainer = try TreeSamples.trainer(.regressor, ["num_round": rounds])
            trainer.finish()
            return trainer.currentModel()
        }
        let alone = try models.map { try $0.predictScores(Samples.features) }
        #expect(alone[0] != alone[1])
        for _ in 0..<2 {
            for (model, expected) in zip(models, alone) { #expect(try model.predictScores(Samples.features) == expected) }
        }
    }
}
