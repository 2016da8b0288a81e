import Events
import Learners
import Tables
import Testing

@testable import Training

/// Each file of `Files/learning` by its name: what its kind should give, by every algorithm that can learn it.
@Suite struct LearningCaseTests {
    private typealias Cases = LearningCases

    // MARK: Numbers

    @Test(arguments: LearningCases.fitting, [("hourly.csv.gz", 0.99), ("epoch-seconds.csv", 0.999), ("clean2.csv", 0.98)])
    func `what dates, seconds and plain numbers tell of a target is learned`(
        algorithm: String, file: (name: String, r2: Double)
    ) throws {
        let found = try Cases.learn(file.name, algorithm)
        #expect(try found.metric("validation:r2") > file.r2)
        #expect(found.goal.contains("(regression)"))
    }

    /// 1,498 shops in 12,000 rows.
    @Test(arguments: LearningCases.fitting)
    func `high-cardinality: a shop tells what its rows have in common`(algorithm: String) throws {
        let found = try Cases.learn("high-cardinality.csv.gz", algorithm)
        #expect(try found.metric("validation:r2") > 0.9)
        #expect(found.warnings.contains { $0.hasPrefix("shop: ") && $0.contains(" categories, ") }, "\(found.warnings)")
    }

    @Test(arguments: LearningCases.fitting)
    func `scale-crash: a column of 1e12 and a target of 1e-12 are learned from`(algorithm: String) throws {
        let found = try Cases.learn("scale-crash.csv", algorithm, target: "b")
        #expect(try found.metric("train:r2") > 0.7)
        let predicted = try #require(try found.model.predict(Cases.path("scale-crash.csv")).first).texts.compactMap { Double($0) }
        #expect(predicted.count == 5 && predicted.allSatisfy { abs($0 - 3e-12) < 3e-12 }, "\(predicted)")
    }

    /// Ten prices, all distinct, are no classes.
    @Test(arguments: LearningCases.fitting)
    func `small-regression: ten prices are numbers`(algorithm: String) throws {
        let found = try Cases.learn("small-regression.csv", algorithm, target: "price")
        #expect(found.goal.hasPrefix("price is a number from 60432 to 280727 (regression)"), "\(found.goal)")
        #expect(found.model.target?.classes == nil)
        #expect(try found.metric("train:r2") > 0.9)
    }

    // MARK: Rare values

    /// One row in 1,500 has the status Alone, and its y is yes.
    ///
    /// scikit-learn 1.9.1: StandardScaler on x, OneHotEncoder on status, LogisticRegression(tol=1e-10), fitted on rare-category.csv:
    /// log_loss on rare-category-test.csv.
    @Test(arguments: zip(LearningCases.fitting, [1.01, 1.2, 1.15]))
    func `rare-category: one row does not decide alone`(algorithm: String, factor: Double) throws {
        let found = try Cases.learn("rare-category.csv", algorithm) { $0.validationSplit = 0 }
        let evaluation = try found.model.evaluation(of: try found.table("rare-category-test.csv"))
        let loss = try #require(evaluation.metrics[MetricName("test:log_loss")])
        #expect(loss < 0.5889093607 * factor, "\(loss)")
        #expect(loss == evaluation.metrics[MetricName("test:loss")])
    }

    /// Two rows of a hundred are of the class 1.
    @Test(arguments: LearningCases.supervised)
    func `rare: a class of two rows leaves a model that is no worse than none`(algorithm: String) throws {
        let found = try Cases.learn("rare.csv", algorithm)
        // Saying 2 in 80 of every training row, of which two are of the class, costs 0.117 a row.
        #expect(try found.metric("train:log_loss") < 0.118)
        #expect(try found.metric("validation:log_loss") < 0.05)
        #expect(found.goal.contains("positive is 1"), "\(found.goal)")
        #expect(
            found.warnings.contains { $0.hasPrefix("the classes of y are uneven: 98 rows in the largest") }, "\(found.warnings)")
    }

    /// One row of 301 is of the class C.
    @Test(arguments: LearningCases.supervised)
    func `rare-class: a class of one row is a class`(algorithm: String) throws {
        let found = try Cases.learn("rare-class.csv", algorithm)
        #expect(found.model.target?.classes == ["A", "B", "C"])
        #expect(try found.metric("validation:accuracy") > 0.95)
        #expect(try found.metric("validation:log_loss").isFinite)
    }

    @Test(arguments: LearningCases.supervised)
    func `unseen-class: a class that training did not have counts as wrong`(algorithm: String) throws {
        let found = try Cases.learn("rare-class.csv", algorithm)
        let evaluation = try found.model.evaluation(of: try found.table("unseen-class.csv"))
        #expect(evaluation.rowCount == 3)
        #expect(abs(try #require(evaluation.metrics[MetricName("test:accuracy")]) - 2.0 / 3) < 0.34)
        #expect(evaluation.classes.first { $0.name == "D" }?.recall == 0)
        let words = "1 row has a y that training did not have, 'D': it counts as wrong"
        #expect(evaluation.notes.contains { $0.hasPrefix(words) }, "\(evaluation.notes)")
    }

    @Test(arguments: LearningCases.supervised)
    func `evaluate-no-target: a file without a target is refused, and predicted for`(algorithm: String) throws {
        let found = try Cases.learn("rare-class.csv", algorithm)
        let bare = try found.table("evaluate-no-target.csv")
        let fault = #expect(throws: TrainingError.self) { try found.model.evaluation(of: bare) }
        #expect(fault?.message.contains("no row has a y") == true, "\(fault?.message ?? "")")
        #expect(try found.model.predict(bare).first?.texts.count == 2)
    }

    // MARK: Weights

    /// wt_zero is wt_base with 200 rows of weight 0, far from all others.
    @Test(arguments: LearningCases.learners)
    func `wt_zero: rows of weight 0 are as if they were not there`(algorithm: String) throws {
        let found = try ["wt_base.csv", "wt_zero.csv"].map { file in
            try Cases.learn(file, algorithm) { request in
                request.weight = "w"
                if Cases.unsupervised.contains(algorithm) { request.drop = ["y"] }
            }
        }
        #expect(!found[0].result.metrics.isEmpty && found[0].result.metrics == found[1].result.metrics)
        #expect(found[1].warnings.contains("200 rows have w 0: they are left out"), "\(found[1].warnings)")
    }

    @Test(arguments: LearningCases.learners)
    func `wt_val10: ten times the weights judge a model alike`(algorithm: String) throws {
        let found = try ["wt_val.csv", "wt_val10.csv"].map { file in
            try Cases.learn("wt_base.csv", algorithm) { request in
                (request.weight, request.validationPath) = ("w", Cases.path(file))
                if Cases.unsupervised.contains(algorithm) { request.drop = ["y"] }
            }
        }
        #expect(found[0].result.metrics.keys.contains { $0.split == "validation" })
        #expect(found[0].result.metrics == found[1].result.metrics)
    }

    // MARK: Without a target

    @Test(
        arguments: LearningCases.unsupervised,
        [
            "clean2.csv", "epoch-seconds.csv", "high-cardinality.csv.gz", "hourly.csv.gz", "rare-category.csv", "rare-class.csv",
            "rare.csv", "scale-crash.csv", "small-regression.csv", "wt_base.csv", "wt_val.csv",
        ])
    func `clusters and components are found in every file`(algorithm: String, file: String) throws {
        let found = try Cases.learn(file, algorithm)
        let loss = try found.metric("train:loss"), judged = try found.metric("validation:loss")
        #expect(loss.isFinite && loss >= 0 && judged.isFinite && judged >= 0)
        let table = try found.table(file)
        #expect(try found.model.predict(table).allSatisfy { $0.texts.count == table.rowCount })
    }

    @Test(arguments: LearningCases.unsupervised)
    func `what training did not have is still near a cluster or on a component`(algorithm: String) throws {
        let found = try Cases.learn("rare-class.csv", algorithm)
        for file in ["unseen-class.csv", "evaluate-no-target.csv"] {
            let predicted = try found.model.predict(try found.table(file))
            #expect(predicted.allSatisfy { $0.texts.allSatisfy { Double($0)?.isFinite == true } }, "\(file)")
        }
        let words = found.model.warnings(for: try found.table("unseen-class.csv")).map(\.message)
        #expect(words == ["y has 1 value that training did not have, 'D': it counts as (other)"])
    }
}
