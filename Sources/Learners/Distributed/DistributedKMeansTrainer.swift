import Numerics

/// K-means over rows on a cluster: centres that a sample suggests, moved in Lloyd's passes over all rows until they rest.
///
/// On one machine mini-batches come first, as SageMaker has them; here the sample does what they do, in this process.
final class DistributedKMeansTrainer: Trainer {
    let stepsPerEpoch = 1
    var plannedSteps: Int { isAtRest ? step : configuration.local.iterations }
    private(set) var step = 0
    var isFinished: Bool { step >= plannedSteps || failure != nil }
    let feedingOrder: [Int32]
    private(set) var failure: LearnerError?
    var resolved: [String: String] { configuration.resolved }

    private let rows: any DistributedRows
    private let configuration: KMeansConfiguration
    private let sample: LabelledMatrix, validation: LabelledMatrix?
    private let means: [Float], inverses: [Float]
    /// - Shape: [k, features], in standardised units.
    private var centres: [Double]
    private var lossBefore = Double.infinity
    private var isAtRest = false

    init(_ request: TrainingRequest, on rows: any DistributedRows) throws(LearnerError) {
        try LearnerError.refuse(request.hyperparameters, allowing: ["preset": ["descent"]], learner: "kmeans")
        self.rows = rows
        (sample, validation) = (request.training, request.validation)
        let local = try KMeansTrainer(request)
        configuration = try KMeansConfiguration(request.hyperparameters, rowCount: request.training.rowCount)
        feedingOrder = local.feedingOrder
        let moments = try rows.moments()
        let scale = Standardization.features(
            means: moments.means, deviations: moments.deviations, unscaled: request.unscaledFeatures)
        let inverses = configuration.normalises ? scale.inverses : scale.inverses.map { _ in 1 }
        (means, self.inverses) = (scale.means, inverses)
        while !local.isFinished { _ = local.trainStep() }
        let first = local.currentModel()
        let width = scale.means.count
        // What the sample's scale made of them is brought to that of all rows.
        centres = first.centres.indices.map { place in
            let column = place % width
            let value =
                Double(first.centres[place]) / Double(first.featureInverses[column]) + Double(first.featureMeans[column])
            return (value - Double(scale.means[column])) * Double(inverses[column])
        }
    }

    func trainStep() -> StepReport {
        guard !isFinished else { return .nothing }
        let width = means.count
        do throws(LearnerError) {
            let sums = try rows.clusterSums(
                centres: centres, means: means.map(Double.init), inverses: inverses.map(Double.init))
            for place in centres.indices where sums.counts[place / width] > 0 {
                centres[place] = sums.totals[place] / sums.counts[place / width]
            }
            isAtRest = lossBefore.isFinite && lossBefore - sums.loss <= configuration.local.tolerance * lossBefore
            lossBefore = sums.loss
            step += 1
            return StepReport(loss: sums.loss / Double(max(1, rows.rowCount)), rowCount: rows.rowCount)
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

    private func currentModel() -> KMeansModel {
        KMeansModel(
            featureCount: means.count, clusterCount: configuration.local.count, centres: centres.map { Float($0) },
            featureMeans: means, featureInverses: inverses, metrics: configuration.metrics)
    }

    func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        throw LearnerError(.unsupported, "k-means has nothing to change while it trains: start a new run")
    }

    private static let magic: UInt64 = 0x3130_4b53_4944_4544  // "DEDISK01"

    func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(step)
        writer.write(centres)
        writer.write(lossBefore)
        writer.write(isAtRest ? 1 : 0)
        return writer.bytes
    }

    func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readWord() == Self.magic, let savedStep = reader.readInteger(), ByteReader.steps.contains(savedStep),
            let saved = reader.readDoubles(), saved.count == centres.count, let before = reader.readDouble(),
            let atRest = reader.readInteger(), reader.isAtEnd
        else {
            throw LearnerError(
                .invalidSnapshot, "the checkpoint is damaged, or of other data or settings: resume with the job's own")
        }
        (step, centres, lossBefore, isAtRest) = (savedStep, saved, before, atRest != 0)
        failure = nil
    }
}
