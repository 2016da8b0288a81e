import CLearnerKernels
import Glibc
import Numerics

/// Trains a linear model by mini-batches. Weights live on standardised features and, for a regressor, a standardised target;
/// what is reported is in the target's own units.
public final class LinearTrainer: Trainer {
    /// The settings, all decided.
    public private(set) var configuration: LinearLearnerConfiguration
    public private(set) var step = 0
    public private(set) var feedingOrder: [Int32]

    private let training: FeatureRows, validation: FeatureRows?
    private let trainingTargets: [Float], validationTargets: [Float]
    /// Targets as the kernels see them.
    private let scaledTargets: [Float]
    private let means: [Float], inverses: [Float]
    private let targetMean: Double, targetDeviation: Double
    private let seed: UInt64
    private let evaluationRows: [Int32]?
    private var weights: [Float], biases: [Float]
    private var momentsOfWeights: Moment, momentsOfBiases: Moment
    private var gradient: [Float], biasGradient: [Float], scratch: [Float]
    private var steered: Steered
    private var orderedEpoch = -1

    /// First and second moments of a group of parameters: Adam's, or the velocity of momentum.
    private struct Moment {
        var first: [Float], second: [Float]

        init(count: Int) {
            first = [Float](repeating: 0, count: count)
            second = first
        }
    }

    /// Settings that may change while training.
    private struct Steered {
        var rate: Double, decay: Double, l1: Double, momentum: Double
    }

    /// `train:` metrics are measured over at most so many rows, evenly spread over the training set.
    public static let evaluationRowLimit = 65_536

    /// Prepares training: standardises the features, draws first weights.
    ///
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`, `invalidTarget`, `noRows`.
    public init(
        configuration: LinearLearnerConfiguration, training: LabelledMatrix, validation: LabelledMatrix?, seed: UInt64
    ) throws(LearnerError) {
        let classCount = configuration.task == .regressor ? nil : configuration.classCount
        guard training.rowCount > 0 else { throw LearnerError(.noRows, "there are no training rows") }
        guard training.rowCount <= Int(Int32.max) else { throw LearnerError(.unsupported, "more than 2³¹ - 1 training rows") }
        try training.check("training", classCount: classCount)
        try validation?.check("validation", classCount: classCount)
        let width = training.features.columnCount
        if let validation, validation.features.columnCount != width {
            throw LearnerError(
                .shapeMismatch, "training has \(width) features, validation has \(validation.features.columnCount)")
        }
        self.seed = seed
        (means, inverses) =
            configuration.normalizesFeatures
            ? Standardization.features(training.features)
            : ([Float](repeating: 0, count: width), [Float](repeating: 1, count: width))
        (targetMean, targetDeviation) = configuration.normalizesTarget ? Standardization.target(training.targets) : (0, 1)
        self.training = FeatureRows(training.features, means: means, inverses: inverses)
        self.validation = validation.map { [means, inverses] in FeatureRows($0.features, means: means, inverses: inverses) }
        trainingTargets = training.targets
        validationTargets = validation?.targets ?? []
        scaledTargets = training.targets.map { [targetMean, targetDeviation] in Float((Double($0) - targetMean) / targetDeviation)
        }
        feedingOrder = (0..<Int32(training.rowCount)).map { $0 }
        evaluationRows = LinearTrainer.evaluationRows(training.rowCount)
        let parameterCount = configuration.scoreCount * self.training.stride
        weights = LinearTrainer.firstWeights(configuration, self.training, seed: seed)
        biases = [Float](
            repeating: configuration.usesBias ? Float(configuration.initialBias) : 0, count: configuration.scoreCount)
        momentsOfWeights = Moment(count: parameterCount)
        momentsOfBiases = Moment(count: configuration.scoreCount)
        gradient = [Float](repeating: 0, count: parameterCount)
        biasGradient = [Float](repeating: 0, count: configuration.scoreCount)
        scratch = biasGradient
        var configuration = configuration
        let rate = configuration.learningRate ?? LinearTrainer.descentRate(configuration, self.training)
        configuration.learningRate = rate
        self.configuration = configuration
        steered = Steered(
            rate: rate, decay: configuration.weightDecay, l1: configuration.l1, momentum: configuration.momentum)
        orderRows()
    }

    public var stepsPerEpoch: Int { configuration.stepsPerEpoch }
    public var plannedSteps: Int { configuration.plannedSteps }
    public var isFinished: Bool { step >= plannedSteps }

    public func trainStep() -> StepReport {
        guard !isFinished else { return StepReport(loss: .nan, rowCount: 0, gradientNorm: 0, learningRate: 0) }
        orderRows()
        let start = step % stepsPerEpoch * configuration.batchSize
        let count = min(configuration.batchSize, training.rowCount - start)
        let total = feedingOrder.withUnsafeBufferPointer { order in
            order.baseAddress.map { gradients(of: $0 + start, count: count) } ?? 0
        }
        let rate = configuration.scheduledRate(base: steered.rate, step: step)
        step += 1
        let squaredNorm = update(rate: rate, rowCount: count)
        return StepReport(
            loss: total / Double(count) * targetDeviation * targetDeviation, rowCount: count,
            gradientNorm: squaredNorm.squareRoot(), learningRate: rate)
    }

    /// Summed loss of some rows; leaves summed gradients behind.
    private func gradients(of rows: UnsafePointer<Int32>, count: Int) -> Double {
        if configuration.loss == .softmax {
            return dk_softmax_batch(
                training.base, training.stride, rows, count, scaledTargets, weights, biases, biases.count, &gradient,
                &biasGradient,
                &scratch)
        }
        let kind = configuration.loss == .logistic ? DK_LOGISTIC : DK_SQUARED
        return dk_linear_batch(
            training.base, training.stride, rows, count, scaledTargets, weights, biases[0], Int32(kind), &gradient, &biasGradient)
    }

    /// One optimiser step from the gradients; returns the squared norm of what the optimiser saw.
    private func update(rate: Double, rowCount: Int) -> Double {
        var settings = dk_step()
        settings.scale = 1 / Float(rowCount)
        settings.decay = Float(steered.decay)
        settings.learning_rate = Float(rate)
        settings.l1 = Float(steered.l1)
        settings.momentum = Float(steered.momentum)
        settings.beta1 = Float(configuration.beta1)
        settings.beta2 = Float(configuration.beta2)
        settings.correction1 = Float(1 - pow(configuration.beta1, Double(step)))
        settings.correction2 = Float(1 - pow(configuration.beta2, Double(step)))
        var norm = apply(&settings, &weights, gradient, &momentsOfWeights)
        if configuration.usesBias {
            settings.learning_rate *= Float(configuration.biasRateMultiplier)
            settings.decay *= Float(configuration.biasDecayMultiplier)
            settings.l1 = 0
            norm += apply(&settings, &biases, biasGradient, &momentsOfBiases)
        }
        return norm
    }

    private func apply(_ settings: inout dk_step, _ parameters: inout [Float], _ gradient: [Float], _ moment: inout Moment)
        -> Double
    {
        switch configuration.optimizer {
        case .adam: dk_adam(&parameters, gradient, &moment.first, &moment.second, parameters.count, &settings)
        case .sgd: dk_sgd(&parameters, gradient, &moment.first, parameters.count, &settings)
        }
    }

    /// The order of the current epoch depends on nothing but seed and epoch, so a snapshot need not hold it.
    private func orderRows() {
        let epoch = min(step, plannedSteps - 1) / stepsPerEpoch
        guard configuration.shuffles, epoch != orderedEpoch else { return }
        orderedEpoch = epoch
        var random = RandomSource(seed: seed &+ UInt64(epoch + 1) &* 0xd134_2543_de82_ef95)
        for index in feedingOrder.indices { feedingOrder[index] = Int32(index) }
        random.shuffle(&feedingOrder)
    }

    public func evaluate() -> [(name: String, value: Double)] {
        let targets = evaluationRows.map { rows in rows.map { trainingTargets[Int($0)] } } ?? trainingTargets
        var entries = metrics(training, rows: evaluationRows, targets: targets).map { ("train:" + $0.name, $0.value) }
        if let validation {
            entries += metrics(validation, rows: nil, targets: validationTargets).map { ("validation:" + $0.name, $0.value) }
        }
        return entries
    }

    private func metrics(_ rows: FeatureRows, rows subset: [Int32]?, targets: [Float]) -> [Metrics.Entry] {
        var scores = rows.scores(weights: weights, biases: biases, rows: subset)
        if configuration.task == .regressor { scores = scores.map { Float(Double($0) * targetDeviation + targetMean) } }
        return Metrics.supervised(task: configuration.task, scores: scores, expected: targets, scoreCount: biases.count)
    }

    public var model: any LearnedModel { currentModel() }

    /// The model as it is now.
    public func currentModel() -> LinearModel {
        LinearModel(
            task: configuration.task, featureCount: training.featureCount, classCount: configuration.classCount,
            weights: training.unpadded(weights[...]), biases: biases, featureMeans: means, featureInverses: inverses,
            targetMean: targetMean, targetDeviation: targetDeviation)
    }

    /// Takes over a model's weights, such as those of the best epoch.
    public func adopt(_ model: LinearModel) {
        precondition(
            model.weights.count == configuration.scoreCount * training.featureCount && model.biases.count == biases.count,
            "a model of \(model.weights.count) weights for \(training.featureCount) features")
        weights = training.padded(model.weights)
        biases = model.biases
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        _ = try HyperparameterSpec.values(hyperparameters, specs: LinearLearner.hyperparameters, learner: "linear-learner")
        var next = steered
        for (name, text) in hyperparameters {
            guard LinearLearner.steerable.contains(name), let value = Double(text) else {
                throw LearnerError(
                    .unsupported,
                    "\(name) = '\(text)' cannot be set while training: only numbers for \(LinearLearner.steerable.joined(separator: ", "))"
                )
            }
            switch name {
            case "learning_rate":
                // The rate of the next step becomes the value; the schedule goes on from there.
                next.rate = value / configuration.scheduledRate(base: 1, step: step)
            case "wd": next.decay = value
            case "l1": next.l1 = value
            default: next.momentum = value
            }
        }
        steered = next
    }
}

// MARK: Saving

extension LinearTrainer {
    private static let magic: UInt64 = 0x3130_4c54_4353_4544  // "DESCTL01"

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(LinearTrainer.magic)
        for value in [training.rowCount, training.featureCount, configuration.scoreCount, configuration.batchSize, step] {
            writer.write(value)
        }
        writer.write(seed)
        for value in [steered.rate, steered.decay, steered.l1, steered.momentum] { writer.write(value) }
        for values in [
            weights, biases, momentsOfWeights.first, momentsOfWeights.second, momentsOfBiases.first, momentsOfBiases.second,
        ] { writer.write(values) }
        return writer.bytes
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readWord() == LinearTrainer.magic else {
            throw LearnerError(.invalidSnapshot, "this is no linear-learner checkpoint, or it is damaged: use another one")
        }
        for (name, expected) in [
            ("rows", training.rowCount), ("features", training.featureCount), ("scores", configuration.scoreCount),
            ("rows a batch", configuration.batchSize),
        ] {
            let found = reader.readInteger()
            guard found == expected else {
                throw LearnerError(
                    .invalidSnapshot,
                    "the checkpoint has \(found.map(String.init) ?? "no") \(name), the job has \(expected): resume with the job's own data and settings"
                )
            }
        }
        guard let savedStep = reader.readInteger(), savedStep >= 0, reader.readWord() == seed, let rate = reader.readDouble(),
            let decay = reader.readDouble(), let l1 = reader.readDouble(), let momentum = reader.readDouble(),
            let arrays = readArrays(&reader), reader.isAtEnd
        else {
            throw LearnerError(.invalidSnapshot, "the checkpoint is damaged or of another seed: use another one")
        }
        step = savedStep
        steered = Steered(rate: rate, decay: decay, l1: l1, momentum: momentum)
        (weights, biases) = (arrays[0], arrays[1])
        (momentsOfWeights.first, momentsOfWeights.second) = (arrays[2], arrays[3])
        (momentsOfBiases.first, momentsOfBiases.second) = (arrays[4], arrays[5])
        orderRows()
    }

    private func readArrays(_ reader: inout ByteReader) -> [[Float]]? {
        var arrays: [[Float]] = []
        for count in [weights.count, biases.count, weights.count, weights.count, biases.count, biases.count] {
            guard let values = reader.readFloats(), values.count == count else { return nil }
            arrays.append(values)
        }
        return arrays
    }
}

// MARK: Beginning

extension LinearTrainer {
    private static func firstWeights(_ configuration: LinearLearnerConfiguration, _ rows: FeatureRows, seed: UInt64) -> [Float] {
        var random = RandomSource(seed: seed)
        let weights = (0..<configuration.scoreCount * rows.featureCount).map { _ in
            switch configuration.initialization {
            case .uniform(let scale): Float(random.uniform(in: -scale...scale))
            case .normal(let deviation): Float(random.normal() * deviation)
            }
        }
        return rows.padded(weights)
    }

    private static func evaluationRows(_ rowCount: Int) -> [Int32]? {
        guard rowCount > evaluationRowLimit else { return nil }
        return (0..<evaluationRowLimit).map { Int32($0 * rowCount / evaluationRowLimit) }
    }

    /// Half the inverse of the loss's largest curvature, from a power iteration over at most 2,000 rows.
    private static func descentRate(_ configuration: LinearLearnerConfiguration, _ rows: FeatureRows) -> Double {
        let count = min(2000, rows.rowCount), stride = rows.stride
        var direction = (0..<stride).map { $0 < rows.featureCount ? Double($0 % 7 + 1) : 0 }
        var largest = 1.0
        for _ in 0..<30 {
            var next = [Double](repeating: 0, count: stride)
            for index in 0..<count {
                let row = rows.base + index * rows.rowCount / count * stride
                let product = (0..<stride).reduce(0.0) { $0 + Double(row[$1]) * direction[$1] }
                for feature in 0..<stride { next[feature] += Double(row[feature]) * product / Double(count) }
            }
            let length = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard length > 0, length.isFinite else { break }
            largest = max(1, length)
            direction = next.map { $0 / length }
        }
        let curvature: Double =
            switch configuration.loss {
            case .squared: 2
            case .logistic: 0.25
            case .softmax: 0.5
            }
        return 0.5 / (curvature * largest + configuration.weightDecay) * (1 - configuration.momentum)
    }
}
