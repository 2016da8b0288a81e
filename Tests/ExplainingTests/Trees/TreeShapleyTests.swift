import Explaining
import Foundation
import Numerics
import Testing

@testable import Learners

/// Numbers of XGBoost's `pred_contribs` and `pred_interactions`, and of shap's interventional explainer: Files/make_trees.py.
struct TreeCase: Decodable, CustomTestStringConvertible {
    var name: String, document: String
    var featureCount: Int, scoreCount: Int
    var rows: [[Float?]], margins: [[Double]]
    var contributions: [[[Double]]]
    var interactions: [[[[Double]]]]?
    var background: [[Float]]?
    var interventional: [[[Double]]]?
    var interventionalExpected: Double?

    var testDescription: String { name }

    static let all: [TreeCase] = {
        struct File: Decodable { var cases: [TreeCase] }
        guard let url = Bundle.module.url(forResource: "trees", withExtension: "json", subdirectory: "Files"),
            let bytes = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: bytes)
        else { return [] }
        return file.cases
    }()

    var matrix: Matrix { Matrix(rows: rows.map { $0.map { $0 ?? .nan } }) }

    /// Its trees, and where all rows begin.
    var ensemble: (trees: TreeEnsemble, begin: [Double])? {
        guard case .trees(let trees, _)? = XGBoostDocument.parts(document, featureCount: featureCount, scoreCount: scoreCount)
        else { return nil }
        return (trees, zip(margins[0], trees.sums(Array(matrix.row(0)))).map { $0 - $1 })
    }
}

@Suite("Shapley values of trees")
struct TreeShapleyTests {
    private static let ofTrees = TreeCase.all.filter { $0.name != "linear" }

    @Test("the oracle's numbers are here")
    func cases() { #expect(TreeCase.all.count == 10) }

    @Test("the trees are read as XGBoost reads them", arguments: ofTrees)
    func margins(_ example: TreeCase) throws {
        let (trees, begin) = try #require(example.ensemble)
        for (row, margins) in example.margins.enumerated() {
            let own = zip(trees.sums(Array(example.matrix.row(row))), begin).map { $0 + $1 }
            for (mine, theirs) in zip(own, margins) { #expect(abs(mine - theirs) < 1e-5) }
        }
    }

    @Test("without a background the values are those of XGBoost's pred_contribs", arguments: ofTrees)
    func pathDependent(_ example: TreeCase) throws {
        let (trees, begin) = try #require(example.ensemble)
        let found = try trees.attribution(example.matrix), count = example.rows.count
        for row in 0..<count {
            for score in 0..<example.scoreCount {
                for feature in 0..<example.featureCount {
                    let mine = found.values[(score * example.featureCount + feature) * count + row]
                    #expect(abs(mine - example.contributions[row][score][feature]) < 1e-5)
                }
                let bias = found.expected[score] + begin[score]
                #expect(abs(bias - example.contributions[row][score][example.featureCount]) < 1e-5)
            }
        }
    }

    @Test("interactions are those of XGBoost's pred_interactions", arguments: ofTrees.filter { $0.interactions != nil })
    func interactions(_ example: TreeCase) throws {
        let (trees, _) = try #require(example.ensemble), expected = try #require(example.interactions)
        let found = try #require(try trees.attribution(example.matrix, interactions: true).interactions)
        let count = example.rows.count, width = example.featureCount
        for row in 0..<count {
            for score in 0..<example.scoreCount {
                for first in 0..<width {
                    for second in 0..<width {
                        let mine = found[((score * width + first) * width + second) * count + row]
                        #expect(abs(mine - expected[row][score][first][second]) < 1e-5)
                    }
                }
            }
        }
    }

    @Test(
        "with a background the values are those of shap's interventional explainer",
        arguments: ofTrees.filter { $0.interventional != nil })
    func interventional(_ example: TreeCase) throws {
        let (trees, begin) = try #require(example.ensemble), expected = try #require(example.interventional)
        let background = Matrix(rows: try #require(example.background))
        let found = try trees.attribution(example.matrix, background: background), count = example.rows.count
        for row in 0..<count {
            for feature in 0..<example.featureCount {
                #expect(abs(found.values[feature * count + row] - expected[row][0][feature]) < 1e-5)
            }
        }
        #expect(abs(found.expected[0] + begin[0] - (example.interventionalExpected ?? .nan)) < 1e-5)
    }

    @Test("with a background the values are those of trying every coalition", arguments: ofTrees.filter { $0.background != nil })
    func enumerated(_ example: TreeCase) throws {
        let (trees, _) = try #require(example.ensemble), background = try #require(example.background)
        let count = example.rows.count, width = example.featureCount
        let found = try trees.attribution(example.matrix, background: Matrix(rows: background), interactions: true)
        let pairs = try #require(found.interactions)
        for row in 0..<count {
            let own = Array(example.matrix.row(row))
            let game = CoalitionGame(playerCount: width, outputCount: 1) { memberships in
                stride(from: 0, to: memberships.count, by: width).map { start in
                    background.reduce(0.0) { sum, other in
                        sum + trees.sums((0..<width).map { memberships[start + $0] ? own[$0] : other[$0] })[0]
                    } / Double(background.count)
                }
            }
            let exact = try game.exactValues()
            for feature in 0..<width {
                #expect(abs(found.values[feature * count + row] - exact.values[feature]) < 1e-9)
                let line = (0..<width).reduce(0.0) { $0 + pairs[(feature * width + $1) * count + row] }
                #expect(abs(line - exact.values[feature]) < 1e-9)
            }
            #expect(abs(found.expected[0] - exact.expected[0]) < 1e-9)
        }
    }

    @Test("many rows, explained in pieces with shared masks, get what each gets alone")
    func pieces() throws {
        let example = try #require(TreeCase.all.first { $0.name == "depth 10" }), trees = try #require(example.ensemble).trees
        var random = RandomSource(seed: 5)
        let rows = Matrix(rows: (0..<5000).map { _ in (0..<6).map { _ in Float(random.normal()) } })
        let together = try trees.attribution(rows)
        for row in stride(from: 0, to: 5000, by: 499) {
            let alone = try trees.attribution(rows.selecting(rows: [row]))
            for feature in 0..<6 { #expect(abs(together.values[feature * 5000 + row] - alone.values[feature]) < 1e-12) }
        }
    }
}
