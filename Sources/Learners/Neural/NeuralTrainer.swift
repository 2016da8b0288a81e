import CLearnerKernels
import Glibc
import Hyperparameters
import Numerics

/// Trains a neural network by mini-batches, on one thread.
///
/// The network sees normalised features and, for a regressor, a normalised target; what is reported is in the target's own
/// units.
public final class NeuralTrainer: Trainer {
    /// The settings, all decided.
    public let configuration: NeuralConfiguration
    public private(set) var step = 0
    public private(set) var feedingOrder: [Int32]

    let training: FeatureRows
    private let validation: FeatureRows?
    private let trainingTargets: [Float], validationTargets: [Float]
    /// Targets as the loss sees them.
    private let scaledTargets: [Float]
    let scaling: FeatureScaling
    private let targetMean: Double, targetDeviation: Double
    let seed: UInt64
    /// A metric that is measured at every evaluation, though others like it are told of finished models only.
    private let detail: String?
    /// What each training row counts, 1 on average, and the rows' weights as they were given; nil = all the same.
    private let rowWeights: [Float]?, trainingWeights: [Float]?, validationWeights: [Float]?
    private let evaluationRows: [Int32], validationRows: [Int32]
    let workspace: NetworkWorkspace
    let optimizer: NetworkOptimizer
    private let loss: NeuralLoss
    private let batchTargets: FloatBuffer, batchWeights: FloatBuffer, unchanged: FloatBuffer
    private let fill: [Float]
    var steered: Steered
    var plateau: Plateau
    /// Summed training loss of the current epoch so far, for a schedule that watches it.
    var epochLoss = 0.0
    private var orderedEpoch = -1

    /// Settings that may change while training.
    struct Steered {
        var rate: Double, dropout: Double
        var penalties: NetworkOptimizer.Penalties
    }

    /// `train:` metrics are measured over at most so many rows, evenly spread over the training set.
    public static let evaluationRowLimit = 16_384

    /// Prepares training: normalises the features, draws first weights.
    ///
    /// Sets the linear-algebra library to one thread, for the whole process: with more the bits would depend on the machine.
    ///
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`, `invalidTarget`, `noRows`.
    public init(
        configuration: NeuralConfiguration, training: LabelledMatrix, validation: LabelledMatrix?, seed: UInt64,
        detail: String? = nil
    ) throws(LearnerError) {
        try LabelledMatrix.check(
            training: training, validation: validation,
            classCount: configuration.task == .regressor ? nil : configuration.classCount,
            cardinalities: configuration.cardinalities)
        self.configuration = configuration
        self.seed = seed
        self.detail = detail
        let width = training.features.columnCount
        let scaling = FeatureScaling(training, configuration)
        self.scaling = scaling
        (targetMean, targetDeviation) =
            configuration.normalizesTarget ? Standardization.target(training.targets[...], weights: training.weights) : (0, 1)
        self.training = FeatureRows(training.features, means: scaling.means, inverses: scaling.inverses)
        self.validation = validation.map { FeatureRows($0.features, means: scaling.means, inverses: scaling.inverses) }
        trainingTargets = training.targets
        validationTargets = validation?.targets ?? []
        scaledTargets = training.targets.map { [targetMean, targetDeviation] in Float((Double($0) - targetMean) / targetDeviation)
        }
        trainingWeights = training.weights
        validationWeights = validation?.weights
        rowWeights = training.bringingWeightsToMeanOne().weights
        feedingOrder = (0..<Int32(training.rowCount)).map { $0 }
        let evaluated = min(Self.evaluationRowLimit, training.rowCount)
        evaluationRows = (0..<evaluated).map { Int32($0 * training.rowCount / evaluated) }
        validationRows = (0..<Int32(validation?.rowCount ?? 0)).map { $0 }
        let architecture = configuration.architecture(featureCount: width)
        let capacity = max(configuration.batchSize, min(NeuralModel.rowsAtOnce, training.rowCount))
        workspace = NetworkWorkspace(architecture, rowCapacity: capacity, trains: true)
        workspace.initialize(by: WeightInitialization(method: configuration.initialization, seed: seed))
        if case .embedding(let layer)? = architecture.stages.first {
            let start = CategoryStart(
                configuration.task, targets: scaledTargets, classCount: configuration.classCount, weights: rowWeights)
            layer.begin(workspace.parameters.base, with: start, features: training.features)
        }
        optimizer = NetworkOptimizer(architecture, configuration)
        let balances = configuration.balancesClasses && configuration.task != .regressor
        let classCount = max(2, configuration.classCount)
        loss = NeuralLoss(
            task: configuration.task, scoreCount: configuration.scoreCount, smoothing: Float(configuration.labelSmoothing),
            classWeights: balances
                ? NeuralLoss.balancedWeights(targets: training.targets, classCount: classCount, rowWeights: training.weights)
                : [Float](repeating: 1, count: classCount))
        batchTargets = FloatBuffer(count: configuration.batchSize)
        batchWeights = FloatBuffer(count: training.weights == nil ? 0 : configuration.batchSize)
        unchanged = FloatBuffer(count: configuration.augmentation.movesPixels ? configuration.batchSize * width : 0)
        fill = scaling.zeroPixel(channelCount: configuration.image?.channelCount ?? 1)
        steered = Steered(
            rate: configuration.learningRate, dropout: configuration.dropout,
            penalties: .init(
                l1: configuration.l1, l2: configuration.l2, weightDecay: configuration.weightDecay,
                momentum: configuration.momentum))
        plateau = Plateau(patience: configuration.plateauPatience, factor: configuration.schedule.factor)
        orderRows()
    }

    public var stepsPerEpoch: Int { configuration.stepsPerEpoch }
    public var plannedSteps: Int { configuration.plannedSteps }
    public var isFinished: Bool { step >= plannedSteps }

    public func trainStep() -> StepReport { Subnormals.flushed { takeStep(nil) } }

    public func trainStep(_ watch: StepWatch) -> StepReport { Subnormals.flushed { takeStep(watch) } }

    private func takeStep(_ watch: StepWatch?) -> StepReport {
        guard !isFinished else { return .nothing }
        orderRows()
        let start = step % stepsPerEpoch * configuration.batchSize
        let count = min(configuration.batchSize, training.rowCount - start)
        let total = gradients(start: start, count: count, watch) * targetDeviation * targetDeviation
        let rate = rate(step: step)
        step += 1
        if let watch { workspace.showPass(watch, rowCount: count) }
        let norm = watch.timed(.update) {
            optimizer.update(workspace, step: step, rate: rate, penalties: steered.penalties)
        }
        if let watch {
            workspace.showUpdate(watch, by: optimizer)
            watch.add("loss", .losses, shape: []) { [Float(total / Double(count))] }
        }
        if configuration.schedule.shape == .plateau {
            epochLoss += total
            if step % stepsPerEpoch == 0 {
                plateau.observe(validation == nil ? epochLoss / Double(training.rowCount) : validationLoss())
                epochLoss = 0
            }
        }
        return StepReport(loss: total / Double(count), rowCount: count, gradientNorm: norm, learningRate: rate)
    }

    /// Summed loss of rows of the feeding order, as the network sees it; leaves gradients behind.
    func gradients(start: Int, count: Int, _ watch: StepWatch? = nil) -> Double {
        let key = UInt32(truncatingIfNeeded: stepSeed >> 32)
        watch.timed(.data) {
            gather(start: start, count: count)
            configuration.augmentation.addNoise(workspace.input.base, count: count * training.featureCount, key: ~key)
        }
        let mode = NetworkWorkspace.Mode(isTraining: true, dropoutRate: Float(steered.dropout), key: key)
        let total = watch.timed(.forward) {
            workspace.forward(rowCount: count, mode)
            return loss.gradient(
                scores: workspace.scores, targets: UnsafePointer(batchTargets.base),
                rowWeights: rowWeights == nil ? nil : UnsafePointer(batchWeights.base), count: count,
                into: workspace.scoreGradient)
        }
        watch.timed(.backward) { workspace.backward(rowCount: count, mode) }
        return total
    }

    /// Depends on nothing but seed and step, so that a snapshot need not hold the state of random numbers.
    private var stepSeed: UInt64 {
        var random = RandomSource(seed: seed ^ UInt64(step + 1) &* 0x9e37_79b9_7f4a_7c15)
        return random.next()
    }

    /// Puts rows of the feeding order, changed as augmentation says, and their targets where the network reads them.
    private func gather(start: Int, count: Int) {
        let moves = configuration.augmentation.movesPixels
        feedingOrder.withUnsafeBufferPointer { order in
            guard let rows = order.baseAddress.map({ $0 + start }) else { return }
            dn_gather(
                training.base, training.stride, rows, count, training.featureCount, (moves ? unchanged : workspace.input).base)
            scaledTargets.withUnsafeBufferPointer { targets in
                for index in 0..<count { batchTargets.base[index] = targets[Int(rows[index])] }
            }
            rowWeights?.withUnsafeBufferPointer { weights in
                for index in 0..<count { batchWeights.base[index] = weights[Int(rows[index])] }
            }
        }
        guard moves, let shape = configuration.image else { return }
        var random = RandomSource(seed: stepSeed)
        configuration.augmentation.warp(
            unchanged.base, count: count, shape: shape, fill: fill, random: &random, into: workspace.input.base)
    }

    /// The learning rate of a step, counted from 0.
    func rate(step: Int) -> Double {
        max(
            min(steered.rate, configuration.minimumRate),
            steered.rate * configuration.schedule.multiplier(step: step) * plateau.scale)
    }

    /// The order of the current epoch depends on nothing but seed and epoch, so a snapshot need not hold it.
    func orderRows() {
        let epoch = min(step, plannedSteps - 1) / stepsPerEpoch
        guard configuration.shuffles, epoch != orderedEpoch else { return }
        orderedEpoch = epoch
        var random = RandomSource(seed: seed &+ UInt64(epoch + 1) &* 0xd134_2543_de82_ef95)
        for index in feedingOrder.indices { feedingOrder[index] = Int32(index) }
        random.shuffle(&feedingOrder)
    }

    func adopt(step: Int) {
        self.step = step
        orderRows()
    }

    public func evaluate() -> [(name: String, value: Double)] { Subnormals.flushed { measure() } }

    private func measure() -> [(name: String, value: Double)] {
        let all = evaluationRows.count == trainingTargets.count
        let pick = { [evaluationRows] (values: [Float]) in all ? values : evaluationRows.map { values[Int($0)] } }
        var entries = metrics(training, rows: evaluationRows, pick(trainingTargets), trainingWeights.map(pick)).map {
            ("train:" + $0.name, $0.value)
        }
        entries += validationMetrics().map { ("validation:" + $0.name, $0.value) }
        return entries
    }

    private func metrics(_ data: FeatureRows, rows: [Int32], _ targets: [Float], _ weights: [Float]?) -> [Metrics.Entry] {
        Metrics.supervised(
            task: configuration.task, scores: scores(data, rows: rows), expected: targets, scoreCount: configuration.scoreCount,
            weights: weights, scoring: Metrics.Scoring(detail: detail))
    }

    private func validationMetrics() -> [Metrics.Entry] {
        guard let validation else { return [] }
        return metrics(validation, rows: validationRows, validationTargets, validationWeights)
    }

    /// In the target's own units for a regressor; without dropout, and with running statistics.
    private func scores(_ data: FeatureRows, rows: [Int32]) -> [Float] {
        let scores = rows.withUnsafeBufferPointer { rows in
            workspace.scores(rowCount: rows.count) { first, count in
                guard let base = rows.baseAddress else { return }
                dn_gather(data.base, data.stride, base + first, count, data.featureCount, workspace.input.base)
            }
        }
        guard configuration.task == .regressor else { return scores }
        return scores.map { Float(Double($0) * targetDeviation + targetMean) }
    }

    /// Shows the first rows that are held out, as many as are measured at a time, in a pass of their own.
    public func showEvaluation(_ watch: StepWatch) {
        guard let validation, !validationRows.isEmpty else { return }
        let count = min(workspace.rowCapacity, validationRows.count)
        Subnormals.flushed {
            validationRows.withUnsafeBufferPointer { rows in
                guard let base = rows.baseAddress else { return }
                dn_gather(
                    validation.base, validation.stride, base, count, validation.featureCount, workspace.input.base)
            }
            workspace.forward(rowCount: count)
            workspace.showOutputs(watch, rowCount: count)
        }
    }

    private func validationLoss() -> Double { validationMetrics().first?.value ?? .nan }

    public var model: any LearnedModel { currentModel() }

    /// The model as it is now.
    public func currentModel() -> NeuralModel {
        NeuralModel(
            task: configuration.task, featureCount: training.featureCount, classCount: configuration.classCount,
            architecture: workspace.architecture, parameters: workspace.parameters.values,
            statistics: workspace.statistics.values, featureMeans: scaling.means, featureInverses: scaling.inverses,
            targetMean: targetMean, targetDeviation: targetDeviation)
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        _ = try Hyperparameter.values(hyperparameters, specs: NeuralLearner.hyperparameters, learner: "neural-network")
        var next = steered
        for (name, text) in hyperparameters {
            guard NeuralLearner.steerable.contains(name), let value = Double(text) else {
                throw .notSteerable(name, text, NeuralLearner.steerable)
            }
            switch name {
            case "learning_rate":
                // The rate of the next step becomes the value; the schedule goes on from there.
                next.rate = value / (configuration.schedule.multiplier(step: step) * plateau.scale)
            case "dropout": next.dropout = value
            case "l1": next.penalties.l1 = value
            case "wd": next.penalties.l2 = value
            case "weight_decay": next.penalties.weightDecay = value
            default: next.penalties.momentum = value
            }
        }
        steered = next
    }
}
