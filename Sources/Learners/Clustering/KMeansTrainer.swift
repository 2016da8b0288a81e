import Numerics

/// Moves centres towards the rows of one mini-batch after another; the last step refines them over all rows.
///
/// - Source: SageMaker's web-scale k-means: c ← (1 - p) c + p · mean(new rows), p = new / (old + new).
public final class KMeansTrainer: Trainer {
    public let stepsPerEpoch: Int
    public let plannedSteps: Int
    public private(set) var step = 0
    public var isFinished: Bool { step >= plannedSteps }
    public let feedingOrder: [Int32]
    let resolved: [String: String]

    private let clusterCount: Int, batchSize: Int, iterations: Int, tolerance: Double
    private let seed: UInt64
    private let means: [Float], inverses: [Float]
    private let rows: Matrix
    private let validation: Matrix?
    private var centres: [Float]
    private var counts: [Float]

    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `noRows`, `shapeMismatch`, `nonFiniteFeature`.
    init(_ request: TrainingRequest) throws(LearnerError) {
        let texts = try HyperparameterSpec.values(
            request.hyperparameters, specs: KMeansLearner.hyperparameters, learner: "kmeans")
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        let data = request.training, rowCount = data.rowCount, width = data.features.columnCount
        try data.check("training", classCount: nil)
        try request.validation?.check("validation", classCount: nil)
        if let validation = request.validation, validation.features.columnCount != width {
            throw LearnerError(
                .shapeMismatch, "training has \(width) features, validation has \(validation.features.columnCount)")
        }
        guard rowCount > 0, width > 0 else {
            throw LearnerError(.noRows, "nothing to learn from: \(rowCount) rows of \(width) features")
        }
        guard let k = integer("k") else {
            throw LearnerError(.invalidHyperparameter, "k is not set: give the number of clusters, such as k=3")
        }
        guard k <= rowCount else {
            throw LearnerError(.invalidHyperparameter, "k = '\(k)' is more than the \(rowCount) rows: give fewer clusters")
        }
        clusterCount = k
        batchSize = min(rowCount, max(k, integer("mini_batch_size") ?? 5000))
        stepsPerEpoch = (rowCount + batchSize - 1) / batchSize
        plannedSteps = stepsPerEpoch * (integer("epochs") ?? 10)
        iterations = integer("local_lloyd_max_iter") ?? 300
        tolerance = texts["local_lloyd_tol"].flatMap { Double($0) } ?? 0.0001
        seed = request.seed
        var random = RandomSource(seed: seed)
        var order = (0..<rowCount).map { Int32($0) }
        random.shuffle(&order)
        feedingOrder = order
        let (means, inverses) =
            texts["normalize_data"] == "false"
            ? ([Float](repeating: 0, count: width), [Float](repeating: 1, count: width))
            : Standardization.features(data.features, rowCount: rowCount)
        (self.means, self.inverses) = (means, inverses)
        rows = ClusterCentres.standardised(data.features, means: means, inverses: inverses)
        validation = request.validation.map {
            ClusterCentres.standardised($0.features, means: means, inverses: inverses)
        }
        let sample = rows.selecting(rows: order.prefix(batchSize).map { Int($0) })
        let trials = integer("local_lloyd_num_trials") ?? 3
        var best: (centres: [Float], loss: Double) = ([], .infinity)
        for _ in 0..<trials {
            let first = ClusterCentres.first(
                sample, count: k, spreads: texts["init_method"] != "random", random: &random)
            let loss = ClusterCentres.assign(sample, to: first).squares.reduce(0, +)
            if loss < best.loss || best.centres.isEmpty { best = (first, loss) }
        }
        centres = best.centres
        counts = [Float](repeating: 0, count: k)
        var resolved = texts
        resolved["mini_batch_size"] = String(batchSize)
        resolved["local_lloyd_num_trials"] = String(trials)
        self.resolved = resolved
    }

    public func trainStep() -> StepReport {
        guard !isFinished else { return StepReport(loss: .nan, rowCount: 0, gradientNorm: 0, learningRate: 0) }
        let start = step % stepsPerEpoch * batchSize, width = rows.columnCount
        let batch = rows.selecting(rows: feedingOrder[start..<min(start + batchSize, rows.rowCount)].map { Int($0) })
        let found = ClusterCentres.assign(batch, to: centres)
        var sums = [Double](repeating: 0, count: centres.count), added = [Float](repeating: 0, count: clusterCount)
        for (row, cluster) in found.clusters.enumerated() {
            added[cluster] += 1
            for column in 0..<width { sums[cluster * width + column] += Double(batch.elements[row * width + column]) }
        }
        for index in centres.indices where added[index / width] > 0 {
            let new = added[index / width], share = new / (counts[index / width] + new)
            centres[index] += share * (Float(sums[index] / Double(new)) - centres[index])
        }
        for cluster in counts.indices { counts[cluster] += added[cluster] }
        step += 1
        if isFinished { centres = ClusterCentres.lloyd(rows, from: centres, iterations: iterations, tolerance: tolerance) }
        return StepReport(
            loss: found.squares.reduce(0, +) / Double(batch.rowCount), rowCount: batch.rowCount, gradientNorm: 0, learningRate: 0)
    }

    public func evaluate() -> [(name: String, value: Double)] {
        var entries: [(name: String, value: Double)] = []
        for (split, rows) in [("train", Optional(rows)), ("validation", validation)] {
            guard let rows, rows.rowCount > 0 else { continue }
            let sum = ClusterCentres.assign(rows, to: centres).squares.reduce(0, +), mean = sum / Double(rows.rowCount)
            entries += [("\(split):loss", mean), ("\(split):msd", mean), ("\(split):ssd", sum)]
        }
        return entries
    }

    public var model: any LearnedModel { currentModel() }

    /// The model as it is now.
    public func currentModel() -> KMeansModel {
        KMeansModel(
            featureCount: rows.columnCount, clusterCount: clusterCount, centres: centres, featureMeans: means,
            featureInverses: inverses)
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        throw LearnerError(.unsupported, "k-means has nothing to change while it trains: start a new run")
    }

    private static let magic: UInt64 = 0x3130_4e4d_4b53_4544  // "DESKMN01"

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        for value in [rows.rowCount, rows.columnCount, clusterCount, batchSize, step] { writer.write(value) }
        writer.write(seed)
        writer.write(centres)
        writer.write(counts)
        return writer.bytes
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readWord() == Self.magic, reader.readInteger() == rows.rowCount, reader.readInteger() == rows.columnCount,
            reader.readInteger() == clusterCount, reader.readInteger() == batchSize, let savedStep = reader.readInteger(),
            savedStep >= 0, reader.readWord() == seed, let savedCentres = reader.readFloats(),
            savedCentres.count == centres.count, let savedCounts = reader.readFloats(), savedCounts.count == counts.count,
            reader.isAtEnd
        else {
            throw LearnerError(
                .invalidSnapshot, "the checkpoint is damaged, or of other data or settings: resume with the job's own")
        }
        (step, centres, counts) = (savedStep, savedCentres, savedCounts)
    }
}
