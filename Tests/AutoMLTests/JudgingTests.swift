import Learners
import Testing

@testable import AutoML

/// What candidates are judged by, which are tried, and what their files say.
@Suite struct JudgingTests {
    @Test func metricsAreThoseOfScikitLearn() {
        // scikit-learn 1.9.1 on these rows.
        let expected: [Double] = [0, 1, 1, 0, 1, 0, 0, 1], shares: [Double] = [0.1, 0.8, 0.4, 0.6, 0.9, 0.2, 0.3, 0.35]
        let two = { SelectionObjective(metric: $0, task: .binaryClassifier, classCount: 2).value(shares, expected) }
        #expect(two("accuracy") == 0.625 && two("precision") == 2.0 / 3 && two("recall") == 0.5)
        #expect(abs(two("f1") - 0.5714285714285714) < 1e-15 && two("balanced_accuracy") == 0.625)
        #expect(two("roc_auc") == 0.875)
        #expect(abs(two("log_loss") - 0.487010833266224) < 1e-15)
        let classes: [Double] = [0, 1, 2, 2]
        let rows = [0.7, 0.2, 0.1, 0.5, 0.4, 0.1, 0.2, 0.2, 0.6, 0.3, 0.3, 0.4]
        let three = { SelectionObjective(metric: $0, task: .multiclassClassifier, classCount: 3).value(rows, classes) }
        #expect(three("accuracy") == 0.75 && abs(three("balanced_accuracy") - 2.0 / 3) < 1e-15)
        #expect(abs(three("f1") - 0.5555555555555555) < 1e-15)
        let numbers = { SelectionObjective(metric: $0, task: .regressor, classCount: 1).value([1, 2, 4], [1, 3, 5]) }
        #expect(abs(numbers("mse") - 2.0 / 3) < 1e-15 && abs(numbers("mae") - 2.0 / 3) < 1e-15)
        #expect(abs(numbers("r2") - 0.75) < 1e-15)
    }

    @Test func theUsualMetricIsThatOfAutopilotAndAnotherIsTaken() throws {
        func choice(_ task: LearningTask, _ metric: String?) throws -> ProblemChoice {
            try ProblemChoice(task: task, classCount: 3, goal: "y is a number", metric: metric)
        }
        #expect(try choice(.regressor, nil).objective.metric == "mse")
        #expect(try choice(.binaryClassifier, nil).objective.metric == "f1")
        #expect(try choice(.multiclassClassifier, nil).objective.metric == "accuracy")
        #expect(try choice(.binaryClassifier, "validation:roc_auc").objective.metric == "roc_auc")
        let refusal = #expect(throws: ProblemChoice.Refusal.self) { try choice(.regressor, "f1") }
        #expect(
            refusal?.description == "--objective 'f1' does not judge this target (y is a number): choose from mse, rmse, mae, r2")
    }

    @Test func foldsAreFewerOfFewRowsAndOfARareClass() {
        #expect([40, 65, 75, 80, 100_000].map { Judging.folds(rowCount: $0, smallestClass: nil) } == [5, 6, 7, 8, 8])
        #expect(Judging.folds(rowCount: 1_000, smallestClass: 3) == 3 && Judging.folds(rowCount: 1_000, smallestClass: 1) == 2)
    }

    @Test func familiesTakeTurnsAndTheCheapestBegins() {
        let plans = Portfolio(.init(rowCount: 1_000, columnCount: 8, task: .regressor)).candidates
        #expect(plans.first?.name == "linear" && Set(plans.map(\.name)).count == plans.count)
        for place in 1..<10 { #expect(plans[place - 1].family != plans[place].family) }
        #expect(Set(plans.prefix(6).map(\.family)) == [.linear, .boosted, .network, .forest, .neighbours])
        let large = Portfolio(.init(rowCount: 50_000, columnCount: 8, task: .regressor)).candidates
        let wide = Portfolio(.init(rowCount: 5_000, columnCount: 100, task: .regressor)).candidates
        #expect((large + wide).allSatisfy { $0.family != .neighbours })
        let without = Portfolio(.init(rowCount: 1_000, columnCount: 8, task: .regressor), hasTrees: false).candidates
        #expect(without.allSatisfy { $0.algorithm != "xgboost" } && without.count > 4)
    }

    @Test func aForestIsAsLargeAsThereIsTimeFor() {
        #expect(ForestSize.trees(planned: 200, secondsATree: 0.01, left: 30) == 200)
        #expect(ForestSize.trees(planned: 200, secondsATree: 0.1, left: 30) == 150)
        #expect(ForestSize.trees(planned: 200, secondsATree: 1, left: 30) == nil)
        // What took no time that could be measured fits, and nothing does after the limit.
        #expect(ForestSize.trees(planned: 200, secondsATree: 0, left: 1) == 200)
        #expect(ForestSize.trees(planned: 200, secondsATree: 0.1, left: -1) == nil)
        #expect(ForestSize.trees(planned: 5, secondsATree: 0.1, left: 1) == 5)
    }

    @Test func aSplitHasAChoiceOfColumnsWhereThereAreFew() {
        let parts = { (columns: Int) in
            Portfolio(.init(rowCount: 1_000, columnCount: columns, task: .regressor)).candidates
                .filter(\.family.isForest).compactMap { $0.hyperparameters["colsample_bynode"].flatMap { Double($0) } }
        }
        #expect(parts(1) == [1, 1, 1] && parts(4) == [0.5, 0.5, 0.5] && parts(20) == [0.5, 0.3, 0.3])
    }

    @Test func outOfFoldFilesAreReadAndDamagedOnesRefused() throws {
        let text = "row,fold,y,prediction,score\n1,1,no,no,0.25\n2,2,\"ye,s\",\"ye,s\",0.75\n4,1,no,\"ye,s\",0.5\n"
        let found = try HeldOutPredictions(outOfFold: text, classes: ["no", "ye,s"])
        #expect(found.rows == [1, 2, 4] && found.folds == [1, 2, 1] && found.expected == [0, 1, 0])
        #expect(found.predicted == [0.25, 0.75, 0.5])
        let worth = found.worth(SelectionObjective(metric: "accuracy", task: .binaryClassifier, classCount: 2))
        #expect(abs(worth.value - 2.0 / 3) < 1e-15 && abs((worth.spread ?? 0) - 0.3535533905932738) < 1e-15)
        for damaged in [
            "", "row,fold,y,prediction\n", text.replacing("0.75", with: "x"), text.replacing("4,1", with: "2,1"),
            text.replacing("1,1,no", with: "1,1,maybe"), text.replacing("0.5", with: "nan"), text + "5,1",
        ] {
            #expect(throws: HeldOutPredictions.Fault.self) {
                try HeldOutPredictions(outOfFold: damaged, classes: ["no", "ye,s"])
            }
        }
        let numbers = try HeldOutPredictions(outOfFold: "row,fold,y,prediction\n1,1,2.5,2.0\n3,2,-1,1e2\n", classes: nil)
        #expect(numbers.expected == [2.5, -1] && numbers.predicted == [2, 100])
        var other = numbers
        other.expected[0] = 2.500001
        #expect(numbers.judgesSameRows(as: other))
        other.expected[0] = 2.6
        #expect(!numbers.judgesSameRows(as: other) && !numbers.judgesSameRows(as: found))
        let average = HeldOutPredictions.average([numbers, numbers], weights: [0.25, 0.75])
        #expect(average?.predicted == [2, 100])
    }
}
