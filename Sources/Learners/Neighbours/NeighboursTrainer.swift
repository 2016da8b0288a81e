import Hyperparameters
import Numerics

/// Keeps rows with their outcomes, in one step: there is nothing else to learn.
public final class NeighboursTrainer: Trainer {
    public let stepsPerEpoch = 1, plannedSteps = 1
    public private(set) var step = 0
    public var isFinished: Bool { step >= plannedSteps }
    public let feedingOrder: [Int32]
    public private(set) var failure: LearnerError?
    let resolved: [String: String]
    private let learned: NeighboursModel
    private let training: LabelledMatrix, validation: LabelledMatrix?
    private let seed: UInt64
    /// A metric that is measured at every evaluation, though others like it are told of finished models only.
    private let detail: String?

    /// Training rows that are measured; of more, so many evenly spread.
    private static let measuredRows = 10_000

    /// - Throws: `unknownHyperparameter`, `invalidHyperparameter`; as `LabelledMatrix.check`.
    init(_ request: TrainingRequest) throws(LearnerError) {
        let classes = request.task == .regressor ? nil : request.classCount
        try LabelledMatrix.check(training: request.training, validation: request.validation, classCount: classes)
        let all = request.training
        let counted = (0..<all.rowCount).filter { WeightedRows.weight($0, all.weights) > 0 }
        guard !counted.isEmpty else { throw LearnerError(.noRows, "nothing to learn from: every row has a weight of 0") }
        let configuration = try NeighboursConfiguration(
            request.hyperparameters, rowCount: counted.count, featureCount: all.features.columnCount)
        var kept = counted
        if configuration.sampleSize < counted.count {
            var random = RandomSource(seed: request.seed)
            random.shuffle(&kept)
            kept = kept.prefix(configuration.sampleSize).sorted()
        }
        learned = NeighboursModel(
            configuration, request.task, classCount: request.classCount, all.selecting(rows: kept),
            unscaled: request.unscaledFeatures)
        resolved = configuration.resolved
        training = all.thinned(to: Self.measuredRows)
        (validation, detail, seed) = (request.validation, request.detail, request.seed)
        feedingOrder = (0..<Int32(all.rowCount)).map { $0 }
    }

    public var model: any LearnedModel { learned }

    public func trainStep() -> StepReport {
        guard !isFinished else { return .nothing }
        step = 1
        return StepReport(loss: entries(training).first?.value ?? .nan, rowCount: feedingOrder.count)
    }

    /// Training rows are among their own neighbours.
    public func evaluate() -> [(name: String, value: Double)] {
        entries(training).map { ("train:" + $0.name, $0.value) }
            + (validation.map { entries($0).map { ("validation:" + $0.name, $0.value) } } ?? [])
    }

    private func entries(_ data: LabelledMatrix) -> [Metrics.Entry] {
        let scores: Matrix
        do throws(LearnerError) { scores = try learned.predictScores(data.features) } catch {
            failure = error
            return []
        }
        return Metrics.supervised(
            task: learned.task, scores: scores.elements, expected: data.targets, scoreCount: learned.scoreCount,
            weights: data.weights, scoring: Metrics.Scoring(detail: detail))
    }

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        for value in identity + [step] { writer.write(value) }
        writer.write(seed)
        return writer.bytes
    }

    /// What must be the same where a snapshot is made and where it is restored.
    private var identity: [Int] { [feedingOrder.count, learned.featureCount, learned.count, learned.targets.count] }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard identity.allSatisfy({ reader.readInteger() == $0 }), let saved = reader.readInteger(), (0...1).contains(saved),
            reader.readWord() == seed, reader.isAtEnd
        else {
            throw LearnerError(
                .invalidSnapshot, "the checkpoint is damaged, or of other data or settings: resume with the job's own")
        }
        step = saved
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        throw LearnerError(.unsupported, "knn has nothing to change while it trains: start a new run")
    }
}
