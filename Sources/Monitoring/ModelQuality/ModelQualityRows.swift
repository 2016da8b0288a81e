/// What a model said of rows, and what became of them.
public struct ModelQualityRows: Sendable, Hashable {
    /// What is predicted, as SageMaker's monitors tell it apart.
    public enum Problem: String, Sendable, Hashable, CaseIterable {
        case regression = "regression"
        case binary = "binary_classification"
        case multiclass = "multiclass_classification"
    }

    public var problem: Problem
    /// Of classes: their places among `classes`; of numbers empty.
    public var predictedClasses: [Int] = [], trueClasses: [Int] = []
    /// Of numbers: predictions and what came; of two classes `predicted` is the score of the second, NaN where
    /// there is none.
    public var predicted: [Double] = [], truth: [Double] = []
    public var classes: [String] = []
    /// Of classes: how sure the model was of the one that it said, NaN where it does not say.
    /// - Range: 0 to 1.
    public var confidences: [Double] = []

    public init(problem: Problem, classes: [String] = []) { (self.problem, self.classes) = (problem, classes) }

    /// Whether each answer was right; empty for numbers.
    public var isRight: [Bool] { zip(predictedClasses, trueClasses).map { $0 == $1 } }

    public var count: Int { problem == .regression ? predicted.count : predictedClasses.count }

    /// Some of the rows, a row as often as it is named.
    func selecting(_ rows: [Int]) -> ModelQualityRows {
        var some = self
        func pick<Value>(_ values: [Value]) -> [Value] { values.isEmpty ? [] : rows.map { values[$0] } }
        (some.predictedClasses, some.trueClasses) = (pick(predictedClasses), pick(trueClasses))
        (some.predicted, some.truth) = (pick(predicted), pick(truth))
        some.confidences = pick(confidences)
        return some
    }
}

/// How good a model is, by one of SageMaker's names.
public struct QualityValue: Sendable, Hashable {
    public var name: String
    public var value: Double
    /// Over 5 draws of 80 % of the rows; nil below 200 rows.
    public var deviation: Double?
    /// How much it would be otherwise had other rows of the same kind come.
    public var error: Double?
    /// Whether more is better.
    public var isScore: Bool
}
