import Testing

@testable import Learners

/// Finding the library, and what its settings and errors look like to a user.
@Suite struct TreeLibraryTests {
    @Test func `a library that was named is the only one tried`() {
        #expect(
            XGBoostLibrary.candidates(named: "/x/libxgboost.so", environment: "/v", home: "/h", program: "/p/bin/descent")
                == ["/x/libxgboost.so"])
        let all = XGBoostLibrary.candidates(named: nil, environment: nil, home: nil, program: "/p/bin/descent")
        #expect(all.suffix(3) == ["/p/bin/../lib/libxgboost.so", "libxgboost.so", "libxgboost.so.0"])
    }

    @Test func `without the library one line says how to get it`() {
        let fault = TreeSamples.fault { () throws(LearnerError) in
            _ = try XGBoostLibrary.loadFirst(["/nonexistent/libxgboost.so"])
        }
        #expect(fault?.code == .libraryMissing)
        #expect(
            fault?.message
                == "the XGBoost library is not here: pip install xgboost-cpu, or name the file in DESCENT_XGBOOST")
    }

    @Test func `a library of something else is refused`() {
        let fault = TreeSamples.fault { () throws(LearnerError) in _ = try XGBoostLibrary.loadFirst(["libm.so.6"]) }
        #expect(fault?.code == .libraryMissing)
        #expect(fault?.message.contains("libm.so.6 has no XGBGetLastError") == true)
    }

    @Test func `of a message of the library the first line stays, without time and place`() {
        let text = "[19:50:01] /src/learner.cc:12: Unknown metric function nope\nStack trace:\n  [bt] (0)"
        #expect(XGBoostLibrary.essence(text) == "Unknown metric function nope")
        #expect(XGBoostLibrary.essence("") == "no message")
    }

    @Test func `metrics are read from the library's text, odd names and numbers too`() {
        let entries = Booster.entries("[3]\ttrain-error@0.7:0.25\tvalidation-tweedie-nloglik@1.5:1e-05\ttrain-auc:nan")
        #expect(entries.map(\.name) == ["train:error@0.7", "validation:tweedie-nloglik@1.5", "train:auc"])
        #expect(entries[1].value == 1e-05)
        #expect(entries[2].value.isNaN)
    }

    @Test(arguments: [
        (["eta": "1.5"], "eta = '1.5' is not valid: give a number of at least 0 and at most 1"),
        (["max_dept": "3"], "xgboost has no hyperparameter 'max_dept': did you mean 'max_depth'?"),
        (
            ["objective": "binary:logistic"],
            "objective = 'binary:logistic' does not fit a target for regressor: give auto or reg:squarederror"
        ),
    ])
    func `a wrong setting gets a line with what is valid`(settings: [String: String], message: String) {
        let fault = TreeSamples.fault { () throws(LearnerError) in
            _ = try XGBoostConfiguration(TreeSamples.request(.regressor, settings))
        }
        #expect(fault?.message == message)
    }

    @Test func `every setting resolves, and stopping is by rounds without tolerance`() throws {
        let plain = try XGBoostConfiguration(TreeSamples.request(.multiclassClassifier)).resolved
        #expect(plain["objective"] == "multi:softprob")
        #expect(plain["num_class"] == "3")
        #expect(plain["seed"] == "1")
        #expect(plain["early_stopping_patience"] == nil)
        let stopping = try XGBoostConfiguration(TreeSamples.request(.regressor, ["early_stopping_rounds": "7"])).resolved
        #expect(stopping["early_stopping_patience"] == "7")
    }

    @Test(.enabled(if: XGBoostLibrary.isAvailable)) func `what XGBoost refuses is an error before the first round`() {
        let fault = TreeSamples.fault { () throws(LearnerError) in
            _ = try TreeSamples.trainer(.regressor, ["eval_metric": "nope"])
        }
        #expect(fault?.code == .libraryFailed)
        #expect(fault?.message.contains("nope") == true)
        for (objective, words) in [("reg:gamma", "over 0"), ("reg:logistic", "from 0 to 1"), ("count:poisson", "at least 0")] {
            let fault = TreeSamples.fault { () throws(LearnerError) in
                _ = try TreeSamples.trainer(.regressor, ["objective": objective])
            }
            #expect(fault?.code == .invalidTarget)
            #expect(fault?.message.contains(words) == true)
        }
    }

    @Test(.enabled(if: XGBoostLibrary.isAvailable), arguments: XGBoostObjective.allCases)
    func `every objective trains and predicts finite numbers`(objective: XGBoostObjective) throws {
        let shift = TreeSamples.rows(0..<150, .regressor)
        let scaled = LabelledMatrix(features: shift.features, targets: shift.targets.map { 1 / (1 + abs($0)) })
        let trainer = try TreeSamples.trainer(
            objective.task, ["objective": objective.rawValue, "num_round": "5"],
            training: objective.task == .regressor ? scaled : TreeSamples.rows(0..<150, objective.task))
        let first = trainer.trainStep().loss
        trainer.finish()
        #expect(trainer.failure == nil)
        #expect(trainer.value("train:loss").isFinite && first.isFinite)
        #expect(try trainer.currentModel().predictScores(Samples.features).firstNonFiniteColumn == nil)
    }
}
