import Learners
import Numerics

/// A model between the columns and the learner: what it gives for a row takes the place of the row's features. Learned on the
/// training rows, without their targets.
package struct FeatureStep: Sendable, Codable {
    /// `pca`, whose projections are the new features, or `kmeans`, whose distances to its centres are.
    let algorithm: String
    package let learned: any LearnedModel

    /// What a user asks for, such as `pca=8`.
    struct Request: Hashable {
        var algorithm: String
        var size: Int
    }

    private static let names = ["pca": "projection", "kmeans": "distance"]
    private static let sizes = ["pca": "num_components", "kmeans": "k"]

    /// Reads `pca=8`, or several such with commas between, in the order in which they are done.
    ///
    /// - Throws: `badRequest`.
    static func requests(_ text: String?) throws(TrainingError) -> [Request] {
        guard let text else { return [] }
        var requests: [Request] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: "=").map { String($0.filter { $0 != " " }) }
            guard words.count == 2, names[words[0]] != nil, let size = Int(words[1]), size > 0 else {
                throw TrainingError(
                    .badRequest, "prepare '\(text)' is not valid: give pca=COMPONENTS or kmeans=CENTRES, with commas between",
                    operation: "validate")
            }
            requests.append(Request(algorithm: words[0], size: size))
        }
        return requests
    }

    /// Learns a step.
    ///
    /// - Throws: `badHyperparameter` when the features are too few, `badData`.
    static func fit(_ request: Request, _ data: LabelledMatrix, seed: UInt64) throws(TrainingError) -> FeatureStep {
        do throws(LearnerError) {
            let learner = try Learner.named(request.algorithm)
            let made = try learner.makeTrainer(
                TrainingRequest(
                    hyperparameters: [sizes[request.algorithm] ?? "": String(request.size)],
                    task: learner.tasks.first ?? .decomposition, classCount: 1,
                    training: data, validation: nil, seed: seed))
            while !made.trainer.isFinished { _ = made.trainer.trainStep() }
            if let failure = made.trainer.failure { throw failure }
            return FeatureStep(algorithm: request.algorithm, learned: made.trainer.model)
        } catch {
            let code: TrainingError.Code = error.code == .invalidHyperparameter ? .badHyperparameter : .badData
            throw TrainingError(code, "prepare \(request.algorithm)=\(request.size): \(error.message)", operation: "prepare")
        }
    }

    private init(algorithm: String, learned: any LearnedModel) {
        self.algorithm = algorithm
        self.learned = learned
    }

    /// Features it takes.
    var featureCount: Int { learned.featureCount }

    /// `projection_1`, … or `distance_1`, ….
    package var featureNames: [String] {
        (0..<learned.scoreCount).map { "\(Self.names[algorithm] ?? algorithm)_\($0 + 1)" }
    }

    /// The new features. - Shape: [n, d], returns [n, featureNames.count].
    func transform(_ features: Matrix) throws(TrainingError) -> Matrix {
        do throws(LearnerError) { return try learned.predictScores(features) } catch {
            throw TrainingError(.badData, error.message, operation: "prepare")
        }
    }

    private enum CodingKeys: String, CodingKey { case algorithm, learned }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let algorithm = try container.decode(String.self, forKey: .algorithm)
        guard Self.names[algorithm] != nil, let learner = Learner.all.first(where: { $0.name == algorithm }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .algorithm, in: container, debugDescription: "no step is called '\(algorithm)'")
        }
        self.algorithm = algorithm
        learned = try container.decode(learner.modelType, forKey: .learned)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(algorithm, forKey: .algorithm)
        try container.encode(learned, forKey: .learned)
    }
}
