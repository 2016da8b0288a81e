import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Learners

/// K nearest neighbours, whatever blocks of rows they are found in.
@Suite struct NeighboursTests {
    private static func trainer(
        _ settings: [String: String], _ task: LearningTask = .regressor, weights: [Float]? = nil, seed: UInt64 = 1
    ) throws(LearnerError) -> NeighboursTrainer {
        let data = LabelledMatrix(features: Samples.features, targets: Samples.targets(task), weights: weights)
        return try NeighboursTrainer(
            TrainingRequest(
                hyperparameters: settings, task: task, classCount: Samples.classCount(task), training: data, validation: data,
                seed: seed))
    }

    private static func model(
        _ settings: [String: String], _ task: LearningTask = .regressor, weights: [Float]? = nil, seed: UInt64 = 1
    ) throws -> NeighboursModel {
        let trainer = try trainer(settings, task, weights: weights, seed: seed)
        trainer.finish()
        return try #require(trainer.model as? NeighboursModel)
    }

    private static func random(_ rows: Int, _ columns: Int, seed: UInt64, shift: Double = 0) -> Matrix {
        var random = RandomSource(seed: seed)
        return Matrix(rowCount: rows, columnCount: columns) { target in
            for place in target.indices { target[place] = Float(random.normal() + shift) }
        }
    }

    private static func ofLengthOne(_ rows: Matrix) -> Matrix {
        Matrix(
            rows: (0..<rows.rowCount).map { row in
                let length = rows.row(row).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                return rows.row(row).map { Float(Double($0) / length) }
            })
    }

    /// Far from the origin products of single precision say little of distances.
    @Test(arguments: [NeighbourMetric.euclidean, .cosine], [0.0, 3_000])
    func `neighbours are those that measuring every row finds, over all blocks`(metric: NeighbourMetric, shift: Double) {
        // Angles are measured between rows of length 1.
        let scaled = { (rows: Matrix) in metric == .cosine ? Self.ofLengthOne(rows) : rows }
        let rows = scaled(Self.random(5_000, 3, seed: 3, shift: shift)),
            queries = scaled(Self.random(70, 3, seed: 4, shift: shift))
        var asked = 0
        NearestNeighbours(rows, metric, count: 9).find(queries) { query, found in
            let own = Array(queries.row(query))
            let all = (0..<rows.rowCount).map { row in
                (metric.order(own, Array(rows.row(row)), width: 3), row)
            }.sorted { $0 < $1 }.prefix(9)
            #expect(found.map(\.row) == all.map(\.1))
            #expect(found.map(\.distance) == all.map { metric.distance(ofOrder: $0.0) })
            asked += 1
        }
        #expect(asked == 70)
    }

    @Test func `of rows that are equally far the first are taken`() {
        let rows = Matrix(rowCount: 3_000, columnCount: 2, elements: (0..<6_000).map { _ in 1.5 })
        NearestNeighbours(rows, .euclidean, count: 4).find(Matrix(rows: [[0, 1]])) { _, found in
            #expect(found.map(\.row) == [0, 1, 2, 3])
        }
    }

    @Test(arguments: LearningTask.allCases)
    func `a row is answered with the same bits alone as among others`(task: LearningTask) throws {
        for settings in [["k": "7"], ["weighting": "distance"], ["index_metric": "COSINE", "weighting": "distance"]] {
            let model = try Self.model(settings, task), all = try model.predictScores(Samples.features)
            for row in stride(from: 0, to: 200, by: 23) {
                let alone = try model.predictScores(Samples.features.selecting(rows: [row]))
                #expect(alone.elements == Array(all.row(row)))
            }
        }
    }

    @Test func `neighbours at no distance count alone where distances count`() throws {
        let model = try Self.model(["k": "5", "weighting": "distance"])
        #expect(try model.predictScores(Samples.features).elements == Samples.numbers)
        let even = try Self.model(["k": "5"])
        #expect(try even.predictScores(Samples.features).elements != Samples.numbers)
    }

    @Test func `a row of twice the weight counts twice, and one of none is not there`() throws {
        var weights = [Float](repeating: 1, count: 200)
        (weights[3], weights[4]) = (0, 2)
        let model = try Self.model(["k": "199"], weights: weights)
        #expect(model.targets.count == 199)
        let sum = Samples.numbers.indices.reduce(0.0) { $0 + Double(weights[$1]) * Double(Samples.numbers[$1]) }
        let found = try model.predictScores(Samples.features.selecting(rows: [3])).elements[0]
        #expect(abs(Double(found) - sum / 200) < 1e-5)
    }

    @Test func `k and the rows that are kept follow from the data, and what cannot be is refused`() throws {
        #expect(try Self.trainer([:]).resolved["k"] == "10")
        let few = try Self.trainer(["sample_size": "20"]), kept = try #require(few.model as? NeighboursModel)
        #expect(few.resolved["sample_size"] == "20" && few.resolved["k"] == "10" && kept.targets.count == 20)
        #expect(try Self.model(["sample_size": "20"], seed: 2) != kept)
        #expect(try Self.model(["sample_size": "20"]) == kept)
        let fault = #expect(throws: LearnerError.self) { try Self.trainer(["k": "201"]) }
        #expect(fault?.message == "k = '201' is more than the 200 rows that are kept: ask fewer neighbours")
    }

    @Test func `models whose parts do not fit are refused`() throws {
        let bytes = try JSONEncoder().encode(try Self.model(["k": "3"], .multiclassClassifier))
        let text = try #require(String(bytes: bytes, encoding: .utf8))
        for (from, to) in [
            ("\"count\":3", "\"count\":0"), ("\"count\":3", "\"count\":201"), ("\"classCount\":3", "\"classCount\":2"),
            ("\"featureCount\":5", "\"featureCount\":4"), ("\"metric\":\"L2\"", "\"metric\":\"L3\""),
        ] {
            let damaged = text.replacing(from, with: to)
            #expect(damaged != text, "\(from)")
            #expect(throws: (any Error).self) {
                try JSONDecoder().decode(NeighboursModel.self, from: Array(damaged.utf8).withUnsafeBytes { Data($0) })
            }
        }
    }
}
