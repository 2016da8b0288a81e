import Hyperparameters

/// Learns the mean or the classes' shares, in one step.
public final class ConstantTrainer: Trainer {
    public let stepsPerEpoch = 1, plannedSteps = 1
    public private(set) var step = 0
    public var isFinished: Bool { step >= plannedSteps }
    public let feedingOrder: [Int32]
    private let learned: ConstantModel
    private let training: LabelledMatrix, validation: LabelledMatrix?
    /// A metric that is measured at every evaluation, though others like it are told of finished models only.
    private let detail: String?

    /// - Throws: as `LabelledMatrix.check`.
    init(_ request: TrainingRequest) throws(LearnerError) {
        let classes = request.task == .regressor ? nil : request.classCount
        try LabelledMatrix.check(
            training: request.training, validation: request.validation, classCount: classes, takesMissing: true)
        (training, validation, detail) = (request.training, request.validation, request.detail)
        feedingOrder = (0..<Int32(training.rowCount)).map { $0 }
        learned = ConstantModel(request.task, training, classCount: request.classCount)
    }

    public var model: any LearnedModel { learned }

    public func trainStep() -> StepReport {
        guard !isFinished else { return .nothing }
        step = 1
        return StepReport(loss: entries(training).first?.value ?? .nan, rowCount: training.rowCount)
    }

    public func evaluate() -> [(name: String, value: Double)] {
        entries(training).map { ("train:" + $0.name, $0.value) }
            + (validation.map { entries($0).map { ("validation:" + $0.name, $0.value) } } ?? [])
    }

    private func entries(_ data: LabelledMatrix) -> [Metrics.Entry] {
        let row = learned.scores.map { Float($0) }
        return Metrics.supervised(
            task: learned.task, scores: (0..<data.rowCount).flatMap { _ in row }, expected: data.targets,
            scoreCount: row.count, weights: data.weights, scoring: Metrics.Scoring(detail: detail))
    }

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(training.rowCount)
        writer.write(step)
        return writer.bytes
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readInteger() == training.rowCount, let saved = reader.readInteger(), (0...1).contains(saved), reader.isAtEnd
        else {
            throw LearnerError(
                .invalidSnapshot, "the checkpoint is damaged, or of other data or settings: resume with the job's own")
        }
        step = saved
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        throw LearnerError(.unsupported, "constant has nothing to change while it trains: start a new run")
    }
}

extension Learner {
    /// The mean or the commonest class.
    public static let constant = Learner(
        name: "constant", summary: "predicts the mean, or the classes' shares, for every row: what a model must beat",
        tasks: LearningTask.allCases, hyperparameters: [],
        makeTrainer: { request throws(LearnerError) in
            let texts = try Hyperparameter.values(request.hyperparameters, specs: [], learner: "constant")
            return (try ConstantTrainer(request), texts)
        },
        modelType: ConstantModel.self, family: .trees, impliedTask: { _ in nil }, takesMissing: true)
}
