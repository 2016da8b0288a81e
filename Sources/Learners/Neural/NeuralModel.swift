import CLearnerKernels
import CheckedNumbers
import Numerics

/// A trained network: its layers, their parameters, and how features and target are scaled.
public struct NeuralModel: LearnedModel, Hashable {
    /// What it predicts.
    public let task: LearningTask
    /// Features a row must have.
    public let featureCount: Int
    /// Classes; 1 for a regressor.
    public let classCount: Int
    package let architecture: NetworkArchitecture
    /// All layers' parameters in order, and their running statistics.
    public internal(set) var parameters: [Float], statistics: [Float]
    /// What is subtracted from each feature, and what it is then multiplied by.
    public let featureMeans: [Float], featureInverses: [Float]
    /// A regressor's score times the deviation plus the mean is its prediction; 0 and 1 for classifiers.
    public let targetMean: Double, targetDeviation: Double
    /// Probability from which a binary classifier says yes.
    public var threshold: Float = 0.5

    /// Categories of the last features, whose values are codes from 0.
    public var cardinalities: [Int] {
        if case .embedding(let layer)? = architecture.stages.first { layer.cardinalities } else { [] }
    }

    /// Scores a row: 1, or one a class.
    public var scoreCount: Int { architecture.outputWidth }

    /// Most rows that run through the network together, and most numbers that a layer makes of them.
    static let rowsAtOnce = 256, numbersAtOnce = 1 << 26

    /// Raw scores; a regressor's are its predictions.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(
                .shapeMismatch, "the model takes \(featureCount) features, the rows have \(features.columnCount)")
        }
        if let column = features.firstNonFiniteColumn {
            throw LearnerError(.nonFiniteFeature, "feature \(column) (from 0) holds NaN or an infinite value: fill it in")
        }
        try features.checkCodes("prediction", cardinalities)
        let fitting = Self.numbersAtOnce / max(1, architecture.widest)
        let together = NetworkWorkspace.rowsTogether
        let workspace = NetworkWorkspace(
            architecture,
            rowCapacity: max(1, min(Self.rowsAtOnce, fitting, (features.rowCount + together - 1) / together * together)),
            trains: false)
        workspace.parameters.replace(with: parameters)
        workspace.statistics.replace(with: statistics)
        let scores = features.elements.withUnsafeBufferPointer { elements in
            workspace.scores(rowCount: features.rowCount) { first, count in
                guard let base = elements.baseAddress else { return }
                dk_standardize(
                    base + first * featureCount, featureCount, count, featureCount, featureMeans, featureInverses,
                    workspace.input.base,
                    featureCount)
            }
        }
        return Matrix(rowCount: features.rowCount, columnCount: scoreCount, elements: inUnits(scores))
    }

    /// A regressor's scores in the target's own units; a classifier's as they are.
    private func inUnits(_ scores: [Float]) -> [Float] {
        task == .regressor ? scores.map { Float(Double($0) * targetDeviation + targetMean) } : scores
    }
}

// MARK: Loading

extension NeuralModel {
    private enum CodingKeys: String, CodingKey {
        case task, featureCount, classCount, architecture, parameters, statistics, featureMeans, featureInverses
        case targetMean, targetDeviation, threshold
    }

    /// Reads a model and checks that its parts fit together.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        task = try container.decode(LearningTask.self, forKey: .task)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        classCount = try container.decode(Int.self, forKey: .classCount)
        architecture = try container.decode(NetworkArchitecture.self, forKey: .architecture)
        parameters = try container.decode([Float].self, forKey: .parameters)
        statistics = try container.decode([Float].self, forKey: .statistics)
        featureMeans = try container.decode([Float].self, forKey: .featureMeans)
        featureInverses = try container.decode([Float].self, forKey: .featureInverses)
        targetMean = try container.decode(Double.self, forKey: .targetMean)
        targetDeviation = try container.decode(Double.self, forKey: .targetDeviation)
        threshold = try container.decode(Float.self, forKey: .threshold)
        try decoder.check(task.needsTarget, "a neural network predicts no \(task.rawValue)")
        try decoder.check(task == .regressor || classCount >= 2, "a classifier of \(classCount) classes")
        try decoder.check(architecture.isConsistent, "the network's layers do not fit together")
        let scores = task == .multiclassClassifier ? classCount : 1
        try decoder.check(
            architecture.inputWidth == featureCount && architecture.outputWidth == scores,
            "layers from \(architecture.inputWidth) to \(architecture.outputWidth) numbers for \(featureCount) features and \(scores) scores"
        )
        try decoder.check(
            parameters.count == architecture.parameterCount && statistics.count == architecture.statisticCount,
            "\(parameters.count) parameters and \(statistics.count) statistics for layers of \(architecture.parameterCount) and \(architecture.statisticCount)"
        )
        try decoder.check(
            featureMeans.count == featureCount && featureInverses.count == featureCount,
            "\(featureMeans.count) means and \(featureInverses.count) scales for \(featureCount) features")
    }
}
