import Numerics

extension LinearTrainer {
    /// Candidates are compared on at most so many rows when the criterion needs each one's scores sorted.
    static let comparisonRowLimit = 16_384

    /// Held-out rows whose scores are summed up.
    private static let shownEvaluationRows = 4096

    /// The best model as it is now: which one, and from what score or probability it says yes.
    struct Choice {
        var model: Int, threshold: Float
    }

    /// `loss` and the cheap metrics of the model that is best now, with its calibrated threshold; of several models also every
    /// one's `train:loss@I` and `validation:loss@I`, I from 0.
    public func evaluate() -> [(name: String, value: Double)] { Subnormals.flushed { measure() } }

    private func measure() -> [(name: String, value: Double)] {
        let training = data.trainingSplit
        var losses: [(name: String, value: Double)] = []
        var ranking: [Double] = []
        if candidates.count > 1 {
            ranking = candidateLosses(
                LinearData.Split(features: data.training, rows: data.evaluationRows, targets: [], weights: nil),
                targets: data.scaledTargets, weights: data.lossWeights, counts: data.trainingWeights)
            losses += ranking.enumerated().map { ("train:loss@\($0)", $1) }
            if data.validation != nil {
                ranking = candidateLosses(
                    data.validationSplit(rows: nil), targets: data.scaledValidationTargets,
                    weights: data.validationLossWeights, counts: data.knownWeights)
                losses += ranking.enumerated().map { ("validation:loss@\($0)", $1) }
            }
        }
        let choice = choose(losses: ranking)
        var entries = metrics(training, choice).map { ("train:" + $0.name, $0.value) }
        if data.validation != nil {
            entries += metrics(data.validationSplit(rows: nil), choice).map { ("validation:" + $0.name, $0.value) }
        }
        return entries + losses
    }

    private func metrics(_ split: LinearData.Split, _ choice: Choice) -> [Metrics.Entry] {
        data.scoring.entries(
            task: configuration.task, scores: scores(split, model: choice.model), expected: split.targets,
            weights: split.weights, width: configuration.scoreCount, threshold: choice.threshold, hasDetails: false,
            detail: detail ?? (configuration.task == .multiclassClassifier ? "top_k_accuracy" : nil))
    }

    private func scores(_ split: LinearData.Split, model: Int) -> [Float] {
        let (weights, biases) = parameters(of: model)
        return data.scores(split, weights: weights, biases: biases)
    }

    /// Shows the scores of some held-out rows, by the first model.
    public func showEvaluation(_ watch: StepWatch) {
        guard data.validation != nil else { return }
        let split = data.selection(atMost: Self.shownEvaluationRows)
        watch.add("margins", .margins, shape: [split.targets.count, configuration.scoreCount]) {
            Subnormals.flushed { scores(split, model: 0) }
        }
    }

    private func parameters(of model: Int) -> (weights: [Float], biases: [Float]) {
        let width = weights.count / candidates.count, scores = configuration.scoreCount
        return (Array(weights[model * width..<(model + 1) * width]), Array(biases[model * scores..<(model + 1) * scores]))
    }

    /// The best model by the selection criterion on validation rows, or on training rows when there are none.
    ///
    /// - Parameter losses: every model's loss; empty when there is one model.
    private func choose(losses: [Double]) -> Choice {
        let byLoss = losses.indices.min { losses[$0] < losses[$1] || losses[$1].isNaN && !losses[$0].isNaN } ?? 0
        guard configuration.task == .binaryClassifier, configuration.criterion != .loss else {
            return Choice(model: byLoss, threshold: LinearLoss.naturalThreshold)
        }
        var best = byLoss
        if candidates.count > 1 {
            let few = data.selection(atMost: min(Self.comparisonRowLimit, configuration.calibrationRowCount))
            let values = candidates.indices.map { calibrate($0, few).value }
            // Equally good models are told apart by their loss.
            best = values.indices.reduce(byLoss) { values[$1] > values[$0] || values[$0].isNaN && !values[$1].isNaN ? $1 : $0 }
        }
        return Choice(
            model: best, threshold: calibrate(best, data.selection(atMost: configuration.calibrationRowCount)).threshold)
    }

    private func calibrate(_ model: Int, _ split: LinearData.Split) -> (threshold: Float, value: Double) {
        let raw = scores(split, model: model)
        let values =
            configuration.objective.loss.givesProbabilities ? Probabilities.from(scores: raw, scoreCount: 1) : raw
        return ThresholdCalibration.best(
            RankedScores(expected: split.targets, scores: values, weights: split.weights), for: configuration.criterion,
            natural: LinearLoss.naturalThreshold)
    }

    public var model: any LearnedModel { currentModel() }

    /// The best model as it is now, its threshold calibrated.
    public func currentModel() -> LinearModel {
        var losses: [Double] = []
        if candidates.count > 1 {
            let isTraining = data.validation == nil
            losses = candidateLosses(
                isTraining
                    ? LinearData.Split(features: data.training, rows: data.evaluationRows, targets: [], weights: nil)
                    : data.validationSplit(rows: nil),
                targets: isTraining ? data.scaledTargets : data.scaledValidationTargets,
                weights: isTraining ? data.lossWeights : data.validationLossWeights,
                counts: isTraining ? data.trainingWeights : data.knownWeights)
        }
        let choice = choose(losses: losses)
        let (weights, biases) = parameters(of: choice.model)
        return LinearModel(
            task: configuration.task, featureCount: data.means.count, classCount: configuration.classCount,
            cardinalities: configuration.cardinalities,
            weights: data.training.unpadded(weights[...]), biases: biases, featureMeans: data.means,
            featureInverses: data.inverses, targetMean: data.targetMean, targetDeviation: data.targetDeviation,
            scoring: data.scoring, threshold: choice.threshold)
    }

    /// Takes over a model's weights, such as those of the best epoch, for every model trained.
    public func adopt(_ model: LinearModel) {
        precondition(
            model.weights.count == configuration.scoreCount * data.training.featureCount
                && model.biases.count == configuration.scoreCount,
            "a model of \(model.weights.count) weights for \(data.training.featureCount) features")
        let padded = data.training.padded(model.weights)
        weights = candidates.flatMap { _ in padded }
        biases = candidates.flatMap { _ in model.biases }
        descent?.forget()
    }
}
