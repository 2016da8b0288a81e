import Hyperparameters
import Numerics

/// Finds principal components by one mini-batch after another. What the rows so far say is worked out at steps 1, 2, 4, 8, … of a
/// pass and at its end.
public final class PCATrainer: Trainer {
    public let stepsPerEpoch: Int
    public let plannedSteps: Int
    public private(set) var step = 0
    public var isFinished: Bool { step >= plannedSteps || failure != nil }
    public let feedingOrder: [Int32]
    public private(set) var failure: LearnerError?
    let resolved: [String: String]

    private let componentCount: Int, batchSize: Int
    private let seed: UInt64
    private let rows: PrincipalRows
    private let validation: PrincipalRows?
    private var basis: PrincipalBasis
    /// Summed squares of the rows of this pass so far.
    private var passSquares = 0.0
    private var found: Found

    /// What was worked out last: the components, the summed squares along each, and those of all the rows it comes from.
    private struct Found {
        var components: [Double], squares: [Double]
        var totalSquares = 0.0, rowCount = 0
    }

    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`, `noRows`, `shapeMismatch`, `nonFiniteFeature`, `unsupported`.
    init(_ request: TrainingRequest) throws(LearnerError) {
        let texts = try Hyperparameter.values(
            request.hyperparameters, specs: PCALearner.hyperparameters, learner: "pca")
        let integer = { (name: String) in texts[name].flatMap { Int($0) } }
        let data = request.training, rowCount = data.rowCount, width = data.features.columnCount
        try LabelledMatrix.check(training: data, validation: request.validation, classCount: nil)
        let limit = min(rowCount, width), k = integer("num_components") ?? limit
        guard k <= limit else {
            throw LearnerError(
                .invalidHyperparameter,
                "num_components = '\(k)' is more than \(rowCount) rows of \(width) features have: give 1 to \(limit)")
        }
        let isWide = width > PCALearner.regularFeatureLimit, mode = texts["algorithm_mode"]
        let isRandomized = mode == "randomized" || (mode != "regular" && isWide)
        guard isRandomized || !isWide else {
            throw LearnerError(
                .invalidHyperparameter,
                "algorithm_mode = 'regular' takes up to \(PCALearner.regularFeatureLimit) features, the rows have \(width): give auto or randomized"
            )
        }
        let asked = integer("extra_components") ?? -1
        let extra = asked < 0 ? max(10, k) : asked
        seed = request.seed
        componentCount = k
        batchSize = min(rowCount, integer("mini_batch_size") ?? 1000)
        stepsPerEpoch = (rowCount + batchSize - 1) / batchSize
        plannedSteps = stepsPerEpoch * (isRandomized ? integer("epochs") ?? 5 : 1)
        feedingOrder = (0..<Int32(rowCount)).map { $0 }
        let scale = Self.scale(
            data, subtracts: texts["subtract_mean"] != "false", normalises: texts["normalize_data"] != "false",
            unscaled: request.unscaledFeatures)
        rows = PrincipalRows(data.features, means: scale.means, inverses: scale.inverses, weights: data.weights)
        validation = request.validation.map {
            PrincipalRows($0.features, means: scale.means, inverses: scale.inverses, weights: $0.weights)
        }
        var random = RandomSource(seed: seed)
        basis =
            isRandomized
            ? PrincipalBasis(width: width, order: min(width, k + extra), random: &random) : PrincipalBasis(width: width)
        found = Found(components: [Double](repeating: 0, count: k * width), squares: [Double](repeating: 0, count: k))
        var resolved = texts
        resolved["algorithm_mode"] = isRandomized ? "randomized" : "regular"
        resolved["num_components"] = String(k)
        resolved["mini_batch_size"] = String(batchSize)
        resolved["extra_components"] = String(extra)
        if !isRandomized { resolved["epochs"] = "1" }
        self.resolved = resolved
    }

    /// A constant feature is not scaled.
    private static func scale(
        _ data: LabelledMatrix, subtracts: Bool, normalises: Bool, unscaled: [Range<Int>]
    ) -> (means: [Double], inverses: [Double]) {
        let (means, deviations) = data.features.columnMoments(rowCount: data.rowCount, weights: data.weights)
        var inverses = zip(means, deviations).map { normalises && $1 > abs($0) * 1e-7 ? 1 / $1 : 1 }
        for column in unscaled.joined() { inverses[column] = 1 }
        return (subtracts ? means : means.map { _ in 0 }, inverses)
    }

    public func trainStep() -> StepReport {
        guard !isFinished else { return .nothing }
        let index = step % stepsPerEpoch
        if index == 0, step > 0 {
            var random = RandomSource(seed: seed &+ UInt64(step))
            basis.beginPass(random: &random)
            passSquares = 0
        }
        let start = index * batchSize, range = start..<min(start + batchSize, rows.features.rowCount)
        let batch = rows.block(range)
        basis.add(batch, count: range.count)
        for value in batch { passSquares += value * value }
        step += 1
        let seen = index + 1
        if seen & index == 0 || seen == stepsPerEpoch {
            guard let (components, squares) = basis.components(componentCount) else {
                failure = LearnerError(.nonFiniteFeature, "the features are too large to be squared: rescale them")
                return .nothing
            }
            found = Found(components: components, squares: squares, totalSquares: passSquares, rowCount: range.upperBound)
        }
        var measured = Reconstruction()
        measured.add(
            batch, count: range.count, weight: rows.weight(of: range), components: found.components,
            width: rows.features.columnCount)
        return StepReport(loss: measured.loss, rowCount: range.count)
    }

    public func evaluate() -> [(name: String, value: Double)] {
        var entries: [(name: String, value: Double)] = []
        for (split, rows) in [("train", Optional(rows)), ("validation", validation)] {
            guard let rows, rows.features.rowCount > 0 else { continue }
            var measured = Reconstruction()
            rows.forEachBlock { block, range in
                measured.add(
                    block, count: range.count, weight: rows.weight(of: range), components: found.components,
                    width: rows.features.columnCount)
            }
            entries += measured.entries.map { ("\(split):\($0.name)", $0.value) }
        }
        return entries
    }

    public var model: any LearnedModel { currentModel() }

    /// The model as it is now.
    public func currentModel() -> PCAModel {
        PCAModel(
            featureCount: rows.features.columnCount, scoreCount: componentCount, featureMeans: rows.means,
            featureInverses: rows.inverses, components: found.components,
            singularValues: found.squares.map { $0.squareRoot() }, totalSquares: found.totalSquares, rowCount: found.rowCount)
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        throw LearnerError(.unsupported, "pca has nothing to change while it trains: start a new run")
    }

    private static let magic: UInt64 = 0x3130_4143_5053_4544  // "DESPCA01"

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        for value in identity { writer.write(value) }
        writer.write(seed)
        writer.write(step)
        writer.write(passSquares)
        writer.write(found.components)
        writer.write(found.squares)
        writer.write(found.totalSquares)
        writer.write(found.rowCount)
        basis.write(to: &writer)
        return writer.bytes
    }

    /// What must be the same where a snapshot is made and where it is restored.
    private var identity: [Int] {
        [rows.features.rowCount, rows.features.columnCount, componentCount, batchSize, plannedSteps]
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readWord() == Self.magic, identity.allSatisfy({ reader.readInteger() == $0 }), reader.readWord() == seed,
            let savedStep = reader.readInteger(), (0...plannedSteps).contains(savedStep),
            let savedPass = reader.readDouble(), let components = reader.readDoubles(),
            components.count == found.components.count, let squares = reader.readDoubles(),
            squares.count == found.squares.count, let total = reader.readDouble(), let count = reader.readInteger(),
            let savedBasis = basis.reading(&reader), reader.isAtEnd
        else {
            throw LearnerError(
                .invalidSnapshot, "the checkpoint is damaged, or of other data or settings: resume with the job's own")
        }
        (step, passSquares, basis) = (savedStep, savedPass, savedBasis)
        found = Found(components: components, squares: squares, totalSquares: total, rowCount: count)
        failure = nil
    }
}
