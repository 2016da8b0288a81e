import Numerics

/// A trained model of any kind: turns rows of features into predictions, and is saved as JSON.
///
/// A supervised model gives scores; probabilities, classes and metrics follow from them here, the same for every learner.
public protocol LearnedModel: Sendable, Codable {
    /// What it predicts.
    var task: LearningTask { get }
    /// Features a row must have.
    var featureCount: Int { get }
    /// Scores a row: 1 for a regressor and for two classes, otherwise one a class.
    var scoreCount: Int { get }
    /// Probability from which a binary classifier says yes; a raw score where there are no probabilities.
    var threshold: Float { get }
    /// Whether scores are log-odds, so that probabilities follow from them: by default for every classifier.
    var givesProbabilities: Bool { get }

    /// Categories of the last features, whose values are codes from 0: by default none are codes.
    var cardinalities: [Int] { get }

    /// Whether NaN stands for a missing feature, rather than being refused: by default it is refused.
    var takesMissing: Bool { get }

    /// A regressor's predictions in the target's own units; a classifier's log-odds.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: `shapeMismatch`, `nonFiniteFeature`.
    func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix

    /// The columns that `predict` adds to the rows: by default `prediction`, and for classifiers `score` or `score_CLASS`.
    ///
    /// - Parameter classes: the classes' names in order; empty for a regressor.
    func outputs(_ features: Matrix, classes: [String]) throws(LearnerError) -> [OutputColumn]

    /// How good the model is on rows with known outcomes: `loss` first, then scikit-learn's metrics for its task.
    ///
    /// - Throws: as `predictScores`; `shapeMismatch` when rows and targets differ in number; `invalidTarget`.
    func metrics(on data: LabelledMatrix) throws(LearnerError) -> [Metrics.Entry]

    /// How good scores are on rows with known outcomes, in the order of `metrics`; not asked of models that predict no target.
    ///
    /// - Parameter threshold: from what probability, or raw score, a binary classifier says yes.
    /// - Shape: scores [n, scoreCount] as `predictScores` gives them.
    func entries(scores: [Float], on data: LabelledMatrix, threshold: Float) -> [Metrics.Entry]

    /// Why `loss` is not `log_loss`, where that needs to be said: by default it is.
    var lossNote: String? { get }

    /// The same model with everything at hand that answers a few rows at once: its numbers are the same to the bit. By default itself.
    func readied() -> Self

    /// Files to be written beside the model, by name, for other programs to read: by default none.
    var attachments: [String: [UInt8]] { get }
}

/// A column of predictions.
public struct OutputColumn: Sendable, Hashable {
    /// The values, one a row.
    public enum Values: Sendable, Hashable {
        case numbers([Float])
        /// Numbers of more digits than single precision has.
        case doubles([Double])
        case labels([String])
    }

    /// `prediction`, `score`, `score_CLASS`, …
    public var name: String
    public var values: Values

    public init(_ name: String, _ values: Values) {
        self.name = name
        self.values = values
    }

    /// One text a row; numbers in the shortest form that reads back as the same number.
    public var texts: [String] {
        switch values {
        case .numbers(let numbers): numbers.map { "\($0)" }
        case .doubles(let numbers): numbers.map { "\($0)" }
        case .labels(let labels): labels
        }
    }
}

extension LearnedModel {
    public var attachments: [String: [UInt8]] { [:] }

    public func readied() -> Self { self }

    public var takesMissing: Bool { false }

    public var cardinalities: [Int] { [] }

    public var givesProbabilities: Bool { task != .regressor && task.needsTarget }

    /// Probabilities of the classes: of the positive one for a binary classifier, of each for a multiclass one.
    ///
    /// - Shape: features [n, featureCount], returns [n, scoreCount].
    /// - Throws: as `predictScores`; `unsupported` for a regressor.
    public func predictProbabilities(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard givesProbabilities else {
            throw LearnerError(.unsupported, "this model has no probabilities: ask for its scores")
        }
        let scores = try predictScores(features)
        return Matrix(
            rowCount: scores.rowCount, columnCount: scores.columnCount,
            elements: Probabilities.from(scores: scores.elements, scoreCount: scoreCount))
    }

    /// Each row's class.
    ///
    /// - Throws: as `predictScores`; `unsupported` for a regressor.
    public func predictClasses(_ features: Matrix) throws(LearnerError) -> [Int] {
        guard task != .regressor else { throw LearnerError(.unsupported, "a regressor has no classes: ask for its scores") }
        return Probabilities.classes(try classScores(features), scoreCount: scoreCount, threshold: threshold)
    }

    /// Probabilities, or raw scores where there are none.
    private func classScores(_ features: Matrix) throws(LearnerError) -> [Float] {
        givesProbabilities ? try predictProbabilities(features).elements : try predictScores(features).elements
    }

    public func outputs(_ features: Matrix, classes: [String]) throws(LearnerError) -> [OutputColumn] {
        guard task != .regressor else { return [OutputColumn("prediction", .numbers(try predictScores(features).elements))] }
        guard classes.count == max(2, scoreCount) else {
            throw LearnerError(
                .shapeMismatch,
                "the model has scores of \(max(2, scoreCount)) classes, there are \(classes.count) names of classes")
        }
        let probabilities = try classScores(features)
        let chosen = Probabilities.classes(probabilities, scoreCount: scoreCount, threshold: threshold)
        let prediction = OutputColumn("prediction", .labels(chosen.map { classes[$0] }))
        if scoreCount == 1 { return [prediction, OutputColumn("score", .numbers(probabilities))] }
        return [prediction]
            + classes.enumerated().map { index, name in
                let own = stride(from: index, to: probabilities.count, by: scoreCount).map { probabilities[$0] }
                return OutputColumn("score_\(name)", .numbers(own))
            }
    }

    public func metrics(on data: LabelledMatrix) throws(LearnerError) -> [Metrics.Entry] {
        try data.check(
            "evaluation", classCount: task == .regressor ? nil : max(2, scoreCount), takesMissing: takesMissing,
            admitsUnseen: true)
        return entries(scores: try predictScores(data.features).elements, on: data, threshold: threshold)
    }

    public func entries(scores: [Float], on data: LabelledMatrix, threshold: Float) -> [Metrics.Entry] {
        Metrics.supervised(
            task: task, scores: scores, expected: data.targets, scoreCount: scoreCount, weights: data.weights,
            scoring: Metrics.Scoring(threshold: threshold, hasDetails: true, targetOrigin: data.targetOrigin))
    }

    /// Which of the rows were taken for each class, those of classes that training did not have among them.
    ///
    /// - Parameter classCount: classes that the rows have, at least those of the model.
    /// - Throws: as `predictScores`; `unsupported` for a regressor.
    public func confusion(on data: LabelledMatrix, classCount: Int) throws(LearnerError) -> ConfusionMatrix {
        ConfusionMatrix(
            expected: data.targets, predicted: try predictClasses(data.features), classCount: classCount, weights: data.weights)
    }

    public var lossNote: String? { nil }
}
