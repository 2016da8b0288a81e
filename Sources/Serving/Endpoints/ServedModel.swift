/// A model as an endpoint asks it. It is asked by several threads at once.
public protocol ServedModel: AnyObject, Sendable {
    /// - Throws: why it does not answer, with the status by which a model's container would say it.
    func answer(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer

    /// What an answer of its own says, row by row; nil where it shows no rows.
    func rows(of answer: ModelAnswer) -> [AnsweredRow]?

    /// The answer with what each column did to it, as JSON.
    /// - Source: SageMaker developer guide, "Online explainability with SageMaker Clarify", response format.
    /// - Throws: as `answer`, and where the model cannot be explained.
    func explained(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer
}

extension ServedModel {
    public func rows(of answer: ModelAnswer) -> [AnsweredRow]? { nil }

    public func explained(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer {
        throw ModelFault(status: 400, "this model cannot be explained: leave Enable-Explanations out")
    }
}

/// What a model says of one row.
public struct AnsweredRow: Sendable, Hashable {
    /// The class, or the cluster; nil for models that name none.
    public var label: String?
    public var scores: [Double]

    public init(label: String?, scores: [Double]) { (self.label, self.scores) = (label, scores) }

    /// `yes (0.75)`
    public var text: String {
        let numbers = scores.map { "\($0)" }.joined(separator: ", ")
        guard let label else { return numbers }
        return scores.isEmpty ? label : "\(label) (\(numbers))"
    }

    /// The largest difference of the scores of both; nil where they have none in common.
    public func difference(from other: AnsweredRow) -> Double? {
        guard !scores.isEmpty, scores.count == other.scores.count else { return nil }
        // What is no number is as far from every number as can be.
        return zip(scores, other.scores).map { one, another in
            if one == another || (one.isNaN && another.isNaN) { return 0 }
            return one.isNaN || another.isNaN ? .infinity : (one - another).magnitude
        }.max()
    }

    /// Whether both say the same: by the label, or without labels by scores that are equal but for rounding in single precision.
    public func agrees(with other: AnsweredRow) -> Bool {
        if let label, let others = other.label { return label == others }
        return isSame(as: other)
    }

    /// Whether label and scores are the same, but for rounding in single precision.
    public func isSame(as other: AnsweredRow) -> Bool {
        if let label, let others = other.label, label != others { return false }
        guard scores.count == other.scores.count else { return false }
        return zip(scores, other.scores).allSatisfy { one, another in
            one == another || (one.isNaN && another.isNaN)
                || (one - another).magnitude <= Self.rounding * max(1e-6, one.magnitude, another.magnitude)
        }
    }

    /// Some units in the last place of a number of single precision.
    private static let rounding = 1e-5
}

public struct ModelAnswer: Sendable {
    public var body: [UInt8]
    public var contentType: String
    /// A line each.
    public var warnings: [String]

    public init(body: [UInt8], contentType: String, warnings: [String] = []) {
        (self.body, self.contentType, self.warnings) = (body, contentType, warnings)
    }
}

public struct ModelFault: Error, Sendable, Hashable {
    /// 400 and the like where the request is at fault, 500 where the model is.
    public var status: Int
    /// What happened: what to do.
    public var message: String

    public init(status: Int, _ message: String) { (self.status, self.message) = (status, message) }
}
