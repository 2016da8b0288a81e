import Testing

@testable import Learners

@Suite struct SubnormalTests {
    @Test func numbersTooSmallForFullPrecisionAreZeroInsideAndThemselvesAgainOutside() {
        let least = [Float.leastNormalMagnitude]
        #expect(least[0] / 2 > 0)
        let inside = Subnormals.flushed { least[0] / 2 }
        #expect(inside == 0)
        let nested = Subnormals.flushed { (Subnormals.flushed { least[0] / 2 }, least[0] / 2) }
        #expect(nested.0 == 0 && nested.1 == 0)
        #expect(least[0] / 2 > 0)
    }

    /// Of a rate so large that units die: their gradients are 0 from then on, and their moments shrink with every step.
    @Test(arguments: ["adam", "sgd"]) func noMomentStaysTooSmallForFullPrecision(optimizer: String) throws {
        let trainer = try NeuralContractTests.trainer(
            .binaryClassifier,
            ["optimizer": optimizer, "learning_rate": "0.5", "epochs": "120", "mini_batch_size": "16"])
        while !trainer.isFinished { _ = trainer.trainStep() }
        let moments = trainer.optimizer.first.values + trainer.optimizer.second.values
        let tooSmall = moments.filter(\.isSubnormal), zeros = moments.filter { $0 == 0 }
        #expect(tooSmall.isEmpty)
        #expect(!zeros.isEmpty, "no unit died: this says nothing")
    }
}
