import Numerics

/// A model that learned from the features and from what other models predict of them: the bases predict first, and the top sees their
/// predictions behind the features.
public struct StackedModel: LearnedModel {
    /// What it is called where others have their learner's name.
    public static let name = "stack"

    /// All of them see all features.
    public let bases: [AveragedModel]
    /// Sees `featureCount` features and then, base by base, a number, the probability of the second of two classes, or one a class.
    public let top: AveragedModel

    public var featureCount: Int { bases[0].featureCount }
    public var task: LearningTask { top.task }
    public var scoreCount: Int { top.scoreCount }
    public var threshold: Float { 0.5 }
    public var takesMissing: Bool { true }

    /// Rows that are predicted at a time.
    private static let block = 16_384

    /// - Parameters:
    ///   - bases: at least one; of one task.
    ///   - top: of the same task, with as many more features as the bases predict numbers.
    public init(_ bases: [AveragedModel], top: AveragedModel) {
        if let fault = Self.fault(bases, top) { preconditionFailure("a stack whose \(fault)") }
        (self.bases, self.top) = (bases, top)
    }

    /// What cannot be true of a stack; nil = all can.
    private static func fault(_ bases: [AveragedModel], _ top: AveragedModel) -> String? {
        guard let first = bases.first else { return "bases are none" }
        for base in bases
        where base.task != top.task || base.scoreCount != top.scoreCount || base.featureCount != first.featureCount {
            return "models predict different things"
        }
        if (bases + [top]).contains(where: { $0.members.contains { $0.algorithm == name } }) {
            return "models are stacks themselves"
        }
        let width = first.featureCount + bases.count * top.scoreCount
        return top.featureCount == width ? nil : "top takes \(top.featureCount) features of \(width)"
    }

    public func readied() -> StackedModel { StackedModel(bases.map { $0.readied() }, top: top.readied()) }

    /// - Throws: `shapeMismatch`; as the models in it.
    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(.shapeMismatch, "the model takes \(featureCount) features, there are \(features.columnCount)")
        }
        var scores: [Float] = []
        scores.reserveCapacity(features.rowCount * scoreCount)
        for start in stride(from: 0, to: features.rowCount, by: Self.block) {
            let end = min(start + Self.block, features.rowCount)
            let rows = Matrix(
                rowCount: end - start, columnCount: featureCount,
                elements: Array(features.elements[start * featureCount..<end * featureCount]))
            var seen = rows
            for base in bases { seen = seen.adding(try base.told(rows)) }
            scores += try top.predictScores(seen).elements
        }
        return Matrix(rowCount: features.rowCount, columnCount: scoreCount, elements: scores)
    }

    private enum CodingKeys: String, CodingKey { case bases, top }

    /// Reads a stack and checks that its parts fit together.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        bases = try container.decode([AveragedModel].self, forKey: .bases)
        top = try container.decode(AveragedModel.self, forKey: .top)
        let fault = Self.fault(bases, top)
        try decoder.check(fault == nil, "the stack's \(fault ?? "")")
    }
}

extension AveragedModel {
    /// What a model above it sees: numbers, or probabilities.
    fileprivate func told(_ rows: Matrix) throws(LearnerError) -> Matrix {
        task == .regressor ? try predictScores(rows) : try predictProbabilities(rows)
    }
}
