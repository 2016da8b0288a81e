import Hyperparameters
import Numerics

/// Trains an ensemble, one boosting round a step. Confined to the thread that made it, as XGBoost's objects are.
public final class XGBoostTrainer: Trainer {
    /// `train:` metrics, and a step's loss, are measured over at most so many rows, evenly spread over the training set.
    public static let evaluationRowLimit = 65_536
    /// Measured rows up to which every round is measured in full; with twice as many every second one is, and so on.
    static let fullEvaluationRows = 16_384

    public let stepsPerEpoch = 1
    public var plannedSteps: Int { configuration.roundCount }
    public private(set) var step = 0
    public var isFinished: Bool { step >= plannedSteps || failure != nil }
    /// XGBoost takes all rows at once.
    public let feedingOrder: [Int32]
    public private(set) var failure: LearnerError?

    private let library: XGBoostLibrary
    /// All rows, where `training` is but a sample of them, by which the ensemble is measured.
    private let distributed: (any DistributedRows)?
    let configuration: XGBoostConfiguration
    let featureCount: Int
    private let seed: UInt64
    private let training: BoosterMatrix, validation: BoosterMatrix?
    /// What a regressor's targets are multiplied by for XGBoost, and its scores divided by.
    let targetScale: Float
    /// Training rows that are measured; nil = all.
    private let evaluationRows: [Int]?
    private let evaluationTargets: [Float], validationTargets: [Float]
    private let evaluationWeights: [Float]?, validationWeights: [Float]?
    /// The validation rows, those of classes that training did not have counting nothing; without features.
    private let known: LabelledMatrix?
    /// A metric that is measured at every evaluation, though others like it are told of finished models only.
    private let detail: String?
    private(set) var booster: Booster
    private var eta: Double
    /// Whether rounds draw rows or features; may change with what is steered.
    private var samples: Bool
    /// Scores of the training rows that are measured, with the step they belong to.
    private var trainingScores: (step: Int, values: [Float])?
    /// Of the rows that are held out, as they were measured last.
    private var validationScores: [Float]?

    /// - Throws: `noRows`, `shapeMismatch`, `nonFiniteFeature`, `invalidTarget`, `libraryFailed` for settings XGBoost refuses.
    init(
        _ configuration: XGBoostConfiguration, _ request: TrainingRequest, library: XGBoostLibrary
    ) throws(LearnerError) {
        let data = request.training, width = data.features.columnCount
        let classes = configuration.task == .regressor ? nil : configuration.classCount
        try LabelledMatrix.check(
            training: data, validation: request.validation, classCount: classes, takesMissing: true)
        try configuration.objective.check(data.targets)
        self.configuration = configuration
        self.library = library
        distributed = request.distributed
        seed = request.seed
        eta = configuration.eta
        samples = configuration.samples
        featureCount = width
        feedingOrder = (0..<Int32(data.rowCount)).map { $0 }
        let threads = configuration.threads
        let scale = configuration.targetScale(data.targets)
        let scaled = { (targets: [Float]) in scale == 1 ? targets : targets.map { $0 * scale } }
        targetScale = scale
        let trainingMatrix = try BoosterMatrix(
            data.features, targets: scaled(data.targets), weights: data.weights, threads: threads, library: library)
        var validationMatrix: BoosterMatrix?
        let judged = classes == nil ? request.validation : request.validation?.silencingUnseen(configuration.classCount)
        known = judged.map {
            LabelledMatrix(features: Matrix(rowCount: 0, columnCount: 0), targets: $0.targets, weights: $0.weights)
        }
        detail = request.detail
        if let rows = judged, rows.rowCount > 0 {
            validationMatrix = try BoosterMatrix(
                rows.features, targets: scaled(rows.targets), weights: rows.weights, threads: threads, library: library)
        }
        training = trainingMatrix
        validation = validationMatrix
        let limit = Self.evaluationRowLimit
        let measured = data.rowCount > limit ? (0..<limit).map { $0 * data.rowCount / limit } : nil
        let pick = { (values: [Float]) in measured.map { rows in rows.map { values[$0] } } ?? values }
        evaluationRows = measured
        evaluationTargets = pick(data.targets)
        evaluationWeights = data.weights.map(pick)
        validationTargets = request.validation?.targets ?? []
        validationWeights = request.validation?.weights
        booster = try Booster(
            matrices: [trainingMatrix] + [validationMatrix].compactMap { $0 }, parameters: configuration.parameters,
            library: library)
        // Parameters that do not fit each other are an error now rather than in the first round.
        _ = try booster.roundCount()
    }

    public func trainStep() -> StepReport { takeStep(nil) }

    public func trainStep(_ watch: StepWatch) -> StepReport { takeStep(watch) }

    private func takeStep(_ watch: StepWatch?) -> StepReport {
        guard !isFinished else { return .nothing }
        if let distributed { return takeStep(on: distributed) }
        do throws(LearnerError) {
            if samples, let updater = configuration.updater { try booster.renewUpdater(updater) }
            try watch.timed(.update) { () throws(LearnerError) in try booster.update(round: step, on: training) }
            step += 1
            let scores = try watch.timed(.forward) { () throws(LearnerError) in try measuredScores() }
            let loss = loss(scores, evaluationTargets, evaluationWeights)
            if let watch { show(watch, scores: scores, loss: loss) }
            return StepReport(loss: loss, rowCount: training.rowCount, learningRate: eta)
        } catch {
            failure = error
            return .nothing
        }
    }

    /// A round on a cluster, whose ensemble is measured here.
    private func takeStep(on rows: any DistributedRows) -> StepReport {
        do throws(LearnerError) {
            let round = try rows.nextRound(
                BoostingQuery(
                    parameters: configuration.parameters, round: step, plannedRounds: plannedSteps,
                    document: { [self] () throws(LearnerError) in step == 0 ? nil : try booster.document() },
                    targetScale: Double(targetScale)))
            booster = try loaded(round.document)
            step += 1
            let scores = try measuredScores()
            let scale = Double(targetScale) * Double(targetScale)
            let whole = round.metrics["rmse"].map { $0 * $0 / scale } ?? round.metrics["logloss"] ?? round.metrics["mlogloss"]
            return StepReport(
                loss: whole ?? loss(scores, evaluationTargets, evaluationWeights), rowCount: rows.rowCount, learningRate: eta)
        } catch {
            if error.code != .interrupted { failure = error }
            return .nothing
        }
    }

    private func loaded(_ document: String) throws(LearnerError) -> Booster {
        if let fault = XGBoostDocument.fault(document, featureCount: featureCount, scoreCount: configuration.scoreCount) {
            throw LearnerError(.clusterFailed, "the cluster's model does not fit the data: \(fault)")
        }
        let loaded = try Booster(
            matrices: [training] + [validation].compactMap { $0 }, parameters: configuration.parameters, library: library)
        try loaded.load(document: document)
        return loaded
    }

    /// Scores of the training rows that are measured. XGBoost has them at hand, so this is a copy.
    private func measuredScores() throws(LearnerError) -> [Float] {
        if let trainingScores, trainingScores.step == step { return trainingScores.values }
        let values = inOwnUnits(
            try booster.predict(training, margins: configuration.task != .regressor, rows: evaluationRows))
        trainingScores = (step, values)
        return values
    }

    private func inOwnUnits(_ scores: [Float]) -> [Float] { targetScale == 1 ? scores : scores.map { $0 / targetScale } }

    /// Mean squared error or cross entropy, whatever the objective, so that runs can be compared.
    private func loss(_ scores: [Float], _ targets: [Float], _ weights: [Float]?) -> Double {
        guard configuration.task == .regressor else {
            return Probabilities.crossEntropy(
                scores: scores, targets: targets, width: configuration.scoreCount, weights: weights)
        }
        var squares = 0.0
        for (row, target) in targets.enumerated() {
            let error = Double(scores[row]) - Double(target)
            squares += WeightedRows.weight(row, weights) * error * error
        }
        return squares / WeightedRows.total(scores.count, weights)
    }

    /// Metrics that need sorting cost a part of a round that grows with the rows measured; where there are many, they are measured
    /// at the first round, every so many after it, and at the last.
    public var isFullEvaluationDue: Bool {
        let rows = evaluationTargets.count + validationTargets.count
        return isFinished || (step - 1) % max(1, rows / Self.fullEvaluationRows) == 0
    }

    /// `train:` and `validation:` metrics of Descent, then those of XGBoost that were asked for.
    public func evaluate() -> [(name: String, value: Double)] { evaluate(metrics) }

    public func evaluateLosses() -> [(name: String, value: Double)] {
        evaluate { [("loss", loss($0, $1.known?.targets ?? $1.targets, $1.known?.weights ?? $1.weights))] }
    }

    /// What scores are held against.
    private struct MeasuredRows {
        var targets: [Float], weights: [Float]?
        /// The same, with rows of classes that training did not have counting nothing; nil = there are none.
        var known: LabelledMatrix?
    }

    private func evaluate(
        _ measure: (_ scores: [Float], _ rows: MeasuredRows) -> [Metrics.Entry]
    ) -> [(name: String, value: Double)] {
        do throws(LearnerError) {
            let trained = MeasuredRows(targets: evaluationTargets, weights: evaluationWeights)
            var entries = measure(try measuredScores(), trained).map {
                ("train:" + $0.name, $0.value)
            }
            if let validation {
                let scores = inOwnUnits(try booster.predict(validation, margins: configuration.task != .regressor))
                validationScores = scores
                let rows = MeasuredRows(targets: validationTargets, weights: validationWeights, known: known)
                entries += measure(scores, rows).map { ("validation:" + $0.name, $0.value) }
            }
            guard !configuration.metrics.isEmpty else { return entries }
            let named = [("train", training)] + (validation.map { [("validation", $0)] } ?? [])
            let known = Set(entries.map { $0.0 })
            return entries + (try booster.evaluate(named, round: max(0, step - 1))).filter { !known.contains($0.name) }
        } catch {
            failure = error
            return []
        }
    }

    public func showEvaluation(_ watch: StepWatch) {
        guard let scores = validationScores else { return }
        watch.add("margins", .margins, shape: [scores.count / configuration.scoreCount, configuration.scoreCount]) { scores }
    }

    private func metrics(_ scores: [Float], _ rows: MeasuredRows) -> [Metrics.Entry] {
        Metrics.supervised(
            task: configuration.task, scores: scores, expected: rows.targets, scoreCount: configuration.scoreCount,
            weights: rows.weights, scoring: Metrics.Scoring(detail: detail))
    }

    public func attribution(of rows: Matrix) -> (any FeatureAttribution)? {
        do throws(LearnerError) {
            return XGBoostAttribution(
                self, try BoosterMatrix(rows, threads: configuration.threads, library: library))
        } catch { return nil }
    }

    public var model: any LearnedModel { currentModel() }

    /// The model as it is now; without a document after a failure of the library.
    public func currentModel() -> XGBoostModel {
        var document = ""
        do throws(LearnerError) { document = try booster.document() } catch { failure = error }
        return XGBoostModel(
            task: configuration.task, featureCount: featureCount, scoreCount: configuration.scoreCount, roundCount: step,
            version: library.version, document: document, targetScale: targetScale == 1 ? nil : targetScale)
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        if distributed != nil {
            throw LearnerError(.unsupported, "xgboost has nothing to change while it trains on a cluster: start a new run")
        }
        let texts = try Hyperparameter.values(
            hyperparameters, specs: XGBoostLearner.hyperparameters, learner: "xgboost")
        let steerable = XGBoostLearner.steerable(configuration.resolved)
        for (name, text) in hyperparameters.sorted(by: { $0.key < $1.key }) where !steerable.contains(name) {
            throw .notSteerable(name, text, steerable)
        }
        try booster.set(hyperparameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        if hyperparameters["eta"] != nil, let value = texts["eta"].flatMap({ Double($0) }) { eta = value }
        // Once true it stays so: a round that draws from a new generator and draws everything is a round like any other.
        samples = samples || XGBoostConfiguration.samples(hyperparameters)
    }
}

// MARK: Saving

extension XGBoostTrainer {
    private static let magic: UInt64 = 0x3130_4247_5853_4544  // "DESXGB01"
    private static let markMagic: UInt64 = 0x3130_4b4d_5853_4544  // "DESXMK01"
    private static let headerWords = 9

    public func snapshot() -> [UInt8] {
        do throws(LearnerError) {
            let bytes = try booster.serialized()
            return header(Self.magic, payload: bytes) + bytes
        } catch {
            failure = error
            return []
        }
    }

    public func bestMark() -> [UInt8] {
        configuration.growsOnly ? header(Self.markMagic, payload: []) : snapshot()
    }

    private func header(_ magic: UInt64, payload: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(magic)
        for value in [training.rowCount, featureCount, configuration.classCount, step] { writer.write(value) }
        writer.write(seed)
        writer.write(eta)
        writer.write(samples ? 1 : 0)
        writer.write(Self.checksum(payload))
        return writer.bytes
    }

    /// FNV-1a. XGBoost trusts the bytes it is given, so damaged ones must not reach it.
    private static func checksum(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBufferPointer { buffer in
            buffer.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        }
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        let headerSize = Self.headerWords * 8
        var reader = ByteReader(Array(bytes.prefix(headerSize)))
        guard let magic = reader.readWord(), magic == Self.magic || magic == Self.markMagic else {
            throw LearnerError(.invalidSnapshot, "this is no xgboost checkpoint, or it is damaged: use another one")
        }
        for (name, expected) in [
            ("rows", training.rowCount), ("features", featureCount), ("classes", configuration.classCount),
        ] {
            let found = reader.readInteger()
            guard found == expected else {
                throw LearnerError(
                    .invalidSnapshot,
                    "the checkpoint has \(found.map(String.init) ?? "no") \(name), the job has \(expected): resume with the job's own data and settings"
                )
            }
        }
        let payload = Array(bytes.dropFirst(headerSize))
        guard let savedStep = reader.readInteger(), (0...Int(Int32.max)).contains(savedStep), reader.readWord() == seed,
            let savedEta = reader.readDouble(), let savedSamples = reader.readInteger(),
            reader.readWord() == Self.checksum(payload)
        else {
            throw LearnerError(.invalidSnapshot, "the checkpoint is damaged or of another seed: use another one")
        }
        booster = magic == Self.markMagic ? try marked(savedStep) : try unserialized(payload)
        (step, eta, samples) = (savedStep, savedEta, savedSamples != 0)
        failure = nil
        trainingScores = nil
    }

    private func unserialized(_ payload: [UInt8]) throws(LearnerError) -> Booster {
        // The bytes hold the parameters, steered ones too, which any set here would replace; but not a linear booster's.
        let restored = try Booster(
            matrices: [training] + [validation].compactMap { $0 },
            parameters: configuration.updater == nil ? configuration.parameters : [], library: library)
        do throws(LearnerError) {
            try restored.unserialize(payload)
            _ = try restored.roundCount()
        } catch {
            throw LearnerError(.invalidSnapshot, "XGBoost cannot read the checkpoint: use another one (\(error.message))")
        }
        return restored
    }

    private func marked(_ rounds: Int) throws(LearnerError) -> Booster {
        guard rounds > 0, rounds <= step else {
            throw LearnerError(
                .invalidSnapshot, "the best model is that of round \(rounds) and only \(step) rounds are here: train again")
        }
        return rounds == step ? booster : try booster.prefix(rounds: rounds)
    }
}
