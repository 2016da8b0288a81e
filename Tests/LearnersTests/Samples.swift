import Glibc
import Numerics

@testable import Learners

/// Rows that a short formula makes, so that the reference library can make the same ones.
enum Samples {
    /// 200 rows of 5 features: sin(1.7 i + 2.3 j² + 0.1 i j) (1 + j) + 0.5 j in single precision.
    static let features = Matrix(
        rows: (0..<200).map { i in
            (0..<5).map { j in
                let (i, j) = (Double(i), Double(j))
                return Float(sin(1.7 * i + 2.3 * j * j + 0.1 * i * j) * (1 + j) + 0.5 * j)
            }
        })

    static let noise = (0..<200).map { cos(12.9898 * Double($0)) * 0.8 }

    /// 3 + x · (1.5, -2, 0.5, 0.25, -1) + noise.
    static let numbers = (0..<200).map { row in
        let weights = [1.5, -2, 0.5, 0.25, -1]
        return Float(3 + noise[row] + (0..<5).reduce(0.0) { $0 + Double(features[row, $1]) * weights[$1] })
    }

    /// 1 where the number is over the median plus twice the noise.
    static let binary = {
        let median = Statistics.quantile(0.5, ofSorted: Statistics.sorted(numbers.map(Double.init)))
        return (0..<200).map { Float(Double(numbers[$0]) > median + 2 * noise[$0] ? 1 : 0) }
    }()

    /// Thirds of the number plus thrice the noise.
    static let classes = {
        let sorted = Statistics.sorted(numbers.map(Double.init))
        let bounds = [0.33, 0.66].map { Statistics.quantile($0, ofSorted: sorted) }
        return (0..<200).map { row in Float(bounds.filter { Double(numbers[row]) + 3 * noise[row] >= $0 }.count) }
    }()

    static func targets(_ task: LearningTask) -> [Float] {
        switch task {
        case .regressor, .clustering, .decomposition: numbers
        case .binaryClassifier: binary
        case .multiclassClassifier: classes
        }
    }

    static func classCount(_ task: LearningTask) -> Int {
        switch task {
        case .regressor, .clustering, .decomposition: 1
        case .binaryClassifier: 2
        case .multiclassClassifier: 3
        }
    }

    /// A trainer without a penalty, unless settings give one.
    static func trainer(
        _ task: LearningTask, _ hyperparameters: [String: String] = [:], features: Matrix = features, targets: [Float]? = nil,
        weights: [Float]? = nil, validation: LabelledMatrix? = nil, seed: UInt64 = 1
    ) throws(LearnerError) -> LinearTrainer {
        let data = LabelledMatrix(features: features, targets: targets ?? Samples.targets(task), weights: weights)
        let configuration = try LinearLearnerConfiguration(
            parsing: ["wd": "0"].merging(hyperparameters) { $1 }, rowCount: data.rowCount, featureCount: features.columnCount,
            classCount: classCount(task),
            task: task)
        return try LinearTrainer(configuration: configuration, training: data, validation: validation, seed: seed)
    }

    /// Whole-set gradient descent without a schedule: it comes to rest at the optimum.
    static let exact = [
        "optimizer": "sgd", "mini_batch_size": "200", "epochs": "4000", "use_lr_scheduler": "false", "shuffle": "false",
    ]
}

extension Trainer {
    func finish() { while !isFinished { _ = trainStep() } }

    func value(_ name: String) -> Double { evaluate().first { $0.name == name }?.value ?? .nan }
}
