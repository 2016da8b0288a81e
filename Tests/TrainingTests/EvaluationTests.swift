import Events
import Learners
import Tables
import Testing

@testable import Training

/// How a model is measured: beside a baseline, with weights, on classes that training did not have.
@Suite struct EvaluationTests {
    private struct Trained {
        let lab: Laboratory
        let result: JobResult
        let warnings: [String]
        let model: Model
    }

    private func train(
        _ text: String, target: String?, algorithm: String = "linear-learner", settings: [String: String] = [:],
        weight: String? = nil, drop: [String] = [], validation: String? = nil,
        folds: Int? = nil
    ) throws -> Trained {
        let lab = try Laboratory()
        let data = try lab.folder.write(text, as: "rows.csv")
        let events = try lab.run("run", data: data, target: target, algorithm: algorithm, settings) { request in
            (request.weight, request.drop, request.folds) = (weight, drop, folds)
            if let validation { request.validationPath = try lab.folder.write(validation, as: "validation.csv") }
        }
        let result = try #require(events.result)
        #expect(result.status == .completed, "\(result.reason)")
        let warnings = events.compactMap { event in
            if case .job(.dataWarned(let warning)) = event.kind { warning.message } else { nil }
        }
        return Trained(
            lab: lab, result: result, warnings: warnings,
            model: try #require(try Model.load(fromFolder: lab.folder.path + "/run")))
    }

    private func table(_ text: String, _ own: Trained) throws -> Table {
        try own.model.read(own.lab.folder.write(text, as: "other.csv"))
    }

    @Test func aBaselineOfSmallTargetsIsSmallAndNotNothing() throws {
        let text = "x,y\n" + (0..<60).map { "\($0 % 7),\(Double($0 % 7) * 1e-12)\n" }.joined()
        let own = try train(text, target: "y")
        let baseline = try #require(own.result.evaluation?.baseline)
        let mse = try #require(baseline[MetricName("validation:mse")])
        #expect(mse > 1e-25 && mse < 1e-23, "\(mse)")
    }

    // MARK: Weights

    /// 240 rows about y = 2 a - b, of which those with `extra` are far off and weigh 0.
    private static func rows(extra: Bool, scale: Double = 1, count: Int = 240) -> String {
        var text = "a,b,w,y\n"
        for row in 0..<count {
            let a = Double(row * 37 % 101) / 50 - 1, b = Double(row * 53 % 89) / 40 - 1
            text += "\(a),\(b),\(scale * Double(row % 4 + 1)),\(2 * a - b + Double(row * 29 % 13) / 40)\n"
            if extra, row % 2 == 0 { text += "\(a * 50),\(b + 900),0,-4000\n" }
        }
        return text
    }

    private static let learners: [(name: String, settings: [String: String], hasTarget: Bool)] = [
        ("linear-learner", ["epochs": "4"], true), ("neural-network", ["epochs": "3", "hidden_layers": "4"], true),
        ("kmeans", ["k": "3"], false), ("pca", ["num_components": "2"], false),
    ]

    @Test(arguments: EvaluationTests.learners.map(\.name) + (XGBoostLibrary.isAvailable ? ["xgboost"] : []))
    func `a row of weight 0 is as if it were not there, and weights in other units give the same bits`(name: String) throws {
        let own = Self.learners.first { $0.name == name } ?? (name, ["num_round": "3"], true)
        let trained = try [
            Self.rows(extra: false), Self.rows(extra: true), Self.rows(extra: false, scale: 8),
        ].map {
            try train(
                $0, target: own.hasTarget ? "y" : nil, algorithm: name, settings: own.settings, weight: "w",
                drop: own.hasTarget ? [] : ["y"])
        }
        let base = trained[0].result.metrics
        #expect(!base.isEmpty)
        for (other, words) in zip(trained.dropFirst(), ["without rows of weight 0", "eight times the weights"]) {
            #expect(Set(other.result.metrics.keys) == Set(base.keys))
            for (metric, value) in other.result.metrics { #expect(value == base[metric], "\(metric) \(words)") }
        }
        #expect(trained[1].warnings.contains("120 rows have w 0: they are left out"))
        #expect(trained[2].warnings.contains { $0.hasPrefix("weights w are brought to mean 1: they were ") })
        let more = try train(
            Self.rows(extra: false), target: own.hasTarget ? "y" : nil, algorithm: name, settings: own.settings, weight: "w",
            drop: own.hasTarget ? [] : ["y"], validation: Self.rows(extra: false, count: 60))
        let scaled = try train(
            Self.rows(extra: false), target: own.hasTarget ? "y" : nil, algorithm: name, settings: own.settings, weight: "w",
            drop: own.hasTarget ? [] : ["y"], validation: Self.rows(extra: true, scale: 16, count: 60))
        for (metric, value) in scaled.result.metrics { #expect(value == more.result.metrics[metric], "\(metric)") }
        #expect(scaled.warnings.contains { $0.hasPrefix("weights w of the validation rows are brought to mean 1: they were 4") })
    }

    // MARK: Baselines

    @Test func `numbers are measured beside the training mean`() throws {
        let own = try train("a,y\n" + (0..<50).map { "\($0),\(3 * $0 % 17)\n" }.joined(), target: "y")
        let found = try own.model.evaluation(of: table("a,y\n1,2\n2,4\n3,12\n", own))
        #expect(found.rowCount == 3)
        #expect(found.classes.isEmpty && found.confusion.isEmpty && found.positiveClass == nil)
        // What all predictions are is the mean of 40 training rows: the root mean squared distance from it, by hand.
        let mean = try #require(own.model.baseline?.mean)
        let squares = [2.0, 4, 12].map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let rmse = try #require(found.baseline[MetricName("test:rmse")])
        #expect(abs(rmse - (squares / 3).squareRoot()) < 1e-5)
        #expect(Set(found.baseline.keys) == Set(found.metrics.keys))
        #expect(own.result.evaluation?.baseline[MetricName("validation:rmse")] != nil)
    }

    private static let classes = "a,y\n" + (0..<60).map { "\($0),\($0 % 3 == 0 ? "yes" : "no")\n" }.joined()

    @Test func `classes are measured beside the majority and the classes' shares`() throws {
        let own = try train(Self.classes, target: "y")
        let found = try own.model.evaluation(of: table("a,y\n1,no\n2,no\n3,yes\n4,no\n5,\n", own))
        #expect(found.rowCount == 4)
        #expect(found.notes == ["1 row has no y: it is left out"])
        #expect(found.positiveClass == "yes")
        #expect(found.baseline[MetricName("test:accuracy")] == 0.75)
        #expect(found.baseline[MetricName("test:recall")] == 0)
        // scikit-learn's log_loss of [2/3, 1/3] for each row.
        let loss = try #require(found.baseline[MetricName("test:log_loss")])
        #expect(abs(loss - 0.5787519032) < 1e-6)
        #expect(found.classes.map(\.name) == ["no", "yes"])
        #expect(found.classes.map(\.support) == [3, 1])
        #expect(found.confusion.map { $0.reduce(0, +) } == [3, 1])
        let lost = try #require(found.metrics[MetricName("test:loss")])
        #expect(lost == found.metrics[MetricName("test:log_loss")])
    }

    @Test func `a loss that weighs classes says why it is not the log loss`() throws {
        let own = try train(Self.classes, target: "y", settings: ["positive_example_weight_mult": "balanced"])
        let found = try own.model.evaluation(of: table(Self.classes, own))
        #expect(found.metrics[MetricName("test:loss")] != found.metrics[MetricName("test:log_loss")])
        #expect(found.notes.count == 1 && found.notes[0].hasPrefix("loss counts rows by their class"))
    }

    @Test func `targets of 0 leave mape out, with a word`() throws {
        let own = try train("a,y\n" + (0..<50).map { "\($0),\(3 * $0 % 17)\n" }.joined(), target: "y")
        let found = try own.model.evaluation(of: table("a,y\n1,2\n2,0\n3,12\n", own))
        #expect(found.metrics[MetricName("test:mape")] == nil)
        #expect(found.notes == ["mape is left out: 1 of the targets is 0, and no error is relative to that"])
        #expect(try own.model.evaluate(table("a,y\n1,2\n3,12\n", own))[MetricName("test:mape")] != nil)
    }

    // MARK: Classes that training did not have

    @Test(arguments: ["linear-learner", "neural-network"] + (XGBoostLibrary.isAvailable ? ["xgboost"] : []))
    func `a class that training did not have counts as wrong, in evaluation and in validation`(name: String) throws {
        let text = "a,y\n" + (0..<90).map { "\($0),\(["A", "B", "C"][$0 / 30])\n" }.joined()
        let strange = "a,y\n5,A\n45,B\n80,C\n81,D\n82,D\n"
        let own = try train(text, target: "y", algorithm: name, validation: strange)
        let words = "2 rows have a y that training did not have, such as 'D': they count as wrong; "
        #expect(own.warnings.contains { $0.hasPrefix(words) })
        let evaluation = try own.model.evaluation(of: table(strange, own))
        #expect(evaluation.notes.count == 1 && evaluation.notes[0].hasPrefix(words))
        for (found, split) in [(evaluation, "test"), (try #require(own.result.evaluation), "validation")] {
            #expect(found.classes.map(\.name) == ["A", "B", "C", "D"])
            #expect(found.classes[3].recall == 0 && found.classes[3].support == 2)
            #expect(found.confusion[3].reduce(0, +) == 2)
            let right = (0..<4).reduce(0) { $0 + found.confusion[$1][$1] }
            #expect(try #require(found.metrics[MetricName("\(split):accuracy")]) == right / 5)
            #expect(try #require(found.metrics[MetricName("\(split):loss")]).isFinite)
        }
        let none = try table("a,y\n1,\n2,\n", own)
        let fault = #expect(throws: TrainingError.self) { try own.model.evaluation(of: none) }
        #expect(fault?.message.contains("no row has a y") == true)
    }

    // MARK: Folds

    @Test func `of folds every row is told once, beside a baseline learned without it`() throws {
        let own = try train(Self.classes, target: "y", settings: ["epochs": "5"], folds: 3)
        let found = try #require(own.result.evaluation)
        #expect(found.rowCount == 60)
        #expect(found.classes.map(\.support) == [40, 20])
        let right = (0..<2).reduce(0) { $0 + found.confusion[$1][$1] }
        let accuracy = MetricName("validation:accuracy")
        #expect(abs(try #require(found.metrics[accuracy]) - right / 60) < 1e-9)
        #expect(abs(try #require(found.baseline[accuracy]) - 2.0 / 3) < 0.02)
        #expect(found.positiveClass == "yes")
    }

    // MARK: Objectives

    @Test(arguments: [
        ("linear-learner", "mcc"), ("neural-network", "pr_auc"), ("neural-network", "brier"),
        ("linear-learner", "balanced_accuracy"),
    ])
    func `what is told of finished models may be what a run is judged by`(algorithm: String, metric: String) throws {
        let own = try train(
            Self.classes, target: "y", algorithm: algorithm, settings: ["objective_metric": metric, "epochs": "3"])
        #expect(own.result.bestStep != nil)
        #expect(own.result.metrics[MetricName("validation:\(metric)")] != nil)
        #expect(own.result.metrics[MetricName("validation:mcc")] != nil)
    }
}
