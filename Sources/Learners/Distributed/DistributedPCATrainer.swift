import Hyperparameters
import Numerics

/// Principal components of rows on a cluster: the products of all features, summed up in one pass.
final class DistributedPCATrainer: Trainer {
    let stepsPerEpoch = 1, plannedSteps = 1
    private(set) var step = 0
    var isFinished: Bool { step >= plannedSteps || failure != nil }
    let feedingOrder: [Int32]
    private(set) var failure: LearnerError?
    let resolved: [String: String]

    private let rows: any DistributedRows
    private let sample: LabelledMatrix, validation: LabelledMatrix?
    private let means: [Double], inverses: [Double]
    private let componentCount: Int
    private var components: [Double], squares: [Double]
    private var totalSquares = 0.0

    init(_ request: TrainingRequest, on rows: any DistributedRows) throws(LearnerError) {
        let texts = try Hyperparameter.values(request.hyperparameters, specs: PCALearner.hyperparameters, learner: "pca")
        try LearnerError.refuse(
            request.hyperparameters,
            allowing: [
                "algorithm_mode": ["auto", "regular"], "extra_components": ["auto"], "mini_batch_size": [],
                "preset": ["descent"],
            ], learner: "pca")
        self.rows = rows
        (sample, validation) = (request.training, request.validation)
        let width = sample.features.columnCount, limit = min(rows.rowCount, width)
        let k = texts["num_components"].flatMap { Int($0) } ?? limit
        guard k <= limit else {
            throw LearnerError(
                .invalidHyperparameter,
                "num_components = '\(k)' is more than \(rows.rowCount) rows of \(width) features have: give 1 to \(limit)")
        }
        guard width <= PCALearner.regularFeatureLimit else {
            throw LearnerError(
                .unsupported,
                "pca on a cluster takes up to \(PCALearner.regularFeatureLimit) features, the rows have \(width): leave columns out with --drop"
            )
        }
        let moments = try rows.moments()
        let normalises = texts["normalize_data"] != "false"
        var inverses = zip(moments.means, moments.deviations).map { normalises && $1 > abs($0) * 1e-7 ? 1 / $1 : 1 }
        for column in request.unscaledFeatures.joined() { inverses[column] = 1 }
        self.inverses = inverses
        means = texts["subtract_mean"] != "false" ? moments.means : moments.means.map { _ in 0 }
        componentCount = k
        components = [Double](repeating: 0, count: k * width)
        squares = [Double](repeating: 0, count: k)
        feedingOrder = (0..<Int32(sample.rowCount)).map { $0 }
        resolved = texts.merging(["algorithm_mode": "regular", "num_components": String(k), "epochs": "1"]) { $1 }
    }

    func trainStep() -> StepReport {
        guard !isFinished else { return .nothing }
        do throws(LearnerError) {
            let products = try rows.products(means: means, inverses: inverses), width = means.count
            guard let found = PrincipalBasis(products: products, width: width).components(componentCount) else {
                throw LearnerError(.nonFiniteFeature, "the features are too large to be squared: rescale them")
            }
            (components, squares) = found
            totalSquares = (0..<width).reduce(0) { $0 + products[$1 * width + $1] }
            step += 1
            let lost = max(0, totalSquares - squares.reduce(0, +))
            return StepReport(loss: lost / Double(max(1, rows.rowCount)), rowCount: rows.rowCount)
        } catch {
            if error.code != .interrupted { failure = error }
            return .nothing
        }
    }

    func evaluate() -> [(name: String, value: Double)] {
        do throws(LearnerError) { return try currentModel().metrics(sample: sample, validation: validation) } catch {
            failure = error
            return []
        }
    }

    var model: any LearnedModel { currentModel() }

    private func currentModel() -> PCAModel {
        PCAModel(
            featureCount: means.count, scoreCount: componentCount, featureMeans: means, featureInverses: inverses,
            components: components, singularValues: squares.map { $0.squareRoot() }, totalSquares: totalSquares,
            rowCount: step > 0 ? rows.rowCount : 0)
    }

    func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        throw LearnerError(.unsupported, "pca has nothing to change while it trains: start a new run")
    }

    private static let magic: UInt64 = 0x3130_5053_4944_4544  // "DEDISP01"

    func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(step)
        writer.write(components)
        writer.write(squares)
        writer.write(totalSquares)
        return writer.bytes
    }

    func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readWord() == Self.magic, let savedStep = reader.readInteger(), (0...1).contains(savedStep),
            let savedComponents = reader.readDoubles(), savedComponents.count == components.count,
            let savedSquares = reader.readDoubles(), savedSquares.count == squares.count, let total = reader.readDouble(),
            reader.isAtEnd
        else {
            throw LearnerError(
                .invalidSnapshot, "the checkpoint is damaged, or of other data or settings: resume with the job's own")
        }
        (step, components, squares, totalSquares) = (savedStep, savedComponents, savedSquares, total)
        failure = nil
    }
}
