import Events
import Tables
import TemporaryFolders
import Testing

@testable import Training

@Suite struct ComparisonTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = try folder.write(SampleTable.regression(rows: 600), as: "rows.csv")
    }

    private func record(_ name: String, _ estimator: Estimator, path: String, target: String) throws -> RunRecord {
        let request = JobRequest(
            datasetPath: path, target: target, algorithm: estimator.algorithm, hyperparameters: estimator.hyperparameters,
            validationSplit: estimator.validationSplit, seed: estimator.seed)
        return RunRecord(
            id: RunID(name), name: name, experiment: "e", algorithm: estimator.algorithm, request: request, hyperparameters: [:],
            objective: Objective(metric: MetricName("validation:rmse"), minimises: true), seed: estimator.seed,
            dataFingerprint: try Table(contentsOf: path).fingerprint, gitRevision: nil, version: "1", createdAt: 0, processID: 1)
    }

    /// Trains a model and keeps it as a run does.
    private func train(
        _ name: String, _ estimator: Estimator, path: String, target: String
    ) throws -> (HeldOutComparing.Candidate, [String: Double]) {
        let job = try estimator.fit(path, target: target)
        try job.model.save(toFolder: folder.path + "/" + name)
        let record = try record(name, estimator, path: path, target: target)
        return (HeldOutComparing.Candidate(record: record, folder: folder.path + "/" + name), job.metrics)
    }

    @Test func heldOutRowsAreThoseOfTheJobAndIntervalsThoseOfTheirSpread() throws {
        let good = try train("good", Estimator("linear-learner", ["epochs": 20], seed: 3), path: path, target: "y")
        let poor = try train(
            "poor", Estimator("linear-learner", ["epochs": 1, "learning_rate": 0.001], seed: 3), path: path, target: "y")
        let result = try HeldOutComparing.compare([good.0, poor.0])
        #expect(result.rowCount == 120)
        let rmse = try #require(result.measures.first { $0.name == "rmse" })
        for (value, metrics) in zip(rmse.values, [good.1, poor.1]) {
            let own = try #require(metrics["validation:rmse"])
            #expect(abs(value - own) < 1e-4 * own)
        }
        // Of a mean the interval is close to 1.96 standard errors of the row-wise differences on each side.
        let mae = try #require(result.measures.first { $0.name == "mae" })
        let interval = try #require(mae.intervals[1])
        #expect(interval.contains(mae.values[1] - mae.values[0]))
        #expect(!interval.contains(0))
        #expect(mae.intervals[0] == nil)
        #expect(result.residuals.map(\.count) == [120, 120])
        #expect(result.disagreements.count == 12)
        let strongest = try #require(result.disagreements.first)
        let spread = strongest.predicted.compactMap { Double($0) }
        let next = result.disagreements[1].predicted.compactMap { Double($0) }
        #expect(abs(spread[0] - spread[1]) >= abs(next[0] - next[1]))
        #expect(try HeldOutComparing.compare([good.0, poor.0]) == result)
    }

    @Test func resampledDifferencesMatchTheStandardError() throws {
        // 400 rows whose differences are 1 ± 2 by turns: standard error 0.1.
        let expected = [Float](repeating: 0, count: 400)
        let first = ModelOutcome(regression: [Float](repeating: 10, count: 400), expected)
        let second = ModelOutcome(regression: (0..<400).map { $0 % 2 == 0 ? 13 : 9 }, expected)
        let mae = try #require(RowResampling.measures([first, second]).first { $0.name == "mae" })
        let interval = try #require(mae.intervals[1])
        #expect(abs(interval.lowerBound - (1 - 0.196)) < 0.03)
        #expect(abs(interval.upperBound - (1 + 0.196)) < 0.03)
    }

    @Test func classifiersAreComparedByConfusionAndCurves() throws {
        let path = try folder.write(SampleTable.sortedClasses(rows: 400), as: "classes.csv")
        let one = try train("one", Estimator("linear-learner", ["epochs": 10], seed: 1), path: path, target: "label")
        let two = try train("two", Estimator("linear-learner", ["epochs": 2], seed: 1), path: path, target: "label")
        let result = try HeldOutComparing.compare([one.0, two.0])
        #expect(result.classes == ["no", "yes"])
        #expect(result.confusions.allSatisfy { $0.reduce(0, +) == result.rowCount })
        let accuracy = try #require(result.measures.first { $0.name == "accuracy" })
        let right = Double(result.confusions[0][0] + result.confusions[0][3]) / Double(result.rowCount)
        #expect(abs(accuracy.values[0] - right) < 1e-12)
        #expect(abs(accuracy.values[0] - (one.1["validation:accuracy"] ?? 0)) < 1e-6)
        #expect(result.roc.allSatisfy { $0.first == HeldOutComparison.Point(0, 0) && $0.last == HeldOutComparison.Point(1, 1) })
        #expect(result.calibration.allSatisfy { $0.allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) } })
    }

    @Test func runsWithOtherSeedsShareOnlyWhatBothHeldOut() throws {
        let one = try train("one", Estimator("linear-learner", ["epochs": 2], seed: 1), path: path, target: "y")
        let two = try train("two", Estimator("linear-learner", ["epochs": 2], seed: 2), path: path, target: "y")
        let table = try Table(contentsOf: path)
        let splits = try [1, 2].map { try RowSplit(table, method: .random, fraction: 0.2, seed: $0).heldOut }
        let shared = Set(splits[0]).intersection(splits[1]).count
        #expect(try HeldOutComparing.compare([one.0, two.0]).rowCount == shared)
    }

    @Test func whatCannotBeComparedSaysWhy() throws {
        let one = try train("one", Estimator("linear-learner", ["epochs": 2], seed: 1), path: path, target: "y")
        let other = try folder.write(SampleTable.regression(rows: 300), as: "other.csv")
        let two = try train("two", Estimator("linear-learner", ["epochs": 2], seed: 1), path: other, target: "y")
        #expect {
            try HeldOutComparing.compare([one.0, two.0])
        } throws: {
            ($0 as? TrainingError)?.message == "one and two were trained on different files"
        }
        let three = try train("three", Estimator("linear-learner", ["epochs": 3], seed: 1), path: path, target: "y")
        _ = try folder.write(SampleTable.regression(rows: 601), as: "rows.csv")
        #expect {
            try HeldOutComparing.compare([one.0, three.0])
        } throws: {
            ($0 as? TrainingError)?.message.contains("is not what one was trained on: the file changed") == true
        }
    }

    @Test func aRunThatCannotBeAskedTakesNothingFromTheOthers() throws {
        let one = try train("one", Estimator("linear-learner", ["epochs": 2], seed: 1), path: path, target: "y")
        let two = try train("two", Estimator("linear-learner", ["epochs": 9], seed: 1), path: path, target: "y")
        let bare = HeldOutComparing.Candidate(
            record: try record("bare", Estimator("linear-learner", seed: 1), path: path, target: "y"),
            folder: folder.path + "/nowhere")
        let pair = try HeldOutComparing.compare([one.0, two.0])
        let three = try HeldOutComparing.compare([bare, one.0, two.0])
        #expect(three.places == [1, 2])
        #expect(three.leftOut == [.init(place: 0, reason: "bare has no model yet")])
        #expect(three.measures == pair.measures)
        #expect(three.disagreements == pair.disagreements)
        #expect(throws: TrainingError.self) { try HeldOutComparing.compare([bare, one.0]) }
    }

    @Test func theBestOfARowIsMarkedWhereValuesCompare() throws {
        func summary(_ name: String, _ target: String, _ loss: Double?) throws -> RunSummary {
            var record = try record(name, Estimator("linear-learner", seed: 1), path: path, target: target)
            record.dataFingerprint = "f"
            var summary = RunSummary(record: record)
            summary.lastMetrics = [.validationLoss: loss].compactMapValues { $0 }
            return summary
        }
        func best(_ runs: RunSummary..., kept: [RunID: [MetricName: Double]] = [:]) -> Set<Int>? {
            RunComparing.compare(runs, all: runs, kept: kept).metrics.first { $0.name == .validationLoss }?.best
        }
        let (a, b, c) = (try summary("a", "y", 3), try summary("b", "y", 2), try summary("c", "y", .nan))
        #expect(best(a, b, c) == [1])
        #expect(best(b, try summary("d", "y", 2), a) == [0, 1])
        #expect(best(b, try summary("d", "y", 2)) == [])
        #expect(best(a, try summary("d", "other", 2)) == [])
        // What a model was kept with counts, and not what came last.
        #expect(best(a, b, kept: [a.record.id: [.validationLoss: 1], b.record.id: [.validationLoss: 2]]) == [0])
        let sources = RunComparing.compare([a, b], all: [], kept: [a.record.id: [.validationLoss: 1]]).sources
        #expect(sources == [.keptModel(step: nil), .newest(step: 0)])
    }

    @Test func seedsDecideAsWelchsTestDoes() throws {
        // scipy 1.17.1, ttest_ind(equal_var=False): t = 3.38, p = 0.0419 with 3.05 degrees of freedom.
        let first = [0.472, 0.4673, 0.4707], second = [0.39, 0.41, 0.46, 0.42]
        let verdict = try #require(SeedSpread.verdict(first, second, minimises: true))
        #expect(verdict.outcome == .better)
        #expect(verdict.reason == "t 3.4 > 3.2, spread over 3 and 4 seeds")
        #expect(SeedSpread.verdict(first, second, minimises: false)?.outcome == .worse)
        // statistics.stdev
        let spread = try #require(SeedSpread.spread(second))
        #expect(spread.count == 4 && abs(spread.mean - 0.42) < 1e-12 && abs(spread.deviation - 0.029439202887759) < 1e-12)
        #expect(SeedSpread.spread([1]) == nil)
        // One run against a group: outside the group's prediction interval or not.
        #expect(SeedSpread.verdict(second, [0.45], minimises: true)?.outcome == .even)
        #expect(SeedSpread.verdict(second, [0.8], minimises: true)?.outcome == .worse)
        #expect(SeedSpread.verdict([1], [2], minimises: true) == nil)
        // scipy.stats.t.ppf(0.975, [1, 2, 5, 30, 121])
        for (freedom, point) in zip([1.0, 2, 5, 30, 121], [12.706, 4.303, 2.571, 2.042, 1.980]) {
            #expect(SeedSpread.critical(freedom) == point)
        }
    }

    @Test func lossesOfDifferentColumnsAreNotBetterOrWorse() throws {
        let runs = try [("a1", 1, "y"), ("a2", 2, "y"), ("b1", 1, "a"), ("b2", 2, "a")].map { name, seed, target in
            var record = try self.record(name, Estimator("linear-learner", [:]), path: path, target: target)
            (record.seed, record.request.seed) = (UInt64(seed), UInt64(seed))
            var run = RunSummary(record: record)
            run.status = .completed
            run.lastMetrics = [.validationLoss: (target == "y" ? 100 : 1) + Double(seed) / 1000]
            return run
        }
        let loss = RunComparing.compare([runs[0], runs[2]], all: runs).metrics.first { $0.name == .validationLoss }
        #expect(loss?.verdicts[1]?.outcome == RunComparison.Verdict.Outcome.none)
        #expect(loss?.verdicts[1]?.reason.contains("different columns") == true)
    }

    @Test func lossesOnDifferentDataAreNotBetterOrWorse() throws {
        let runs = try ["a", "b", "c"].map { name in
            var record = try self.record(name, Estimator("linear-learner", [:]), path: path, target: "y")
            if name == "b" { record.dataFingerprint = "of another file" }
            // What it learned from is not known yet.
            if name == "c" { record.dataFingerprint = "" }
            var run = RunSummary(record: record)
            run.lastMetrics = [.validationLoss: name == "b" ? 1 : 2]
            return run
        }
        let comparison = RunComparing.compare(runs, all: runs)
        #expect(comparison.obstacles == [nil, .data, nil])
        let loss = comparison.metrics.first { $0.name == .validationLoss }
        #expect(loss?.verdicts[1]?.reason == "they were judged by different data: no verdict")
        #expect(loss?.best.isEmpty == true)
    }

    @Test func settingsOfOtherAlgorithmsAreNoDifferenceUnlessSetByHand() throws {
        func summary(_ name: String, _ algorithm: String, _ resolved: [String: String], _ byHand: [String: String]) throws
            -> RunSummary
        {
            var record = try record(name, Estimator(algorithm, byHand), path: path, target: "y")
            record.hyperparameters = resolved
            return RunSummary(record: record)
        }
        let one = try summary("one", "linear-learner", ["epochs": "3", "wd": "0"], ["epochs": "3"])
        let two = try summary("two", "xgboost", ["eta": "0.3", "epochs": "5"], [:])
        let rows = RunComparing.compare([one, two], all: [one, two]).hyperparameters
        #expect(rows.map(\.name) == ["epochs", "eta", "wd"])
        #expect(rows.map(\.differs) == [true, false, false])
    }
}

extension ModelOutcome {
    /// What a regressor said.
    fileprivate init(regression values: [Float], _ expected: [Float]) {
        self.init(expected: expected, values: values, width: 1, classes: [], hasProbabilities: false)
    }
}
