import Glibc
import Numerics
import Testing

@testable import Learners

/// Every layer's and every loss's gradient must be that of finite differences.
@Suite struct NeuralGradientTests {
    /// Numbers that a seed decides.
    static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { _ in Float(random.normal()) }
    }

    /// Compares the gradients of Σ c · scores, for fixed c, with differences of that sum.
    ///
    /// Sums are in double precision, scores in single: with steps of 1/256 differences are good to about 1e-4 of the scores'
    /// size. Where relu or pooling change sides within a step, a shorter one tells, or that of one side.
    static func check(_ architecture: NetworkArchitecture, rows: Int, mode: NetworkWorkspace.Mode = .init(isTraining: true)) {
        let workspace = NetworkWorkspace(architecture, rowCapacity: rows + 2, trains: true)
        workspace.initialize(by: WeightInitialization(method: .glorot, seed: 3))
        let width = architecture.inputWidth
        let input = numbers(rows * width, seed: 5)
        workspace.input.replace(with: input + [Float](repeating: .nan, count: 2 * width))
        // Biases, and batch normalisation's scales, away from where they begin.
        let jitter = numbers(workspace.parameters.count, seed: 6)
        for index in jitter.indices { workspace.parameters.base[index] += 0.2 * jitter[index] }
        let factors = numbers(rows * architecture.outputWidth, seed: 7)
        let objective = {
            workspace.forward(rowCount: rows, mode)
            return zip(factors, 0...).reduce(0.0) { $0 + Double($1.0) * Double(workspace.scores[$1.1]) }
        }
        _ = objective()
        for (index, factor) in factors.enumerated() { workspace.scoreGradient[index] = factor }
        workspace.backward(rowCount: rows, mode)
        let found = workspace.gradients.values
        let size = (found.reduce(0) { $0 + $1 * $1 } / Float(found.count)).squareRoot()
        #expect(size > 0)
        for index in stride(from: 0, to: found.count, by: max(1, found.count / 200)) {
            let slopes = [256, 1024, 4096].lazy.flatMap {
                differences(workspace.parameters.base + index, 1 / $0, objective)
            }
            let isRight = slopes.contains { abs(found[index] - $0) < 0.01 * (size + abs($0)) }
            #expect(isRight, "parameter \(index): \(found[index]), not \(Array(slopes))")
        }
    }

    /// Of both sides, and of each.
    static func differences(_ parameter: UnsafeMutablePointer<Float>, _ step: Float, _ objective: () -> Double) -> [Float] {
        let start = parameter.pointee, middle = objective()
        parameter.pointee = start + step
        let up = (objective() - middle) / Double(step)
        parameter.pointee = start - step
        let down = (middle - objective()) / Double(step)
        parameter.pointee = start
        return [Float((up + down) / 2), Float(up), Float(down)]
    }

    static func dense(_ activation: Activation, normalizes: Bool = false) -> NetworkArchitecture {
        NetworkArchitecture(
            .init(
                inputWidth: 5, outputWidth: 3, hiddenSizes: [7, 6], activation: activation, usesBatchNormalization: normalizes))
    }

    @Test(arguments: Activation.allCases, [false, true])
    func `dense layers have the gradient of finite differences`(activation: Activation, normalizes: Bool) {
        Self.check(Self.dense(activation, normalizes: normalizes), rows: 9)
    }

    @Test(arguments: [1, 2, 33])
    func `so they have for any number of rows`(rows: Int) {
        Self.check(Self.dense(.tanh), rows: rows)
        if rows > 1 { Self.check(Self.dense(.gelu, normalizes: true), rows: rows) }
    }

    @Test(arguments: [false, true])
    func `and with some units dropped out`(normalizes: Bool) {
        Self.check(
            Self.dense(.sigmoid, normalizes: normalizes), rows: 9,
            mode: .init(isTraining: true, dropoutRate: 0.4, key: 0x1234_5678))
    }

    @Test func `embeddings have the gradient of finite differences, whatever else the row holds`() {
        Self.check(
            NetworkArchitecture(
                .init(
                    inputWidth: 9, outputWidth: 2, hiddenSizes: [4], activation: .tanh, embeddedGroups: [1..<4, 6..<8],
                    embeddingWidth: 2)), rows: 6)
    }

    @Test func `so have those of categories given by their number, which is rounded into the table`() {
        Self.check(
            NetworkArchitecture(
                .init(
                    inputWidth: 5, outputWidth: 2, hiddenSizes: [4], activation: .tanh, embeddedGroups: [1..<3],
                    embeddingWidth: 2, cardinalities: [3, 2])), rows: 12)
    }

    @Test(arguments: Activation.allCases, [false, true])
    func `convolutions and pooling have the gradient of finite differences`(activation: Activation, normalizes: Bool) {
        Self.check(
            NetworkArchitecture(
                .init(
                    inputWidth: 5 * 6 * 2, outputWidth: 3, hiddenSizes: [4], activation: activation,
                    usesBatchNormalization: normalizes, image: ImageShape(height: 5, width: 6, channelCount: 2),
                    filterCounts: [3, 4])), rows: 5)
    }

    @Test func `a convolution over many images in parts is that over each`() {
        let layer = ConvolutionLayer(
            shape: ImageShape(height: 12, width: 12, channelCount: 8), filterCount: 3, activation: .relu, hasBias: true)
        let architecture = NetworkArchitecture(stages: [.convolution(layer)])
        let many = NetworkWorkspace(architecture, rowCapacity: 20, trains: false)
        let one = NetworkWorkspace(architecture, rowCapacity: 1, trains: false)
        let parameters = Self.numbers(architecture.parameterCount, seed: 1)
        let images = Self.numbers(20 * layer.inputWidth, seed: 2)
        many.parameters.replace(with: parameters)
        one.parameters.replace(with: parameters)
        many.input.replace(with: images)
        many.forward(rowCount: 20)
        for image in 0..<20 {
            one.input.replace(with: Array(images[image * layer.inputWidth..<(image + 1) * layer.inputWidth]))
            one.forward(rowCount: 1)
            for index in 0..<layer.outputWidth {
                #expect(abs(one.scores[index] - many.scores[image * layer.outputWidth + index]) < 1e-4)
            }
        }
    }

    @Test func `a convolution sums the pixels around each pixel, and zeros beyond the edges`() {
        let layer = ConvolutionLayer(
            shape: ImageShape(height: 2, width: 3, channelCount: 1), filterCount: 1, activation: .identity, hasBias: true)
        let workspace = NetworkWorkspace(NetworkArchitecture(stages: [.convolution(layer)]), rowCapacity: 1, trains: false)
        workspace.parameters.replace(with: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5])
        workspace.input.replace(with: [1, 0, 0, 0, 0, 2])
        workspace.forward(rowCount: 1)
        #expect((0..<6).map { workspace.scores[$0] } == [5.5, 22.5, 16.5, 2.5, 13.5, 10.5])
    }

    @Test(arguments: [Float(0), 0.2], [[Float(1), 1, 1], [0.5, 2, 1.5]])
    func `losses have the gradient of finite differences`(smoothing: Float, weights: [Float]) {
        let rows = 8
        for task in LearningTask.allCases {
            let width = task == .multiclassClassifier ? 3 : 1
            let loss = NeuralLoss(task: task, scoreCount: width, smoothing: smoothing, classWeights: weights)
            var scores = Self.numbers(rows * width, seed: 4).map { $0 * 2 }
            let targets = (0..<rows).map { task == .regressor ? Float($0) / 3 : Float($0 % Samples.classCount(task)) }
            var gradient = [Float](repeating: 0, count: rows * width)
            let plain = loss.gradient(scores: scores, targets: targets, count: rows, into: &gradient)
            #expect(abs(plain - Self.objective(loss, scores, targets, plain: true) * Double(rows)) < 1e-5 * plain)
            for index in scores.indices {
                let start = scores[index]
                scores[index] = start + 1.0 / 128
                let up = Self.objective(loss, scores, targets)
                scores[index] = start - 1.0 / 128
                let down = Self.objective(loss, scores, targets)
                scores[index] = start
                #expect(abs(Double(gradient[index]) - (up - down) * 64) < 1e-4)
            }
        }
    }

    /// The mean loss as its definition says, in double precision.
    static func objective(_ loss: NeuralLoss, _ scores: [Float], _ targets: [Float], plain: Bool = false) -> Double {
        let smoothing = plain ? 0 : Double(loss.smoothing)
        let total = targets.enumerated().reduce(0.0) { sum, item in
            let (row, target) = (item.offset, item.element)
            guard loss.task != .regressor else { return sum + pow(Double(scores[row]) - Double(target), 2) }
            let isBinary = loss.task == .binaryClassifier
            let own =
                isBinary ? [0, Double(scores[row])] : (0..<loss.scoreCount).map { Double(scores[row * loss.scoreCount + $0]) }
            let logSum = log(own.reduce(0) { $0 + exp($1) })
            let count = Double(own.count)
            let cross = own.enumerated().reduce(0.0) { sum, score in
                let share = (score.offset == Int(target) ? 1 - smoothing : 0) + smoothing / count
                return sum - share * (score.element - logSum)
            }
            return sum + cross * (plain ? 1 : Double(loss.classWeights[Int(target)]))
        }
        return total / Double(targets.count)
    }

    @Test func `running statistics stand in for the batch's after training`() {
        let layer = BatchNormalizationLayer(channelCount: 2, positionCount: 1, activation: .identity)
        let workspace = NetworkWorkspace(NetworkArchitecture(stages: [.batchNormalization(layer)]), rowCapacity: 4, trains: true)
        workspace.initialize(by: WeightInitialization(method: .glorot, seed: 1))
        workspace.input.replace(with: [1, 10, 2, 10, 3, 10, 6, 10])
        for _ in 0..<400 { workspace.forward(rowCount: 4, .init(isTraining: true)) }
        // Mean 3, unbiased variance 14 / 3; the second channel is constant.
        let expected = [3, 10, 14.0 / 3, 0].map { Float($0) }
        for (found, value) in zip(workspace.statistics.values, expected) { #expect(abs(found - value) < 1e-4) }
        #expect(abs(workspace.scores[0] + 2 / Float(3.5).squareRoot()) < 1e-4)
        workspace.forward(rowCount: 1)
        #expect(abs(workspace.scores[0] + 2 / Float(14.0 / 3).squareRoot()) < 1e-4)
    }

    @Test func `dropout leaves out the share it should and keeps the mean`() {
        let layer = DropoutLayer(inputWidth: 20_000)
        let workspace = NetworkWorkspace(NetworkArchitecture(stages: [.dropout(layer)]), rowCapacity: 1, trains: true)
        workspace.input.replace(with: [Float](repeating: 1, count: 20_000))
        var last: [Float] = []
        for key in 1...3 as ClosedRange<UInt32> {
            workspace.forward(rowCount: 1, .init(isTraining: true, dropoutRate: 0.3, key: key))
            let values = (0..<20_000).map { workspace.scores[$0] }
            #expect(abs(values.reduce(0, +) / 20_000 - 1) < 0.02)
            #expect(Set(values) == [0, 1 / 0.7])
            #expect(values != last)
            last = values
        }
    }
}
