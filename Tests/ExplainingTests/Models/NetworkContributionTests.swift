import Foundation
import JSON
import Numerics
import Testing

@testable import Learners

/// Networks of PyTorch's and what shap's DeepExplainer says of them: Files/make_deep.py.
struct DeepCase: CustomTestStringConvertible {
    var json: JSONValue

    var testDescription: String { json["name"]?.string ?? "" }

    static let all: [DeepCase] = {
        guard let url = Bundle.module.url(forResource: "deep", withExtension: "json", subdirectory: "Files"),
            let text = try? String(contentsOf: url, encoding: .utf8), let json = try? JSONValue(parsing: text)
        else { return [] }
        return (json["cases"]?.array ?? []).map { DeepCase(json: $0) }
    }()

    func numbers(_ name: String) -> [Float] { (json[name]?.array ?? []).compactMap { $0.double.map { Float($0) } } }

    func matrix(_ name: String) -> Matrix {
        Matrix(rows: (json[name]?.array ?? []).map { ($0.array ?? []).compactMap { $0.double.map { Float($0) } } })
    }

    /// - Parameters: what a regressor's scores are multiplied by and added to.
    func model(unit: Double = 1, origin: Double = 0) -> NeuralModel {
        let outputs = json["outputs"]?.integer ?? 1, isNormal = json["normalizes"]?.boolean ?? false
        let architecture = NetworkArchitecture(
            NetworkArchitecture.Plan(
                inputWidth: 5, outputWidth: outputs, hiddenSizes: (json["hidden"]?.array ?? []).compactMap(\.integer),
                activation: json["activation"]?.string.flatMap(Activation.init(rawValue:)) ?? .relu,
                usesBatchNormalization: isNormal))
        return NeuralModel(
            task: outputs == 1 ? .regressor : .multiclassClassifier, featureCount: 5, classCount: outputs,
            architecture: architecture, parameters: numbers("parameters"), statistics: numbers("statistics"),
            featureMeans: numbers("means"), featureInverses: numbers("inverses"), targetMean: origin, targetDeviation: unit)
    }
}

/// Differences of a network's scores, led back through its layers.
@Suite struct NetworkContributionTests {
    @Test func `the oracle's numbers are here`() { #expect(DeepCase.all.count == 4) }

    @Test(arguments: DeepCase.all)
    func `contributions are those of shap's DeepExplainer`(example: DeepCase) throws {
        let model = example.model(), rows = example.matrix("rows")
        let found = try model.contributions(rows, background: example.matrix("background"))
        let scores = try model.predictScores(rows).elements
        for (mine, theirs) in zip(scores, example.numbers("scores")) { #expect(abs(mine - theirs) < 2e-5) }
        let values = example.numbers("values")
        #expect(values.count == found.values.count && !values.isEmpty)
        // Theirs are computed in single precision.
        for (mine, theirs) in zip(found.values, values) { #expect(abs(mine - Double(theirs)) < 2e-5 * max(1, abs(mine))) }
        for (mine, theirs) in zip(found.expected, example.numbers("expected")) { #expect(abs(mine - Double(theirs)) < 2e-5) }
    }

    @Test(arguments: DeepCase.all)
    func `with the expected scores they add up to a row's own, in the target's units`(example: DeepCase) throws {
        let model = example.model(unit: 250, origin: -40), rows = example.matrix("rows")
        let found = try model.contributions(rows, background: example.matrix("background"))
        let scores = try model.predictScores(rows).elements, width = model.scoreCount
        for row in 0..<rows.rowCount {
            for score in 0..<width {
                let start = (row * width + score) * 5
                let sum = found.values[start..<start + 5].reduce(found.expected[score], +)
                #expect(abs(sum - Double(scores[row * width + score])) < 1e-4 * max(1, abs(sum)))
            }
        }
    }

    /// Two numbers, a group of indicators and a column of codes.
    @Test func `categories with vectors of their own add up, too`() throws {
        let layer = EmbeddingLayer(inputWidth: 6, ranges: [1..<4], cardinalities: [4], width: 2)
        let architecture = NetworkArchitecture(stages: [
            .embedding(layer),
            .dense(DenseLayer(inputWidth: layer.outputWidth, outputWidth: 5, activation: .gelu, hasBias: true)),
            .dropout(DropoutLayer(inputWidth: 5)),
            .dense(DenseLayer(inputWidth: 5, outputWidth: 1, activation: .identity, hasBias: true)),
        ])
        var random = RandomSource(seed: 4)
        let model = NeuralModel(
            task: .binaryClassifier, featureCount: 6, classCount: 2, architecture: architecture,
            parameters: (0..<architecture.parameterCount).map { _ in Float(random.normal()) }, statistics: [],
            featureMeans: [0.5, 0, 0, 0, -1, 0], featureInverses: [2, 1, 1, 1, 0.5, 1], targetMean: 0, targetDeviation: 1)
        func row(_ number: Float, _ category: Int, _ other: Float, _ code: Float) -> [Float] {
            [number] + (0..<3).map { $0 == category ? 1 : 0 } + [other, code]
        }
        let rows = Matrix(rows: [row(0.3, 1, 2, 3), row(-1, 2, 0, 0), row(0.3, 0, 2, 1)])
        let background = Matrix(rows: [row(0, 0, 0, 1), row(1, 2, -1, 2), row(0.5, 1, 4, 1)])
        let found = try model.contributions(rows, background: background), scores = try model.predictScores(rows).elements
        for place in 0..<3 {
            let own = found.values[place * 6..<(place + 1) * 6]
            #expect(abs(own.reduce(found.expected[0], +) - Double(scores[place])) < 1e-5)
        }
        // The third row's code is that of the first and the third of the background, and differs from the second's.
        let same = try model.contributions(rows, background: Matrix(rows: [row(7, 1, 7, 1)]))
        #expect(same.values[2 * 6 + 5] == 0 && same.values[5] != 0)
    }

    @Test func `networks of images are refused`() throws {
        let shape = ImageShape(height: 4, width: 4, channelCount: 1)
        let plan = NetworkArchitecture.Plan(
            inputWidth: 16, outputWidth: 1, hiddenSizes: [4], activation: .relu, image: shape, filterCounts: [2])
        let architecture = NetworkArchitecture(plan)
        let model = NeuralModel(
            task: .regressor, featureCount: 16, classCount: 1, architecture: architecture,
            parameters: [Float](repeating: 0, count: architecture.parameterCount), statistics: [],
            featureMeans: [Float](repeating: 0, count: 16), featureInverses: [Float](repeating: 1, count: 16), targetMean: 0,
            targetDeviation: 1)
        #expect(!model.hasContributions)
        let rows = Matrix(rows: [[Float](repeating: 0, count: 16)])
        #expect(throws: LearnerError.self) { try model.contributions(rows, background: rows) }
    }
}
