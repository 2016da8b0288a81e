import CLearnerKernels
import Glibc
import Hyperparameters
import Numerics

/// Trains a linear model, or several side by side, by mini-batches or, with `lbfgs`, by all rows at a time. Weights live on
/// standardised features and, for a regressor, a standardised target; what is reported is in the target's own units.
///
/// Of several models the first has exactly the settings given; it is the one whose loss a step reports.
public final class LinearTrainer: Trainer {
    /// The settings, all decided.
    public private(set) var configuration: LinearLearnerConfiguration
    public internal(set) var step = 0
    public private(set) var feedingOrder: [Int32]
    /// The settings of the models trained side by side.
    public internal(set) var candidates: [LinearCandidate]

    let data: LinearData
    /// Rows that a step with all of them takes.
    private let rowCount: Int
    /// A metric that is measured at every evaluation, though others like it are told of finished models only.
    let detail: String?
    let seed: UInt64
    /// - Shape: weights and moments [models, scores, stride]; biases [models, scores].
    var weights: [Float], biases: [Float]
    var momentsOfWeights: Moment, momentsOfBiases: Moment
    var momentum: Double
    /// How far the penalty of categories differs from that of other weights, as long as `wd` is what auto made of it.
    let categoryPenalties: CategoryPenalties
    private let usualPenalties: CategoryPenalties
    /// What `lbfgs` remembers.
    var descent: FullBatchDescent?
    private(set) var gradient: [Float], biasGradient: [Float]
    private var losses: [Double], scratch: [Float]
    private let kernel: dk_loss
    /// What a reported loss of 1 is in the target's own units.
    private let lossUnit: Double
    private var orderedEpoch = -1
    /// The rows in memory of a file that stays where it is.
    private(set) var window: StreamedWindow?
    public private(set) var failure: LearnerError?

    /// First and second moments of a group of parameters: Adam's, the velocity of momentum, or the size of gradients.
    struct Moment {
        var first: [Float], second: [Float]

        init(count: Int) {
            first = [Float](repeating: 0, count: count)
            second = first
        }
    }

    /// `train:` metrics are measured over at most so many rows, evenly spread over the training set.
    public static let evaluationRowLimit = LinearData.evaluationRowLimit

    /// Prepares training: standardises the features, draws first weights.
    ///
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`, `invalidTarget`, `noRows`.
    public init(
        configuration: LinearLearnerConfiguration, training: LabelledMatrix, validation: LabelledMatrix?, seed: UInt64,
        stream: (any RowStream)? = nil, distributed: (any DistributedRows)? = nil, detail: String? = nil
    ) throws(LearnerError) {
        self.seed = seed
        self.detail = detail
        window = stream.map { StreamedWindow($0, batchSize: configuration.batchSize, seed: seed) }
        var configuration = configuration
        configuration.scalerRowCount = min(configuration.scalerRowCount, training.rowCount)
        let data = try LinearData(
            configuration, training: training, validation: validation, moments: try distributed?.moments())
        rowCount = distributed?.rowCount ?? training.rowCount
        self.data = data
        feedingOrder = (0..<Int32(training.rowCount)).map { $0 }
        let rate =
            configuration.learningRate.map {
                configuration.rateIsAutomatic ? $0 * LinearTrainer.rateFactor(configuration, data) : $0
            }
            ?? LinearTrainer.descentRate(configuration, data)
        configuration.learningRate = rate
        if case .balancedPositives = configuration.classWeighting, data.scoring.classWeights.count == 2 {
            configuration.classWeighting = .positives(Double(data.scoring.classWeights[1]))
        }
        self.configuration = configuration
        candidates = configuration.candidates(learningRate: rate, seed: seed)
        momentum = configuration.momentum
        let scaled = configuration.objective.scaled(by: data.targetDeviation)
        kernel = scaled.kernel
        lossUnit = configuration.objective.unit(deviation: data.targetDeviation)
        let models = configuration.modelCount, stride = data.training.stride
        let first = LinearTrainer.firstWeights(configuration, data.training, seed: seed)
        weights = (0..<models).flatMap { _ in first }
        biases = [Float](
            repeating: configuration.usesBias ? Float(configuration.initialBias) : 0, count: configuration.scoreCount * models)
        let usesMoments = configuration.optimizer != .lbfgs
        momentsOfWeights = Moment(count: usesMoments ? weights.count : 0)
        momentsOfBiases = Moment(count: usesMoments ? biases.count : 0)
        gradient = [Float](repeating: 0, count: weights.count)
        biasGradient = [Float](repeating: 0, count: biases.count)
        losses = [Double](repeating: 0, count: models)
        scratch = [Float](
            repeating: 0,
            count: models > 1 ? dk_many_scratch(stride, models, configuration.scoreCount) : configuration.scoreCount)
        usualPenalties = CategoryPenalties(
            weightStride: data.training.weightStride, scoreCount: configuration.scoreCount)
        categoryPenalties = CategoryPenalties(
            data, configuration.objective, scoreCount: configuration.scoreCount, usesData: configuration.decayIsAutomatic)
        if configuration.optimizer == .lbfgs {
            descent = FullBatchDescent(configuration, data, objective: scaled, distributed: distributed)
        }
        orderRows()
    }

    public var stepsPerEpoch: Int { configuration.stepsPerEpoch }
    public var plannedSteps: Int { configuration.plannedSteps }
    public var isFinished: Bool { step >= plannedSteps || descent?.isConverged == true || failure != nil }

    public func attribution(of rows: Matrix) -> (any FeatureAttribution)? { LinearAttribution(self, rows) }

    public func trainStep() -> StepReport { Subnormals.flushed { takeStep(nil) } }

    public func trainStep(_ watch: StepWatch) -> StepReport { Subnormals.flushed { takeStep(watch) } }

    private func takeStep(_ watch: StepWatch?) -> StepReport {
        guard !isFinished else { return .nothing }
        guard descent == nil else { return fullStep(watch) }
        orderRows()
        let count: Int
        do throws(LearnerError) { count = try computeGradients(watch) } catch {
            failure = error
            return .nothing
        }
        if let watch { showGradients(watch, rowCount: count) }
        let now = step
        step += 1
        var squaredNorm = 0.0, rate = 0.0
        watch.timed(.update) {
            for model in candidates.indices.reversed() {
                rate = scheduledRate(of: model, step: now)
                squaredNorm = update(model, rate: rate, rowCount: count)
            }
        }
        let loss = losses[0] / Double(count) * lossUnit
        if let watch { showUpdate(watch, loss: loss) }
        return StepReport(loss: loss, rowCount: count, gradientNorm: squaredNorm.squareRoot(), learningRate: rate)
    }

    private func fullStep(_ watch: StepWatch?) -> StepReport {
        if let watch { keepParameters(watch) }
        // What it computes goes back and forth.
        let report: FullBatchDescent.Report?
        do throws(LearnerError) {
            report = try watch.timed(.backward) { () throws(LearnerError) in
                try descent?.step(&weights, &biases, decay: candidates[0].weightDecay, penalties: penalties(of: 0))
            }
        } catch {
            if error.code != .interrupted { failure = error }
            return .nothing
        }
        step += 1
        if let watch { showUpdate(watch, loss: (report?.loss ?? .nan) * lossUnit) }
        return StepReport(
            loss: (report?.loss ?? .nan) * lossUnit, rowCount: rowCount,
            gradientNorm: report?.gradientNorm ?? .nan, learningRate: report?.length ?? .nan)
    }

    private func penalties(of model: Int) -> CategoryPenalties {
        candidates[model].weightDecay == configuration.weightDecay ? categoryPenalties : usualPenalties
    }

    func scheduledRate(of model: Int, step: Int) -> Double {
        configuration.scheduledRate(
            base: candidates[model].learningRate, step: step, factor: candidates[model].schedulerFactor)
    }

    /// Leaves summed losses and gradients of the step's rows behind; returns how many they are.
    private func computeGradients(_ watch: StepWatch?) throws(LearnerError) -> Int {
        let start = step % stepsPerEpoch * configuration.batchSize
        guard window != nil else {
            let count = min(configuration.batchSize, data.training.rowCount - start)
            computeGradients(data.trainingRows, order: feedingOrder[start..<start + count], watch)
            return count
        }
        try watch.timed(.data) { () throws(LearnerError) in
            try window?.move(to: start, epoch: step / stepsPerEpoch, data: data, shuffles: configuration.shuffles)
        }
        guard let window, let rows = window.rows else { return 0 }
        let first = start - window.range.lowerBound
        let count = min(configuration.batchSize, window.range.count - first)
        computeGradients(rows, order: window.order[first..<first + count], watch)
        return count
    }

    private func computeGradients(_ rows: LinearRows, order: ArraySlice<Int32>, _ watch: StepWatch?) {
        if let watch { showInputs(watch, rows.features, order: order) }
        watch.timed(.backward) { computeGradients(rows, order: order) }
    }

    private func computeGradients(_ rows: LinearRows, order: ArraySlice<Int32>) {
        order.withUnsafeBufferPointer { order in
            rows.withBatch(order.baseAddress, count: order.count, loss: kernel, modelCount: candidates.count) {
                $0.gradients(weights, biases, &gradient, &biasGradient, &losses, &scratch)
            }
        }
    }

    /// Mean loss of every model over some rows, in the target's own units.
    ///
    /// - Parameters:
    ///   - rowWeights: what the losses of all rows are multiplied by.
    ///   - counts: how much all rows count.
    func candidateLosses(_ split: LinearData.Split, targets: [Float], weights rowWeights: [Float]?, counts: [Float]?) -> [Double]
    {
        let count = split.rows?.count ?? split.features.rowCount
        var sums = [Double](repeating: 0, count: candidates.count)
        let total =
            split.rows.map { rows in WeightedRows.total(rows.count, counts.map { counts in rows.map { counts[Int($0)] } }) }
            ?? WeightedRows.total(count, counts)
        split.rows.withOptionalPointer { rows in
            LinearRows(features: split.features, targets: targets, weights: rowWeights)
                .withBatch(rows, count: count, loss: kernel, modelCount: candidates.count) {
                    $0.losses(weights, biases, &sums, &scratch)
                }
        }
        return sums.map { $0 / total * lossUnit }
    }

    /// One optimiser step of a model from the gradients; returns the squared norm of what the optimiser saw.
    private func update(_ model: Int, rate: Double, rowCount: Int) -> Double {
        var settings = dk_step()
        settings.scale = 1 / Float(rowCount)
        settings.decay = Float(candidates[model].weightDecay)
        settings.learning_rate = Float(rate)
        settings.l1 = Float(candidates[model].l1)
        settings.momentum = Float(momentum)
        settings.beta1 = Float(configuration.beta1)
        settings.beta2 = Float(configuration.beta2)
        settings.correction1 = Float(1 - pow(configuration.beta1, Double(step)))
        settings.correction2 = Float(1 - pow(configuration.beta2, Double(step)))
        let width = weights.count / candidates.count, scores = configuration.scoreCount
        let decay = settings.decay
        var norm = 0.0
        for run in penalties(of: model).runs {
            settings.decay = decay * Float(run.factor)
            let start = model * width + run.places.lowerBound
            norm += apply(&settings, start, run.places.count, &weights, gradient, &momentsOfWeights)
        }
        if configuration.usesBias {
            settings.learning_rate *= Float(configuration.biasRateMultiplier)
            settings.decay = decay * Float(configuration.biasDecayMultiplier)
            settings.l1 = 0
            norm += apply(&settings, model * scores, scores, &biases, biasGradient, &momentsOfBiases)
        }
        return norm
    }

    private func apply(
        _ settings: inout dk_step, _ start: Int, _ count: Int, _ parameters: inout [Float], _ gradient: [Float],
        _ moment: inout Moment
    ) -> Double {
        let optimizer = configuration.optimizer
        return parameters.withUnsafeMutableBufferPointer { parameters in
            moment.first.withUnsafeMutableBufferPointer { first in
                moment.second.withUnsafeMutableBufferPointer { second in
                    gradient.withUnsafeBufferPointer { gradient in
                        guard let w = parameters.baseAddress, let m = first.baseAddress, let v = second.baseAddress,
                            let g = gradient.baseAddress
                        else { return 0 }
                        switch optimizer {
                        case .adam: return dk_adam(w + start, g + start, m + start, v + start, count, &settings)
                        case .sgd: return dk_sgd(w + start, g + start, m + start, count, &settings)
                        case .rmsprop: return dk_rmsprop(w + start, g + start, v + start, count, &settings)
                        case .adagrad: return dk_adagrad(w + start, g + start, v + start, count, &settings)
                        case .lbfgs: return 0
                        }
                    }
                }
            }
        }
    }

    /// The order of the current epoch depends on nothing but seed and epoch, so a snapshot need not hold it.
    func orderRows() {
        let epoch = min(step, plannedSteps - 1) / stepsPerEpoch
        // Full batches take the rows as they lie.
        guard configuration.shuffles, descent == nil, epoch != orderedEpoch else { return }
        orderedEpoch = epoch
        var random = RandomSource(seed: seed &+ UInt64(epoch + 1) &* 0xd134_2543_de82_ef95)
        for index in feedingOrder.indices { feedingOrder[index] = Int32(index) }
        random.shuffle(&feedingOrder)
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        _ = try Hyperparameter.values(hyperparameters, specs: LinearLearner.hyperparameters, learner: "linear-learner")
        var next = candidates, nextMomentum = momentum
        let steerable = LinearLearner.steerable(configuration.resolved)
        for (name, text) in hyperparameters {
            guard steerable.contains(name), let value = Double(text) else { throw .notSteerable(name, text, steerable) }
            switch name {
            case "learning_rate":
                // The first model's rate at the next step becomes the value, the others' change in proportion; the schedule
                // goes on from there.
                let base = value / configuration.scheduledRate(base: 1, step: step)
                let ratio = base / candidates[0].learningRate
                for model in next.indices { next[model].learningRate = model == 0 ? base : next[model].learningRate * ratio }
            case "wd": for model in next.indices { next[model].weightDecay = value }
            case "l1": for model in next.indices { next[model].l1 = value }
            default: nextMomentum = value
            }
        }
        if next != candidates { descent?.forget() }
        (candidates, momentum) = (next, nextMomentum)
    }
}
