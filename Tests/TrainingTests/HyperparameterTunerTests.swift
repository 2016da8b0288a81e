import Tables
import Testing
import Training
import Tuning

@Suite struct HyperparameterTunerTests {
    private static let path =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/sample-data/insurance.csv"

    @Test func aSearchTellsEachTrialAndKeepsTheBestModel() throws {
        let tuner = HyperparameterTuner(
            Estimator("linear-learner", ["epochs": 3], seed: 1), objective: "validation:rmse",
            ranges: ["learning_rate=log:1e-4:1", "optimizer=cat:adam,sgd"], limits: SearchLimits(trialCount: 5))
        var told: [HyperparameterTuner.Trial] = []
        let result = try tuner.fit(Self.path, target: "charges") { told.append($0) }
        #expect(told.count == 5 && result.trials.map(\.trial) == told.map(\.trial) && result.reason == .maxTrials)
        let values = told.compactMap { if case .finished(let value) = $0.outcome { value } else { nil } }
        let best = try #require(result.best)
        #expect(best.metrics["validation:rmse"] == values.min())
        #expect(told.last { $0.isBest }.map { $0.trial.values["optimizer"]?.text } == best.hyperparameters["optimizer"])
        #expect(try best.model.predict(Self.path)[0].texts.count == 1338)
        // The same again is the same.
        let again = try tuner.fit(Self.path, target: "charges")
        #expect(again.trials.map(\.outcome) == result.trials.map(\.outcome))
    }

    @Test func trialsThatFallBehindEndEarly() throws {
        let result = try HyperparameterTuner(
            Estimator("linear-learner", ["epochs": 27, "mini_batch_size": 8]), objective: "validation:rmse",
            ranges: ["learning_rate=log:1e-6:1"], strategy: .asha, limits: SearchLimits(trialCount: 12)
        ).fit(Self.path, target: "charges")
        #expect(result.trials.contains { if case .stopped = $0.outcome { true } else { false } })
        #expect(result.best?.status == .completed)
    }

    @Test func whatCannotBeSearchedSaysWhy() throws {
        func refusal(_ ranges: [String], objective: String? = nil, _ strategy: SearchStrategy? = nil) -> String? {
            do throws(TrainingError) {
                _ = try HyperparameterTuner(Estimator("linear-learner"), objective: objective, ranges: ranges, strategy: strategy)
                    .fit(Self.path, target: "charges")
                return nil
            } catch { return error.message }
        }
        #expect(refusal(["learning_rate=log:0:1"]) == "--range learning_rate: a logarithmic range begins above 0")
        #expect(refusal(["learning_rate=0.1:0.2"], objective: "validation:nope")?.contains("does not measure 'nope'") == true)
        #expect(refusal(["learning_rate=0.1:0.2"], .asha)?.contains("set epochs") == true)
    }
}
