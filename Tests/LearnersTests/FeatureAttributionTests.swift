import Numerics
import Testing

@testable import Learners

/// What features add to predictions while a model is trained.
@Suite struct FeatureAttributionTests {
    private static let rows = Samples.features.selecting(rows: Array(150..<190))

    /// Sums of a row's values, and its margins, differ by what is the same for all rows.
    private func expectAdditive(
        _ values: [Float], _ margins: [Float], scores: Int, within tolerance: Double, _ comment: Comment? = nil
    ) {
        let count = Self.rows.rowCount, width = Self.rows.columnCount
        #expect(values.count == count * scores * width)
        for score in 0..<scores {
            let rests = (0..<count).map { row -> Double in
                let start = (row * scores + score) * width
                return Double(margins[row * scores + score]) - values[start..<start + width].reduce(0.0) { $0 + Double($1) }
            }
            #expect((rests.max() ?? .infinity) - (rests.min() ?? 0) < tolerance, comment)
        }
    }

    @Test(.enabled(if: XGBoostLibrary.isAvailable), arguments: TreeSamples.supervised, ["gbtree", "dart", "gblinear"])
    func `of an ensemble that grows they are those of the whole, whenever they are asked for`(task: LearningTask, booster: String)
        throws
    {
        let settings = ["num_round": "12", "max_depth": "3", "booster": booster].merging(
            booster == "dart" ? ["rate_drop": "0.3"] : [:]
        ) { $1 }
        let trainer = try TreeSamples.trainer(task, settings), now = try #require(trainer.attribution(of: Self.rows))
        var values: [Float] = []
        while !trainer.isFinished {
            _ = trainer.trainStep()
            guard trainer.step % 3 == 1 || trainer.isFinished else { continue }
            values = try now.values()
            let margins = try trainer.currentModel().predictMargins(Self.rows)
            expectAdditive(values, margins.elements, scores: margins.columnCount, within: 1e-4, "round \(trainer.step)")
        }
        // Those who begin to look at the end see the same.
        let late = try #require(trainer.attribution(of: Self.rows)).values()
        for (first, second) in zip(values, late) { #expect(abs(first - second) < 1e-4) }
        #expect(values.contains { abs($0) > 0.01 })
    }

    @Test(.enabled(if: XGBoostLibrary.isAvailable))
    func `after a step back only the rounds that are left count`() throws {
        let trainer = try TreeSamples.trainer(.regressor, ["num_round": "10", "max_depth": "3"])
        let now = try #require(trainer.attribution(of: Self.rows))
        for _ in 0..<4 { _ = trainer.trainStep() }
        let early = try now.values(), snapshot = trainer.snapshot()
        while !trainer.isFinished { _ = trainer.trainStep() }
        let last = try now.values()
        try trainer.restore(snapshot)
        #expect(try now.values() == early && last != early)
    }

    @Test(arguments: TreeSamples.supervised)
    func `of a linear model they are its terms beside their means`(task: LearningTask) throws {
        let learner = try Learner.named("linear-learner")
        let made = try learner.makeTrainer(TreeSamples.request(task, ["epochs": "3", "mini_batch_size": "50"]))
        let now = try #require(made.trainer.attribution(of: Self.rows))
        while !made.trainer.isFinished { _ = made.trainer.trainStep() }
        let model = try #require(made.trainer.model as? LinearModel), values = try now.values()
        expectAdditive(
            values, try model.predictScores(Self.rows).elements, scores: model.scoreCount,
            within: task == .regressor ? 1e-3 : 1e-4)
        // Beside their means: over the rows they are nothing.
        let width = Self.rows.columnCount * model.scoreCount
        for place in 0..<width {
            let sum = stride(from: place, to: values.count, by: width).reduce(0.0) { $0 + Double(values[$1]) }
            #expect(abs(sum) < 1e-2)
        }
    }

    @Test func `a network says nothing while it trains`() throws {
        #expect(try NeuralContractTests.trainer(.regressor).attribution(of: Self.rows) == nil)
    }
}
