import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

/// A model above others: it sees what they predict behind the features.
@Suite struct StackedModelTests {
    private static func linear(_ weights: [Float], bias: Float, _ task: LearningTask = .regressor) throws -> LinearModel {
        let trainer = try Samples.trainer(
            task, ["optimizer": "lbfgs"],
            features: Matrix(rowCount: 4, columnCount: weights.count) { target in
                for place in target.indices { target[place] = place % 2 == 0 ? 1 : -1 }
            }, targets: task == .regressor ? [0, 1, 2, 3] : [0, 1, 0, 1])
        let text = try #require(String(bytes: try JSONEncoder().encode(trainer.currentModel()), encoding: .utf8))
        var json = try JSONDecoder().decode([String: Value].self, from: Data(Array(text.utf8)))
        json["weights"] = .numbers(weights)
        json["biases"] = .numbers([bias])
        json["featureMeans"] = .numbers(weights.map { _ in 0 })
        json["featureInverses"] = .numbers(weights.map { _ in 1 })
        (json["targetMean"], json["targetDeviation"]) = (.number(0), .number(1))
        return try JSONDecoder().decode(LinearModel.self, from: try JSONEncoder().encode(json))
    }

    /// As much of JSON as a model's text has.
    private enum Value: Codable {
        case number(Double), numbers([Float]), other([String: Value]), text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let numbers = try? container.decode([Float].self) {
                self = .numbers(numbers)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .other(try container.decode([String: Value].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .numbers(let numbers): try container.encode(numbers)
            case .text(let text): try container.encode(text)
            case .other(let members): try container.encode(members)
            }
        }
    }

    private static func bag(_ models: [LinearModel], places: [[Int]], width: Int) -> AveragedModel {
        AveragedModel(
            zip(models, places).map {
                .init(algorithm: "linear-learner", model: $0, places: $1, weight: 1 / Double(models.count))
            }, featureCount: width)
    }

    /// Two bases of three features: the mean of 2a + 1 and b, and c; the top is a + 4 first - second + 0.5.
    private static func stack() throws -> StackedModel {
        let first = bag([try linear([2], bias: 1), try linear([1], bias: 0)], places: [[0], [1]], width: 3)
        let second = bag([try linear([1], bias: 0)], places: [[2]], width: 3)
        return StackedModel([first, second], top: bag([try linear([1, 4, -1], bias: 0.5)], places: [[0, 3, 4]], width: 5))
    }

    @Test func `the top sees the bases' predictions behind the features, exactly`() throws {
        let rows = Matrix(rows: [[1, 2, 3], [0.5, -1, 0.25], [-4, 8, 2]])
        // By hand: a + 4 · ((2a + 1 + b) / 2) - c + 0.5.
        let expected: [Float] = [8.5, 2.75, -3.5]
        let model = try Self.stack()
        #expect(try model.predictScores(rows).elements == expected)
        #expect(try model.readied().predictScores(rows).elements == expected)
        for row in 0..<3 { #expect(try model.predictScores(rows.selecting(rows: [row])).elements == [expected[row]]) }
        let read = try JSONDecoder().decode(StackedModel.self, from: try JSONEncoder().encode(model))
        #expect(try read.predictScores(rows).elements == expected)
        #expect(throws: LearnerError.self) { try model.predictScores(Matrix(rows: [[1, 2]])) }
    }

    @Test func `a stack whose parts do not fit is refused`() throws {
        let text = try #require(String(bytes: try JSONEncoder().encode(try Self.stack()), encoding: .utf8))
        // The top takes one feature more, or a base one fewer, than there are.
        for (from, to) in [("\"featureCount\":5", "\"featureCount\":6"), ("\"linear-learner\"", "\"stack\"")] {
            let damaged = text.replacing(from, with: to)
            #expect(damaged != text, "\(from)")
            #expect(throws: (any Error).self) {
                try JSONDecoder().decode(StackedModel.self, from: Data(Array(damaged.utf8)))
            }
        }
    }
}
