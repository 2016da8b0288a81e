import Numerics

/// Moves centres towards the rows of one mini-batch after another, makes k of them, and refines these in passes over all rows
/// until they rest.
///
/// - Source: SageMaker's web-scale k-means: c ← (1 - p) c + p · mean(new rows), p = new / (old + new). Its refinement ends with the
///   centres' own clustering; the passes over the rows are ours.
public final class KMeansTrainer: Trainer {
    public let stepsPerEpoch: Int
    /// With every pass of refinement until the centres rest; these are the most there may be.
    public var plannedSteps: Int {
        isAtRest
            ? step : (configuration.epochs + (configuration.refines ? configuration.local.iterations : 0)) * stepsPerEpoch
    }
    public private(set) var step = 0
    public var isFinished: Bool { step >= plannedSteps }
    public let feedingOrder: [Int32]
    var resolved: [String: String] { configuration.resolved }

    private let configuration: KMeansConfiguration
    private let seed: UInt64
    private let means: [Float], inverses: [Float]
    private let rows: Matrix
    private let validation: Matrix?
    /// nil = all rows count the same. - Shape: [rows].
    private let weights: [Float]?, validationWeights: [Float]?
    /// More than k of them until the last mini-batch. - Shape: [centres, features].
    private var centres: [Float]
    /// Rows each centre stands for, old ones fading. - Shape: [centres].
    private var counts: [Float]
    /// The k centres that the losses of this epoch's steps are measured by. - Shape: [k, features].
    private var clusters: [Float]
    /// A pass of refinement so far.
    private var pass: ClusterCentres.Sums
    private var lossBefore = Double.infinity
    private var isAtRest = false
    private var reduced: (step: Int, centres: [Float])?

    private var miniBatchSteps: Int { configuration.epochs * stepsPerEpoch }

    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `noRows`, `shapeMismatch`, `nonFiniteFeature`, `unsupported`.
    init(_ request: TrainingRequest) throws(LearnerError) {
        let data = request.training, rowCount = data.rowCount, width = data.features.columnCount
        try LabelledMatrix.check(training: data, validation: request.validation, classCount: nil)
        configuration = try KMeansConfiguration(request.hyperparameters, rowCount: rowCount)
        stepsPerEpoch = (rowCount + configuration.batchSize - 1) / configuration.batchSize
        seed = request.seed
        var random = RandomSource(seed: seed)
        var order = (0..<rowCount).map { Int32($0) }
        random.shuffle(&order)
        feedingOrder = order
        let (means, inverses) = ClusterCentres.scale(
            data, normalises: configuration.normalises, unscaled: request.unscaledFeatures)
        (self.means, self.inverses) = (means, inverses)
        rows = ClusterCentres.standardised(data.features, means: means, inverses: inverses)
        validation = request.validation.map {
            ClusterCentres.standardised($0.features, means: means, inverses: inverses)
        }
        (weights, validationWeights) = (data.weights, request.validation?.weights)
        let first = order.prefix(configuration.batchSize)
        centres = ClusterCentres.first(
            rows.selecting(rows: first.map { Int($0) }), weights: Self.weights(of: first, in: data.weights),
            count: configuration.centreCount, spreads: configuration.spreads, random: &random)
        counts = [Float](repeating: 0, count: configuration.centreCount)
        clusters = [Float](repeating: 0, count: configuration.local.count * width)
        pass = ClusterCentres.Sums(centres: clusters, width: width)
    }

    public func trainStep() -> StepReport {
        guard !isFinished else { return .nothing }
        let start = step % stepsPerEpoch * configuration.batchSize
        let range = start..<min(start + configuration.batchSize, rows.rowCount)
        let batch = rows.selecting(rows: feedingOrder[range].map { Int($0) })
        let counting = Self.weights(of: feedingOrder[range], in: weights)
        let loss = step < miniBatchSteps ? move(by: batch, counting) : refine(by: batch, counting)
        return StepReport(
            loss: loss / (counting?.reduce(0, +) ?? Double(batch.rowCount)), rowCount: batch.rowCount)
    }

    private static func weights(of rows: ArraySlice<Int32>, in weights: [Float]?) -> [Double]? {
        weights.map { weights in rows.map { Double(weights[Int($0)]) } }
    }

    /// Summed squared distance of the rows before the step.
    private func move(by batch: Matrix, _ weights: [Double]?) -> Double {
        let width = rows.columnCount, hasMore = centres.count > clusters.count
        if step % stepsPerEpoch == 0 { clusters = currentCentres() }
        var sums = ClusterCentres.Sums(centres: centres, width: width)
        sums.add(batch, ClusterCentres.assign(batch, to: centres), weights: weights)
        // Losses are those of k centres, whatever number is moved, so that they can be compared from the first to the last.
        let loss = hasMore ? Self.sum(ClusterCentres.assign(batch, to: clusters).squares, weights) : sums.loss
        let fading = configuration.fading(rowCount: batch.rowCount)
        for cluster in counts.indices { counts[cluster] *= fading }
        for index in centres.indices where sums.counts[index / width] > 0 {
            let new = sums.counts[index / width], share = new / (Double(counts[index / width]) + new)
            centres[index] += Float(share * (sums.totals[index] / new - Double(centres[index])))
        }
        for cluster in counts.indices { counts[cluster] += Float(sums.counts[cluster]) }
        step += 1
        if step == miniBatchSteps { centres = currentCentres() }
        return loss
    }

    /// A part of one of Lloyd's passes over all rows; the last part moves the centres.
    private func refine(by batch: Matrix, _ weights: [Double]?) -> Double {
        let found = ClusterCentres.assign(batch, to: centres)
        pass.add(batch, found, weights: weights)
        step += 1
        if step % stepsPerEpoch == 0 {
            centres = pass.means(instead: centres)
            isAtRest = lossBefore.isFinite && lossBefore - pass.loss <= configuration.local.tolerance * lossBefore
            lossBefore = pass.loss
            pass = ClusterCentres.Sums(centres: centres, width: rows.columnCount)
        }
        return Self.sum(found.squares, weights)
    }

    private static func sum(_ squares: [Double], _ weights: [Double]?) -> Double {
        weights.map { zip(squares, $0).reduce(0) { $0 + $1.0 * $1.1 } } ?? squares.reduce(0, +)
    }

    /// The k centres that there would be if this were the last mini-batch.
    private func currentCentres() -> [Float] {
        guard centres.count > clusters.count else { return centres }
        if let reduced, reduced.step == step { return reduced.centres }
        let found = configuration.local.reduce(
            centres, counts: counts, width: rows.columnCount, seed: seed ^ UInt64(step + 1) &* 0x9e37_79b9_7f4a_7c15)
        reduced = (step, found)
        return found
    }

    public func evaluate() -> [(name: String, value: Double)] {
        let centres = currentCentres()
        return [("train", Optional(rows), weights), ("validation", validation, validationWeights)].flatMap {
            split, rows, weights -> [Metrics.Entry] in
            guard let rows, rows.rowCount > 0 else { return [] }
            return ClusterMetric.entries(configuration.metrics, rows, weights: weights, centres: centres).map {
                ("\(split):\($0.name)", $0.value)
            }
        }
    }

    public var model: any LearnedModel { currentModel() }

    /// The model as it is now.
    public func currentModel() -> KMeansModel {
        KMeansModel(
            featureCount: rows.columnCount, clusterCount: configuration.local.count, centres: currentCentres(),
            featureMeans: means, featureInverses: inverses, metrics: configuration.metrics)
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        throw LearnerError(.unsupported, "k-means has nothing to change while it trains: start a new run")
    }
}

// MARK: Saving

extension KMeansTrainer {
    private static let magic: UInt64 = 0x3230_4e4d_4b53_4544  // "DESKMN02"

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        for value in identity + [step] { writer.write(value) }
        writer.write(seed)
        for values in [centres, counts, clusters] { writer.write(values) }
        writer.write(pass.totals)
        writer.write(pass.counts)
        writer.write(pass.loss)
        writer.write(lossBefore)
        writer.write(isAtRest ? 1 : 0)
        return writer.bytes
    }

    /// What must be the same where a snapshot is made and where it is restored.
    private var identity: [Int] {
        [rows.rowCount, rows.columnCount, configuration.local.count, configuration.centreCount, configuration.batchSize]
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        let damaged = LearnerError(
            .invalidSnapshot, "the checkpoint is damaged, or of other data or settings: resume with the job's own")
        var reader = ByteReader(bytes)
        guard reader.readWord() == Self.magic, identity.allSatisfy({ reader.readInteger() == $0 }),
            let savedStep = reader.readInteger(), ByteReader.steps.contains(savedStep), reader.readWord() == seed
        else { throw damaged }
        let centreCount = (savedStep < miniBatchSteps ? configuration.centreCount : configuration.local.count) * rows.columnCount
        guard let centres = reader.readFloats(), centres.count == centreCount, let counts = reader.readFloats(),
            counts.count == self.counts.count, let clusters = reader.readFloats(), clusters.count == self.clusters.count,
            let totals = reader.readDoubles(), totals.count == pass.totals.count, let sizes = reader.readDoubles(),
            sizes.count == pass.counts.count, let loss = reader.readDouble(), let before = reader.readDouble(),
            let atRest = reader.readInteger(), reader.isAtEnd
        else { throw damaged }
        (step, self.centres, self.counts, self.clusters) = (savedStep, centres, counts, clusters)
        (pass.totals, pass.counts, pass.loss) = (totals, sizes, loss)
        (lossBefore, isAtRest, reduced) = (before, atRest != 0, nil)
    }
}
