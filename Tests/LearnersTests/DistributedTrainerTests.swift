import Glibc
import Numerics
import Testing

@testable import Learners

/// Trainers whose rows lie elsewhere, beside those of one machine: where the optimum is unique they find the same.
@Suite struct DistributedTrainerTests {
    private static let rowCount = 900, width = 4

    /// Rows of three features and an indicator, and a target that follows them.
    private static func rows(_ target: (_ row: [Float], _ noise: Double) -> Float) -> LabelledMatrix {
        var random = RandomSource(seed: 7)
        var elements: [Float] = [], targets: [Float] = []
        for _ in 0..<rowCount {
            let row = [
                Float(random.normal() * 3 + 10), Float(random.normal() * 0.2), Float(random.uniform() * 100),
                random.uniform() < 0.3 ? Float(1) : 0,
            ]
            elements += row
            targets.append(target(row, random.normal()))
        }
        return LabelledMatrix(
            features: Matrix(rowCount: rowCount, columnCount: width, elements: elements), targets: targets)
    }

    private static func request(
        _ data: LabelledMatrix, _ task: LearningTask, classes: Int = 1, _ settings: [String: String],
        distributed: (any DistributedRows)? = nil
    ) -> TrainingRequest {
        TrainingRequest(
            hyperparameters: settings, task: task, classCount: classes, training: data, validation: nil, seed: 1,
            unscaledFeatures: [3..<4], distributed: distributed)
    }

    private static func train(_ learner: Learner, _ request: TrainingRequest) throws -> any Trainer {
        let trainer = try learner.makeTrainer(request).trainer
        while !trainer.isFinished {
            _ = trainer.trainStep()
            if let failure = trainer.failure { throw failure }
        }
        return trainer
    }

    private static func largest(_ some: [Double], _ others: [Double]) -> Double {
        let size = some.map(abs).max() ?? 1
        return zip(some, others).map { abs($0 - $1) }.max().map { $0 / max(size, 1e-30) } ?? 0
    }

    @Test(arguments: [
        (LearningTask.regressor, "auto", 1), (.regressor, "huber_loss", 1), (.binaryClassifier, "auto", 2),
        (.multiclassClassifier, "auto", 3),
    ])
    func `a linear model of sums over all rows is that of one machine`(
        _ task: LearningTask, _ loss: String, _ classes: Int
    ) throws {
        let data = Self.rows { row, noise in
            let score = Double(row[0]) * 2 - Double(row[1]) * 30 + Double(row[2]) * 0.1 + Double(row[3]) * 4
            switch task {
            case .binaryClassifier: return score + noise * 6 > 26 ? 1 : 0
            case .multiclassClassifier: return score + noise * 6 > 32 ? 2 : score + noise * 6 > 20 ? 1 : 0
            default: return Float(score + noise)
            }
        }
        let settings = ["wd": "0.01", "loss": loss, "huber_delta": "3"]
        let own = try Self.train(
            .linear, Self.request(data, task, classes: classes, settings.merging(["optimizer": "lbfgs"]) { $1 }))
        let elsewhere = MemoryRows(data, classCount: task == .regressor ? 0 : classes)
        let other = try Self.train(
            .linear, Self.request(Self.few(data), task, classes: classes, settings, distributed: elsewhere))
        let one = try #require(own.model as? LinearModel), two = try #require(other.model as? LinearModel)
        // Single precision is what one machine sums in, and what both keep.
        let limit = loss == "huber_loss" || task == .multiclassClassifier ? 2e-4 : 3e-6
        #expect(Self.largest(one.coefficients.coefficients, two.coefficients.coefficients) < limit)
        // What an intercept adds is small beside what it is the rest of.
        let apart = zip(one.coefficients.intercepts, two.coefficients.intercepts).map { abs($0 - $1) }.max() ?? 1
        #expect(apart < limit * 60)
        #expect(Self.largest(one.featureMeans.map(Double.init), two.featureMeans.map(Double.init)) < 1e-6)
    }

    /// A sample of the rows, which nothing that is learned may come from.
    private static func few(_ data: LabelledMatrix) -> LabelledMatrix {
        let count = data.rowCount / 3
        return LabelledMatrix(
            features: Matrix(
                rowCount: count, columnCount: width, elements: Array(data.features.elements[..<(count * width)])),
            targets: Array(data.targets[..<count]))
    }

    @Test func `principal components of summed products are those of one machine`() throws {
        let data = Self.rows { _, _ in 0 }
        let one = try #require(
            try Self.train(.pca, Self.request(data, .decomposition, ["num_components": "3"])).model as? PCAModel)
        let rows = MemoryRows(data, classCount: 0)
        let two = try #require(
            try Self.train(.pca, Self.request(Self.few(data), .decomposition, ["num_components": "3"], distributed: rows))
                .model as? PCAModel)
        #expect(Self.largest(one.components, two.components) < 1e-9)
        #expect(Self.largest(one.singularValues, two.singularValues) < 1e-9)
        #expect(Self.largest(one.explainedVarianceRatios, two.explainedVarianceRatios) < 1e-9)
    }

    @Test func `centres of groups that lie apart are those of one machine`() throws {
        var random = RandomSource(seed: 3)
        var elements: [Float] = []
        for row in 0..<Self.rowCount {
            let group = row % 3
            for column in 0..<Self.width { elements.append(Float(Double(group * (column + 1)) * 10 + random.normal())) }
        }
        let data = LabelledMatrix(
            features: Matrix(rowCount: Self.rowCount, columnCount: Self.width, elements: elements),
            targets: [Float](repeating: 0, count: Self.rowCount))
        let settings = ["k": "3", "local_lloyd_tol": "0"]
        let one = try #require(try Self.train(.kmeans, Self.request(data, .clustering, settings)).model as? KMeansModel)
        let two = try #require(
            try Self.train(
                .kmeans, Self.request(Self.few(data), .clustering, settings, distributed: MemoryRows(data, classCount: 0))
            ).model as? KMeansModel)
        func sorted(_ model: KMeansModel) -> [Double] {
            (0..<3).map { model.centres[$0 * Self.width..<($0 + 1) * Self.width].map(Double.init) }
                .sorted { $0[0] < $1[0] }.flatMap { $0 }
        }
        #expect(Self.largest(sorted(one), sorted(two)) < 1e-6)
    }

    @Test func `a step that is interrupted is as if it had not begun, and a cluster that is gone ends the run`() throws {
        let data = Self.rows { row, noise in Double(row[0]) + noise * 3 > 10 ? 1 : 0 }
        let rows = MemoryRows(data, classCount: 2)
        let trainer = try Learner.linear.makeTrainer(
            Self.request(Self.few(data), .binaryClassifier, classes: 2, ["wd": "0.01"], distributed: rows)
        ).trainer
        rows.fault = .interrupted
        #expect(trainer.trainStep().rowCount == 0)
        #expect(trainer.failure == nil && trainer.step == 0 && !trainer.isFinished)
        rows.fault = nil
        #expect(trainer.trainStep().rowCount == Self.rowCount)
        #expect(trainer.step == 1 && !trainer.isFinished)
        rows.fault = LearnerError(.clusterFailed, "the cluster is gone")
        #expect(trainer.trainStep().rowCount == 0)
        #expect(trainer.failure?.message == "the cluster is gone" && trainer.isFinished)
    }

    @Test func `what was saved goes on elsewhere to the same model`() throws {
        let data = Self.rows { row, noise in Double(row[0]) + noise * 3 > 10 ? 1 : 0 }
        let rows = MemoryRows(data, classCount: 2)
        func make() throws -> any Trainer {
            try Learner.linear.makeTrainer(
                Self.request(Self.few(data), .binaryClassifier, classes: 2, ["wd": "0.01"], distributed: rows)
            ).trainer
        }
        let whole = try make()
        while !whole.isFinished { _ = whole.trainStep() }
        let first = try make()
        _ = first.trainStep()
        let second = try make()
        try second.restore(first.snapshot())
        while !second.isFinished { _ = second.trainStep() }
        let one = try #require(whole.model as? LinearModel), two = try #require(second.model as? LinearModel)
        #expect(Self.largest(one.weights.map(Double.init), two.weights.map(Double.init)) < 1e-6)
    }

    @Test(arguments: [
        (
            "linear-learner", ["learning_rate": "0.1"],
            "learning_rate = '0.1' is not to be had of linear-learner on a cluster: give auto"
        ),
        (
            "linear-learner", ["optimizer": "adam"],
            "optimizer = 'adam' is not to be had of linear-learner on a cluster: give auto or lbfgs"
        ),
        ("xgboost", ["booster": "gblinear"], "booster = 'gblinear' is not to be had of xgboost on a cluster: give gbtree"),
        (
            "xgboost", ["tree_method": "exact", "booster": "dart"],
            "booster = 'dart' is not to be had of xgboost on a cluster (nor tree_method): give gbtree"
        ),
        (
            "pca", ["algorithm_mode": "randomized"],
            "algorithm_mode = 'randomized' is not to be had of pca on a cluster: give auto or regular"
        ),
    ])
    func `settings that mean nothing on a cluster are refused by name`(
        _ name: String, _ settings: [String: String], _ message: String
    ) throws {
        let data = Self.rows { row, _ in row[0] }
        let learner = try Learner.named(name)
        let task: LearningTask = name == "pca" ? .decomposition : .regressor
        let error = #expect(throws: LearnerError.self) {
            _ = try learner.makeTrainer(Self.request(data, task, settings, distributed: MemoryRows(data, classCount: 0)))
        }
        #expect(error?.message == message)
    }
}

/// Rows in this process, summed up as a cluster would.
private final class MemoryRows: DistributedRows {
    let rowCount: Int
    var fault: LearnerError?
    private let data: LabelledMatrix, classCount: Int

    init(_ data: LabelledMatrix, classCount: Int) {
        (self.data, self.classCount) = (data, classCount)
        rowCount = data.rowCount
    }

    private var width: Int { data.features.columnCount }
    private func value(_ row: Int, _ column: Int) -> Double { Double(data.features.elements[row * width + column]) }
    private func check() throws(LearnerError) { if let fault { throw fault } }

    private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
    }

    func moments() throws(LearnerError) -> RowMoments {
        let columns = (0..<width).map { column in Self.moments((0..<rowCount).map { value($0, column) }) }
        let target = Self.moments(data.targets.map(Double.init))
        return RowMoments(
            means: columns.map(\.mean), deviations: columns.map(\.deviation), targetMean: target.mean,
            targetDeviation: target.deviation,
            classCounts: (0..<classCount).map { label in Double(data.targets.count { $0 == Float(label) }) })
    }

    private func standardised(_ row: Int, _ means: [Double], _ inverses: [Double]) -> [Double] {
        (0..<width).map { (value(row, $0) - means[$0]) * inverses[$0] }
    }

    func linearSums(_ query: LinearQuery) throws(LearnerError) -> LinearSums {
        try check()
        let stride = width + 1
        var sums = LinearSums(
            loss: 0, gradient: [Double](repeating: 0, count: query.parameters.count),
            curvature: [Double](repeating: 0, count: query.wantsCurvature ? stride * stride : 0))
        let objective = LinearObjective(query.loss, parameter: query.lossParameter)
        for row in 0..<rowCount {
            let x = standardised(row, query.means, query.inverses) + [1]
            let scores = (0..<query.scoreCount).map { score in
                x.indices.reduce(0) { $0 + x[$1] * query.parameters[score * stride + $1] }
            }
            let raw = Double(data.targets[row])
            let target = query.loss == .logistic ? raw : (raw - query.targetMean) * query.targetInverse
            var slopes: [Double], bend: Double
            if query.loss == .softmax {
                let most = scores.max() ?? 0, powers = scores.map { exp($0 - most) }, all = powers.reduce(0, +)
                sums.loss += log(all) + most - scores[Int(raw)]
                slopes = powers.map { $0 / all }
                slopes[Int(raw)] -= 1
                bend = 0.5
            } else {
                sums.loss += objective.value(score: scores[0], target: target)
                switch query.loss {
                case .squared: slopes = [2 * (scores[0] - target)]
                case .huber: slopes = [max(-query.lossParameter, min(query.lossParameter, scores[0] - target))]
                default: slopes = [1 / (1 + exp(-scores[0])) - target]
                }
                bend = max(objective.curvature(score: scores[0], target: target), 0.002 * query.loss.curvature)
            }
            for score in slopes.indices {
                for column in x.indices { sums.gradient[score * stride + column] += slopes[score] * x[column] }
            }
            guard query.wantsCurvature else { continue }
            for first in x.indices {
                for second in x.indices { sums.curvature[first * stride + second] += bend * x[first] * x[second] }
            }
        }
        return sums
    }

    func products(means: [Double], inverses: [Double]) throws(LearnerError) -> [Double] {
        try check()
        var sums = [Double](repeating: 0, count: width * width)
        for row in 0..<rowCount {
            let x = standardised(row, means, inverses)
            for first in 0..<width { for second in 0..<width { sums[first * width + second] += x[first] * x[second] } }
        }
        return sums
    }

    func clusterSums(centres: [Double], means: [Double], inverses: [Double]) throws(LearnerError) -> ClusterSums {
        try check()
        let count = centres.count / width
        var sums = ClusterSums(
            totals: [Double](repeating: 0, count: centres.count), counts: [Double](repeating: 0, count: count), loss: 0)
        for row in 0..<rowCount {
            let x = standardised(row, means, inverses)
            let squares = (0..<count).map { centre in
                x.indices.reduce(0) { $0 + (x[$1] - centres[centre * width + $1]) * (x[$1] - centres[centre * width + $1]) }
            }
            let nearest = squares.indices.min { squares[$0] < squares[$1] } ?? 0
            sums.counts[nearest] += 1
            sums.loss += squares[nearest]
            for column in 0..<width { sums.totals[nearest * width + column] += x[column] }
        }
        return sums
    }

    func nextRound(_ query: BoostingQuery) throws(LearnerError) -> BoostedRound {
        throw LearnerError(.unsupported, "no trees are grown here")
    }
}
