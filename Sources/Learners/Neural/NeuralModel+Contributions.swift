import CheckedNumbers
import Glibc
import Numerics

/// What features add to a network's scores beside some background rows.
public struct NetworkContributions: Sendable, Hashable {
    /// - Shape: [rows, scores, features].
    public var values: [Double]
    /// The scores' means over the background: with a row's values they are its scores.
    ///
    /// - Shape: [scores].
    public var expected: [Double]
}

extension NeuralModel {
    /// Whether the network consists of layers whose differences can be led back to features: those of images do not.
    public var hasContributions: Bool {
        architecture.stages.allSatisfy { stage in
            switch stage {
            case .dense, .dropout, .embedding: true
            case .batchNormalization(let layer): layer.positionCount == 1
            case .convolution, .maxPooling: false
            }
        }
    }

    /// What each feature adds: differences of the scores to those of each background row are led back through the layers, at each unit in
    /// proportion to the differences of its sums (DeepLIFT's rescale rule), and averaged over the background. They approximate Shapley
    /// values and add up exactly.
    ///
    /// - Shape: rows [n, featureCount], background [m, featureCount] with m > 0.
    /// - Throws: `shapeMismatch`; `unsupported` where `hasContributions` is false.
    /// - Complexity: n × m × scores × parameters.
    /// - Source: Lundberg and Lee, "A unified approach to interpreting model predictions" (2017), section 4.2; Shrikumar, Greenside and
    ///   Kundaje, "Learning important features through propagating activation differences" (2017), section 3.5.1.
    public func contributions(_ rows: Matrix, background: Matrix) throws(LearnerError) -> NetworkContributions {
        guard hasContributions else {
            throw LearnerError(.unsupported, "a network of images has no contributions of its layers: ask for sampled ones")
        }
        guard rows.columnCount == featureCount, background.columnCount == featureCount, background.rowCount > 0 else {
            throw LearnerError(
                .shapeMismatch,
                "the model takes \(featureCount) features, the rows have \(rows.columnCount), \(background.rowCount) of the background "
                    + "\(background.columnCount)")
        }
        let network = LayeredNetwork(self), others = (0..<background.rowCount).map { network.run(background.row($0)) }
        var result = NetworkContributions(values: [], expected: [Double](repeating: 0, count: scoreCount))
        result.values.reserveCapacity(rows.rowCount * scoreCount * featureCount)
        let unit = task == .regressor ? targetDeviation : 1, origin = task == .regressor ? targetMean : 0
        for other in others {
            for score in 0..<scoreCount {
                result.expected[score] += (other.scores[score] * unit + origin) / Double(others.count)
            }
        }
        for row in 0..<rows.rowCount {
            let own = network.run(rows.row(row))
            for score in 0..<scoreCount {
                result.values += network.contributions(of: own, beside: others, score: score).map { $0 * unit }
            }
        }
        return result
    }
}

/// A network as plain steps in double precision.
private struct LayeredNetwork {
    private enum Step {
        /// Weights [inputs, outputs].
        case product([Double], inputs: Int, outputs: Int, bias: [Double]?)
        case scaling([Double], shift: [Double])
        case activation(Activation)
        case embedding(EmbeddingLayer, table: [Double])
    }

    /// What a row becomes on its way: what each step is given, and the scores.
    struct Pass {
        var inputs: [[Double]]
        var scores: [Double]
    }

    private var steps: [Step] = []
    private let means: [Float], inverses: [Float]

    init(_ model: NeuralModel) {
        (means, inverses) = (model.featureMeans, model.featureInverses)
        var place = 0, statistic = 0
        for stage in model.architecture.stages {
            let layer = stage.layer
            let own = model.parameters[place..<place + layer.parameterCount].map(Double.init)
            let kept = model.statistics[statistic..<statistic + layer.statisticCount].map(Double.init)
            place += layer.parameterCount
            statistic += layer.statisticCount
            switch stage {
            case .dense(let dense):
                steps.append(
                    .product(
                        Array(own[..<dense.weightCount]), inputs: dense.inputWidth, outputs: dense.outputWidth,
                        bias: dense.hasBias ? Array(own[dense.weightCount...]) : nil))
                add(dense.activation)
            case .batchNormalization(let normal):
                let count = normal.channelCount
                let scale = (0..<count).map {
                    own[$0] / (kept[count + $0] + Double(BatchNormalizationLayer.epsilon)).squareRoot()
                }
                steps.append(.scaling(scale, shift: (0..<count).map { own[count + $0] - scale[$0] * kept[$0] }))
                add(normal.activation)
            case .embedding(let embedding): steps.append(.embedding(embedding, table: own))
            case .dropout, .convolution, .maxPooling: break
            }
        }
    }

    private mutating func add(_ activation: Activation) {
        if activation != .identity { steps.append(.activation(activation)) }
    }

    func run(_ row: ArraySlice<Float>) -> Pass {
        var values = zip(row, zip(means, inverses)).map { Double($0) - Double($1.0) }
        for place in values.indices { values[place] *= Double(inverses[place]) }
        var pass = Pass(inputs: [], scores: [])
        for step in steps {
            pass.inputs.append(values)
            switch step {
            case .product(let weights, let inputs, let outputs, let bias):
                var sums = bias ?? [Double](repeating: 0, count: outputs)
                weights.withUnsafeBufferPointer { weights in
                    sums.withUnsafeMutableBufferPointer { sums in
                        for input in 0..<inputs where values[input] != 0 {
                            let value = values[input], start = input * outputs
                            for output in 0..<outputs { sums[output] += value * weights[start + output] }
                        }
                    }
                }
                values = sums
            case .scaling(let scale, let shift): values = values.indices.map { values[$0] * scale[$0] + shift[$0] }
            case .activation(let activation): values = values.map(activation.value)
            case .embedding(let layer, let table): values = layer.embedded(values, table)
            }
        }
        pass.scores = values
        return pass
    }

    /// - Shape: returns [features].
    func contributions(of own: Pass, beside others: [Pass], score: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: means.count)
        for other in others {
            var pulls = [Double](repeating: 0, count: own.scores.count)
            pulls[score] = 1
            var isLedBack = false
            for (place, step) in steps.enumerated().reversed() {
                switch step {
                case .product(let weights, let inputs, let outputs, _):
                    pulls = Self.back(pulls, weights, inputs: inputs, outputs: outputs)
                case .scaling(let scale, _): for unit in pulls.indices { pulls[unit] *= scale[unit] }
                case .activation(let activation):
                    let (here, there) = (own.inputs[place], other.inputs[place])
                    for unit in pulls.indices where pulls[unit] != 0 { pulls[unit] *= activation.slope(here[unit], there[unit]) }
                case .embedding(let layer, let table):
                    layer.lead(pulls, from: own.inputs[place], beside: other.inputs[place], table, into: &sums)
                    isLedBack = true
                }
            }
            guard !isLedBack, let here = own.inputs.first, let there = other.inputs.first else { continue }
            for feature in sums.indices { sums[feature] += pulls[feature] * (here[feature] - there[feature]) }
        }
        return sums.map { $0 / Double(others.count) }
    }

    private static func back(_ pulls: [Double], _ weights: [Double], inputs: Int, outputs: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: inputs) { result, filled in
            weights.withUnsafeBufferPointer { weights in
                pulls.withUnsafeBufferPointer { pulls in
                    for input in 0..<inputs {
                        var sum = 0.0
                        let start = input * outputs
                        for output in 0..<outputs { sum += pulls[output] * weights[start + output] }
                        result[input] = sum
                    }
                }
            }
            filled = inputs
        }
    }
}

extension EmbeddingLayer {
    /// The features that pass through, then each group's vector.
    fileprivate func embedded(_ values: [Double], _ table: [Double]) -> [Double] {
        var result: [Double] = [], start = 0, next = 0
        for group in groups {
            result += values[next..<group.start]
            next = group.start + group.featureCount
        }
        result += values[next...]
        for group in groups {
            var vector = [Double](repeating: 0, count: group.width)
            for (category, share) in shares(of: group, values) where share != 0 {
                for place in 0..<group.width { vector[place] += share * table[start + category * group.width + place] }
            }
            result += vector
            start += group.count * group.width
        }
        return result
    }

    /// A group's categories with what of each a row has.
    private func shares(of group: Group, _ values: [Double]) -> [(category: Int, share: Double)] {
        guard group.isCode == true else { return (0..<group.count).map { ($0, values[group.start + $0]) } }
        return [(min(max(0, Int(nearestWithin: values[group.start])), group.count - 1), 1)]
    }

    /// Adds what features do to the sums that pull on the layer's outputs.
    ///
    /// - Shape: pulls [outputWidth], sums [inputWidth].
    fileprivate func lead(
        _ pulls: [Double], from own: [Double], beside other: [Double], _ table: [Double], into sums: inout [Double]
    ) {
        var position = 0, next = 0, start = 0
        func pass(upTo end: Int) {
            for feature in next..<end {
                sums[feature] += pulls[position] * (own[feature] - other[feature])
                position += 1
            }
        }
        for group in groups {
            pass(upTo: group.start)
            next = group.start + group.featureCount
        }
        pass(upTo: inputWidth)
        for group in groups {
            func worth(_ category: Int) -> Double {
                (0..<group.width).reduce(0) { $0 + pulls[position + $1] * table[start + category * group.width + $1] }
            }
            if group.isCode == true {
                let gain = shares(of: group, own).reduce(0) { $0 + $1.share * worth($1.category) }
                let loss = shares(of: group, other).reduce(0) { $0 + $1.share * worth($1.category) }
                sums[group.start] += gain - loss
            } else {
                for category in 0..<group.count where own[group.start + category] != other[group.start + category] {
                    let feature = group.start + category
                    sums[feature] += worth(category) * (own[feature] - other[feature])
                }
            }
            position += group.width
            start += group.count * group.width
        }
    }
}

extension Activation {
    /// Sums that differ by less have the function's own slope.
    private static let least = 1e-6

    fileprivate func value(_ sum: Double) -> Double {
        switch self {
        case .relu: max(0, sum)
        case .tanh: Glibc.tanh(sum)
        case .sigmoid: 1 / (1 + exp(-sum))
        case .gelu: 0.5 * sum * (1 + Glibc.tanh(Self.bend * (sum + 0.044715 * sum * sum * sum)))
        case .identity: sum
        }
    }

    private static let bend = (2 / Double.pi).squareRoot()

    /// The slope of the line between two sums.
    fileprivate func slope(_ first: Double, _ second: Double) -> Double {
        let difference = first - second
        guard difference.magnitude < Self.least else { return (value(first) - value(second)) / difference }
        switch self {
        case .relu: return first > 0 ? 1 : 0
        case .tanh:
            let output = Glibc.tanh(first)
            return 1 - output * output
        case .sigmoid:
            let output = value(first)
            return output * (1 - output)
        case .gelu: return (value(first + 1e-5) - value(first - 1e-5)) / 2e-5
        case .identity: return 1
        }
    }
}
