import CheckedNumbers
import Glibc
import Numerics

/// Several models of one target whose predictions are averaged: numbers as they are, classes by their probabilities.
///
/// Each sees its own of the features, so that models of different learners, and models that learned their encodings on different rows,
/// become one.
public struct AveragedModel: LearnedModel {
    /// What it is called where others have their learner's name.
    public static let name = "ensemble"

    /// One of the models.
    public struct Member: Sendable {
        /// The learner's name.
        public var algorithm: String
        public var model: any LearnedModel
        /// The features that it sees, by their places among all.
        public var places: [Int]
        /// Its share.
        public var weight: Double
        /// What is added to a regressor's numbers to have them in the unit of the average.
        public var shift: Double

        public init(algorithm: String, model: any LearnedModel, places: [Int], weight: Double, shift: Double = 0) {
            (self.algorithm, self.model, self.places) = (algorithm, model, places)
            (self.weight, self.shift) = (weight, shift)
        }
    }

    public let members: [Member]
    public let featureCount: Int
    public var task: LearningTask { members[0].model.task }
    public var scoreCount: Int { members[0].model.scoreCount }
    public var threshold: Float { 0.5 }
    public var takesMissing: Bool { true }

    /// Rows that are predicted at a time.
    private static let block = 16_384
    /// Probabilities that stand for certainty: the logarithms of others are no numbers.
    private static let certainty = 1e-12

    /// - Parameter members: at least one; of one task, and with shares that add up to 1.
    public init(_ members: [Member], featureCount: Int) {
        precondition(!members.isEmpty, "an average of no models")
        if let fault = Self.fault(members, featureCount: featureCount) { preconditionFailure("an average whose \(fault)") }
        (self.members, self.featureCount) = (members, featureCount)
    }

    /// What cannot be true of an average; nil = all can.
    private static func fault(_ members: [Member], featureCount: Int) -> String? {
        guard let first = members.first?.model else { return "models are none" }
        for member in members {
            if member.model.task != first.task || member.model.scoreCount != first.scoreCount {
                return "models predict different things"
            }
            if first.task != .regressor, !member.model.givesProbabilities { return "\(member.algorithm) has no probabilities" }
            if member.places.count != member.model.featureCount || !member.places.allSatisfy((0..<featureCount).contains) {
                return "\(member.algorithm) sees features that are not there"
            }
            if !(0...1).contains(member.weight) || !member.shift.isFinite { return "\(member.algorithm) has no sound share" }
        }
        let total = members.reduce(0) { $0 + $1.weight }
        return abs(total - 1) < 1e-6 && first.task.needsTarget ? nil : "shares add up to \(total)"
    }

    public func readied() -> AveragedModel {
        AveragedModel(
            members.map { member in
                var member = member
                member.model = member.model.readied()
                return member
            }, featureCount: featureCount)
    }

    public func predictScores(_ features: Matrix) throws(LearnerError) -> Matrix {
        guard features.columnCount == featureCount else {
            throw LearnerError(.shapeMismatch, "the model takes \(featureCount) features, there are \(features.columnCount)")
        }
        var scores: [Float] = []
        scores.reserveCapacity(features.rowCount * scoreCount)
        for start in stride(from: 0, to: features.rowCount, by: Self.block) {
            scores += try self.scores(features, start..<min(start + Self.block, features.rowCount))
        }
        return Matrix(rowCount: features.rowCount, columnCount: scoreCount, elements: scores)
    }

    private func scores(_ features: Matrix, _ rows: Range<Int>) throws(LearnerError) -> [Float] {
        var sums = [Double](repeating: 0, count: rows.count * scoreCount)
        // Members of one fold see the same features, which are gathered once.
        var seen: [[Int]: Matrix] = [:]
        for member in members where member.weight > 0 {
            let own = seen[member.places] ?? Self.gather(features, rows, member.places)
            seen[member.places] = own
            let values = task == .regressor ? try member.model.predictScores(own) : try member.model.predictProbabilities(own)
            for (place, value) in values.elements.enumerated() { sums[place] += member.weight * (Double(value) + member.shift) }
        }
        switch task {
        case .regressor: return sums.map(Float.init)
        case .binaryClassifier:
            return sums.map { share in
                let p = share.isNaN ? .nan : max(Self.certainty, min(1 - Self.certainty, share))
                return Float(log(p) - log1p(-p))
            }
        default: return sums.map { Float(log($0.isNaN ? .nan : max(Self.certainty, $0))) }
        }
    }

    private static func gather(_ features: Matrix, _ rows: Range<Int>, _ places: [Int]) -> Matrix {
        Matrix(rowCount: rows.count, columnCount: places.count) { target in
            features.elements.withUnsafeBufferPointer { source in
                var next = 0
                for row in rows {
                    let start = row * features.columnCount
                    for place in places {
                        target[next] = source[start + place]
                        next += 1
                    }
                }
            }
        }
    }
}

extension AveragedModel: Codable {
    private enum CodingKeys: String, CodingKey { case featureCount, members }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        featureCount = try container.decode(Int.self, forKey: .featureCount)
        members = try container.decode([Member].self, forKey: .members)
        let fault = Self.fault(members, featureCount: featureCount)
        try decoder.check(fault == nil, "the average's \(fault ?? "")")
    }
}

extension AveragedModel.Member: Codable {
    private enum CodingKeys: String, CodingKey { case algorithm, model, places, weight, shift }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let algorithm = try container.decode(String.self, forKey: .algorithm)
        let kind = algorithm == StackedModel.name ? StackedModel.self : Learner.all.first { $0.name == algorithm }?.modelType
        guard let kind else {
            throw DecodingError.dataCorruptedError(
                forKey: .algorithm, in: container, debugDescription: "no algorithm is called '\(algorithm)'")
        }
        self.init(
            algorithm: algorithm, model: try container.decode(kind, forKey: .model),
            places: try container.decode([Int].self, forKey: .places), weight: try container.decode(Double.self, forKey: .weight),
            shift: try container.decode(Double.self, forKey: .shift))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(algorithm, forKey: .algorithm)
        try container.encode(places, forKey: .places)
        try container.encode(weight, forKey: .weight)
        try container.encode(shift, forKey: .shift)
        try container.encode(model, forKey: .model)
    }
}
