import Events
import TemporaryFolders
import Testing
import Training

/// Gradient norm and learning rate as jobs record them.
@Suite struct StepMetricTests {
    private func job(_ algorithm: String, _ settings: [String: any CustomStringConvertible]) throws -> TrainingJob {
        let scratch = try TemporaryFolder()
        let path = try scratch.write(SampleTable.regression(rows: 400), as: "r.csv")
        return try Estimator(algorithm, settings, seed: 1).fit(path, target: algorithm == "kmeans" ? nil : "y")
    }

    @Test(arguments: ["linear-learner", "neural-network"])
    func stepsTellThemOftenInTheBeginningAndFourTimesAnEpochLater(algorithm: String) throws {
        let job = try job(algorithm, ["epochs": 10, "mini_batch_size": 10, "early_stopping_patience": 100])
        let norms = try #require(job.curves["train:gradient_norm"]), rates = try #require(job.curves["train:learning_rate"])
        // 320 training rows are 32 steps an epoch.
        let expected = (1...320).filter { $0 <= 64 || $0 % 8 == 0 }
        #expect(norms.map(\.step) == expected)
        #expect(rates.map(\.step) == expected)
        #expect(norms.allSatisfy { $0.value.isFinite && $0.value > 0 })
        #expect(job.curves["train:loss"]?.count == 320)
    }

    @Test func theRateIsThatOfTheScheduleAndNotTheSetting() throws {
        let job = try job(
            "neural-network",
            [
                "epochs": 10, "mini_batch_size": 10, "learning_rate": 0.01, "lr_scheduler": "cosine",
                "early_stopping_patience": 100,
            ])
        let rates = try #require(job.curves["train:learning_rate"]).map(\.value)
        #expect(abs((rates.first ?? 0) - 0.01) < 1e-3)
        #expect((rates.last ?? 1) < 0.001)
    }

    @Test func whatHasNoGradientBeginsNoCurveOfIt() throws {
        let job = try job("kmeans", ["k": 3])
        #expect(job.curves.keys.filter { MetricName($0).isOfSteps } == [])
    }

    @Test func theyAreNoMetricsOfTheModel() throws {
        let job = try job("linear-learner", ["epochs": 3])
        #expect(job.metrics.keys.filter { MetricName($0).isOfSteps } == [])
    }
}
