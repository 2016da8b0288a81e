import CheckedNumbers
import Numerics

/// A linear learner's rows as its kernels see them, and what brings scores back to the target's own units.
struct LinearData {
    let training: FeatureRows, validation: FeatureRows?
    let trainingTargets: [Float], validationTargets: [Float]
    /// Targets that training sees: a regressor's are standardised.
    let scaledTargets: [Float], scaledValidationTargets: [Float]
    /// The rows' own weights.
    let trainingWeights: [Float]?, validationWeights: [Float]?
    /// The targets and weights of validation rows that can be learned from: those of classes that training did not have count 0.
    let knownTargets: [Float], knownWeights: [Float]?
    /// What losses are multiplied by, class weights included.
    let lossWeights: [Float]?, validationLossWeights: [Float]?
    let means: [Float], inverses: [Float]
    let cardinalities: [Int]
    let targetMean: Double, targetDeviation: Double
    /// Loss and metric settings, class weights decided.
    let scoring: LinearScoring
    /// The training rows that metrics are measured on; nil = all.
    let evaluationRows: [Int32]?

    /// Training rows that metrics are measured on at most.
    static let evaluationRowLimit = 65_536

    /// - Parameter moments: of all rows, where `training` is but a sample of them.
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`, `invalidTarget`, `noRows`, `unsupported`.
    init(
        _ configuration: LinearLearnerConfiguration, training: LabelledMatrix, validation: LabelledMatrix?,
        moments: RowMoments? = nil
    ) throws(LearnerError) {
        try LabelledMatrix.check(
            training: training, validation: validation,
            classCount: configuration.task == .regressor ? nil : configuration.classCount,
            cardinalities: configuration.cardinalities)
        cardinalities = configuration.cardinalities
        let training = training.bringingWeightsToMeanOne()
        let width = training.features.columnCount
        let (means, inverses) = Self.scaling(configuration, training, moments)
        let standard =
            moments.map { Standardization.target(mean: $0.targetMean, deviation: $0.targetDeviation) }
            ?? Standardization.target(training.targets[..<configuration.scalerRowCount], weights: training.weights)
        let mean = configuration.centersTarget ? standard.mean : 0
        let deviation = configuration.normalizesTarget ? standard.deviation : 1
        precondition(means.count == width && inverses.count == width, "\(means.count) means for \(width) features")
        (self.means, self.inverses, targetMean, targetDeviation) = (means, inverses, mean, deviation)
        self.training = FeatureRows(training.features, means: means, inverses: inverses, cardinalities: cardinalities)
        self.validation = validation.map {
            FeatureRows($0.features, means: means, inverses: inverses, cardinalities: configuration.cardinalities)
        }
        trainingTargets = training.targets
        validationTargets = validation?.targets ?? []
        let scale = { (target: Float) in Float((Double(target) - mean) / deviation) }
        scaledTargets = training.targets.map(scale)
        let known = configuration.task == .regressor ? validation : validation?.silencingUnseen(configuration.classCount)
        (knownTargets, knownWeights) = (known?.targets ?? [], known?.weights)
        scaledValidationTargets = knownTargets.map(scale)
        trainingWeights = training.weights
        validationWeights = validation?.weights
        scoring = LinearScoring(
            objective: configuration.objective, classWeights: Self.classWeights(configuration, training, moments),
            topK: configuration.topK, beta: configuration.beta)
        lossWeights = scoring.lossWeights(targets: training.targets, weights: training.weights)
        validationLossWeights = scoring.lossWeights(targets: knownTargets, weights: knownWeights)
        evaluationRows = Self.spread(Self.evaluationRowLimit, over: training.rowCount)
    }

    private static func scaling(
        _ configuration: LinearLearnerConfiguration, _ data: LabelledMatrix, _ moments: RowMoments?
    ) -> ([Float], [Float]) {
        let features = data.features
        let zeros = [Float](repeating: 0, count: features.columnCount), ones = zeros.map { _ in Float(1) }
        guard configuration.normalizesFeatures || configuration.centersFeatures else { return (zeros, ones) }
        let unscaled = configuration.unscaledFeatures
        var (means, inverses) =
            moments.map { Standardization.features(means: $0.means, deviations: $0.deviations, unscaled: unscaled) }
            ?? Standardization.features(
                features, rowCount: configuration.scalerRowCount, weights: data.weights, unscaled: unscaled)
        // Codes stand for indicators that stay 0 and 1: shifted, none of them would be 0.
        for column in features.columnCount - configuration.cardinalities.count..<features.columnCount {
            (means[column], inverses[column]) = (0, 1)
        }
        return (configuration.centersFeatures ? means : zeros, configuration.normalizesFeatures ? inverses : ones)
    }

    /// What each class's losses are multiplied by; empty when all by 1.
    private static func classWeights(
        _ configuration: LinearLearnerConfiguration, _ data: LabelledMatrix, _ moments: RowMoments?
    ) -> [Float] {
        guard configuration.task != .regressor, configuration.classWeighting != .positives(1) else { return [] }
        var totals = [Double](repeating: 0, count: configuration.classCount)
        for (row, target) in data.targets.enumerated() {
            totals[Int(nearestWithin: target)] += data.weights.map { Double($0[row]) } ?? 1
        }
        if let moments { totals = moments.classCounts }
        switch configuration.classWeighting {
        case .positives(let weight): return [1, Float(weight)]
        case .balancedPositives: return [1, totals[0] > 0 && totals[1] > 0 ? Float(totals[0] / totals[1]) : 1]
        case .balancedClasses:
            let present = totals.filter { $0 > 0 }
            let each = present.reduce(0, +) / Double(max(1, present.count))
            return totals.map { $0 > 0 ? Float(each / $0) : 1 }
        }
    }

    /// Evenly spread rows, at most `limit`; nil = all.
    static func spread(_ limit: Int, over rowCount: Int) -> [Int32]? {
        guard rowCount > limit else { return nil }
        return (0..<limit).map { Int32($0 * rowCount / limit) }
    }

    /// What training sees of its rows; of rows that stay in their file, of a sample.
    var trainingRows: LinearRows { LinearRows(features: training, targets: scaledTargets, weights: lossWeights) }

    /// The same of other rows, such as those of a stream.
    func rows(_ data: LabelledMatrix) -> LinearRows {
        LinearRows(
            features: FeatureRows(data.features, means: means, inverses: inverses, cardinalities: cardinalities),
            targets: data.targets.map { Float((Double($0) - targetMean) / targetDeviation) },
            weights: scoring.lossWeights(targets: data.targets, weights: data.weights))
    }

    /// The rows that models are measured on to find the best: validation rows if there are any.
    var selection: Split { selection(atMost: .max) }

    /// Some rows of one of the two sets.
    struct Split {
        var features: FeatureRows
        var rows: [Int32]?
        var targets: [Float], weights: [Float]?
    }

    var trainingSplit: Split {
        Split(
            features: training, rows: evaluationRows, targets: Self.pick(trainingTargets, evaluationRows),
            weights: trainingWeights.map { Self.pick($0, evaluationRows) })
    }

    func validationSplit(rows: [Int32]?) -> Split {
        Split(
            features: validation ?? training, rows: rows, targets: Self.pick(validationTargets, rows),
            weights: validationWeights.map { Self.pick($0, rows) })
    }

    /// At most `limit` of the rows that models are measured on.
    func selection(atMost limit: Int) -> Split {
        guard validation != nil else {
            let split = trainingSplit
            guard let few = Self.spread(limit, over: split.targets.count) else { return split }
            return Split(
                features: training, rows: split.rows.map { rows in few.map { rows[Int($0)] } } ?? few,
                targets: Self.pick(split.targets, few), weights: split.weights.map { Self.pick($0, few) })
        }
        let rows = Self.spread(limit, over: knownTargets.count)
        return Split(
            features: validation ?? training, rows: rows, targets: Self.pick(knownTargets, rows),
            weights: knownWeights.map { Self.pick($0, rows) })
    }

    private static func pick(_ values: [Float], _ rows: [Int32]?) -> [Float] {
        rows.map { $0.map { values[Int($0)] } } ?? values
    }

    /// Scores in the target's own units.
    func scores(_ split: Split, weights: [Float], biases: [Float]) -> [Float] {
        let scores = split.features.scores(weights: weights, biases: biases, rows: split.rows)
        guard targetMean != 0 || targetDeviation != 1 else { return scores }
        return scores.map { Float(Double($0) * targetDeviation + targetMean) }
    }
}
