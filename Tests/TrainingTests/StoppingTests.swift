import Events
import Learners
import TemporaryFolders
import Testing
import Training

/// What a run is judged by, and what ends it.
@Suite struct StoppingTests {
    private func request(_ settings: [String: String], algorithm: String = "linear-learner", split: Double = 0.2) -> JobRequest {
        JobRequest(
            datasetPath: "x.csv", target: "label", algorithm: algorithm, hyperparameters: settings, validationSplit: split)
    }

    private func run(_ settings: [String: String], rows: Int = 600) throws -> [StudioEvent] {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: rows), as: "c.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", settings))
        lab.supervisor.waitUntilIdle()
        return lab.events()
    }

    private func values(_ events: [StudioEvent], of metric: String) -> [(step: Int, value: Double)] {
        events.compactMap { event in
            guard case .sample(.metricsRecorded(let metrics)) = event.kind else { return nil }
            return metrics.values[MetricName(metric)].map { (metrics.step, $0) }
        }
    }

    @Test func theBestModelIsTheOneWithTheBestValueOfTheMetricChosen() throws {
        let events = try run(["objective_metric": "f1", "epochs": "12", "early_stopping_patience": "off"])
        let curve = values(events, of: "validation:f1")
        #expect(curve.count == 12)
        let best = try #require(curve.map(\.value).max())
        let result = try #require(events.result)
        #expect(result.bestStep == curve.first { $0.value == best }?.step)
        #expect(abs(try #require(result.metrics[MetricName("validation:f1")]) - best) < 1e-6)
        let record = events.compactMap { event -> RunRecord? in
            if case .run(.registered(let record)) = event.kind { record } else { nil }
        }.last
        #expect(record?.objective == Objective(metric: MetricName("validation:f1"), minimises: false))
        #expect(record?.hyperparameters["objective_metric"] == "validation:f1")
    }

    @Test func aRunEndsWithTheFirstEvaluationThatReachesTheTarget() throws {
        let whole = values(try run(["epochs": "12", "early_stopping_patience": "off"]), of: "validation:loss")
        let target = whole[4].value
        let events = try run(["epochs": "12", "early_stopping_patience": "off", "target_value": "\(target)"])
        #expect(events.result?.reason == .targetValueReached)
        #expect(events.result?.status == .completed)
        #expect(events.result?.bestStep == whole.first { $0.value <= target }?.step)
    }

    @Test func aPreparationThatTakesAllOfARunsTimeIsRefused() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 30_000), as: "r.csv")
        let settings = ["epochs": "1000000", "early_stopping_patience": "off"]
        let short = lab.run("short", data: data, settings.merging(["max_runtime_in_seconds": "0.0001"]) { $1 }) { _ in }
        #expect(short.result?.status == .failed)
        let words = "preparing the data takes longer than the 0.0001 seconds that the run may take: give more"
        #expect(short.result?.reason.text.contains(words) == true, "\(short.result?.reason.text ?? "")")
    }

    @Test func aRunEndsWhenItsTimeIsUpAlsoWhenMostOfItWasSpentBeforeItWasStopped() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let settings = ["epochs": "1000000", "early_stopping_patience": "off", "max_runtime_in_seconds": "1.2"]
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", settings, stepsPerSecond: 1_000))
        var events = lab.wait { if case .sample(.metricsRecorded(let metrics)) = $0.kind { metrics.step >= 300 } else { false } }
        lab.supervisor.stop(RunID("run1"))
        lab.supervisor.waitUntilIdle()
        events += lab.events()
        let first = events.trainingLosses.count
        #expect(events.result?.status == .stopped)
        let step = try #require(try ResumePoint.step(inFolder: lab.folder.path + "/run1", notAfter: .max))
        let plan = lab.plan("run1", data: data, target: "label", settings, recordedStep: step, stepsPerSecond: 1_000)
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        let second = lab.events()
        #expect(second.result?.reason == .maxRuntimeExceeded)
        #expect(second.result?.status == .completed)
        // At most a thousand steps a second, in 1.2 seconds in all.
        #expect(first + second.trainingLosses.count <= 1_300)
        #expect(try Model.load(fromFolder: lab.folder.path + "/run1") != nil)
    }

    @Test func anObjectiveThatIsNeverANumberIsSaidAndDoesNotEndTheRun() throws {
        let lab = try Laboratory()
        // One row in three hundred is of the other class, and the validation file holds none.
        let rows = (0..<300).map { "\($0 % 17),\($0 % 5),\($0 == 7 ? "yes" : "no")" }
        let data = try lab.folder.write("a,b,label\n" + rows.joined(separator: "\n") + "\n", as: "rare.csv")
        let held = try lab.folder.write("a,b,label\n1,2,no\n3,4,no\n5,0,no\n", as: "held.csv")
        var plan = lab.plan(
            "run1", data: data, target: "label",
            ["epochs": "9", "objective_metric": "validation:roc_auc", "early_stopping_patience": "2"])
        plan.record.request.validationPath = held
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        let events = lab.events()
        let warnings = events.compactMap { event in
            if case .job(.dataWarned(let warning)) = event.kind, warning.code == "objectiveUndefined" {
                warning.message
            } else {
                nil
            }
        }
        #expect(warnings.count == 1)
        #expect(
            warnings.first?.hasPrefix("validation:roc_auc is not a number: all 3 validation rows are of one class (no); ") == true
        )
        #expect(events.result?.reason == .maxEpochs)
        #expect(events.result?.bestStep == nil)
    }

    @Test func aRunThatEndedEarlyCanBeForkedToGoOn() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let settings = ["epochs": "30", "target_value": "10"]
        lab.supervisor.start(lab.plan("parent", data: data, target: "label", settings))
        lab.supervisor.waitUntilIdle()
        let parent = lab.events()
        #expect(parent.result?.reason == .targetValueReached)
        let folder = lab.folder.path
        let place = try ForkPoint.find(inFolder: folder + "/parent", at: .newest), step = place.step
        try place.write(toFolder: folder + "/child")
        #expect(step == parent.trainingLosses.count)
        let fork = RunFork(
            parent: RunID("parent"), step: step, settings: ["target_value": "none", "early_stopping_patience": "off"])
        lab.supervisor.start(lab.plan("child", data: data, target: "label", settings, fork: fork))
        lab.supervisor.waitUntilIdle()
        let child = lab.events()
        #expect(child.result?.reason == .maxEpochs)
        #expect(child.trainingLosses.count == step * 29)
    }

    @Test(arguments: ["linear-learner", "neural-network", "kmeans"] + (XGBoostLibrary.isAvailable ? ["xgboost"] : []))
    func aForkAtTheBestEvaluationRepeatsItsParentFromThere(algorithm: String) throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let settings: [String: String] =
            switch algorithm {
            case "xgboost": ["num_round": "12", "eta": "1", "subsample": "0.5", "objective_metric": "validation:loss"]
            case "kmeans": ["k": "3", "epochs": "12", "mini_batch_size": "50"]
            case "neural-network":
                ["epochs": "12", "hidden_layers": "4", "learning_rate": "0.3", "early_stopping_patience": "off"]
            default: ["epochs": "12", "learning_rate": "0.9", "early_stopping_patience": "off"]
            }
        func plan(_ id: String, fork: RunFork? = nil) -> JobPlan {
            var plan = lab.plan(id, data: data, target: "label", settings, fork: fork)
            plan.record.algorithm = algorithm
            plan.record.request.algorithm = algorithm
            return plan
        }
        lab.supervisor.start(plan("parent"))
        lab.supervisor.waitUntilIdle()
        let parent = lab.events(), folder = lab.folder.path
        try #require(parent.result?.status == .completed, "\(parent.result?.reason.text ?? "")")
        let places = try ForkPoint.places(inFolder: folder + "/parent")
        #expect(places.bestStep == parent.result?.bestStep)
        let place = try ForkPoint.find(inFolder: folder + "/parent", at: .best), step = place.step
        try place.write(toFolder: folder + "/child")
        #expect(step == parent.result?.bestStep)
        lab.supervisor.start(plan("child", fork: RunFork(parent: RunID("parent"), step: step)))
        lab.supervisor.waitUntilIdle()
        let child = lab.events()
        #expect(child.trainingLosses == Array(parent.trainingLosses[step...]))
        #expect(child.result?.metrics == parent.result?.metrics)
    }

    @Test(
        .enabled(if: XGBoostLibrary.isAvailable, "pip install xgboost-cpu"),
        arguments: [
            (["early_stopping_rounds": "2"], "2"), (["early_stopping_rounds": "2", "early_stopping_patience": "4"], "4"),
        ])
    func xgboostsOwnWordForPatienceIsKnownAndTheJobsGoesBeforeIt(settings: [String: String], patience: String) throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(SampleTable.sortedClasses(rows: 200), as: "c.csv")
        let job = try Estimator("xgboost", settings.merging(["num_round": "500", "eta": "1"]) { $1 }).fit(data, target: "label")
        #expect(job.hyperparameters["early_stopping_patience"] == patience)
        #expect(job.reason == .earlyStopping)
        let best = try #require(job.bestStep), last = try #require(job.curves["train:loss"]?.last?.step)
        #expect(last == best + (try #require(Int(patience))))
    }

    @Test func aMetricThatIsNotMeasuredIsRefusedWithThoseThatAre() {
        for (settings, words) in [
            (["objective_metric": "f2"], "linear-learner does not measure 'f2': choose from loss, mse"),
            (["objective_metric": "test:f1"], "write validation:METRIC or train:METRIC"),
            (
                ["objective_metric": "log_loss", "loss": "hinge_loss", "predictor_type": "binary_classifier"],
                "does not measure 'log_loss'"
            ),
        ] {
            let error = #expect(throws: TrainingError.self) { try Algorithms.validate(request(settings)) }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        let error = #expect(throws: TrainingError.self) {
            try Algorithms.validate(request(["objective_metric": "validation:f1"], split: 0))
        }
        #expect(error?.message.contains("there are no validation rows") == true)
        #expect(throws: Never.self) { try Algorithms.validate(request(["objective_metric": "f1"], split: 0)) }
    }

    @Test func whatTheTaskDoesNotMeasureIsRefusedOnceTheDataIsKnown() throws {
        let events = try run(["objective_metric": "rmse"])
        #expect(events.result?.status == .failed)
        #expect(events.result?.reason.text.contains("does not measure 'rmse': choose from loss, accuracy, precision") == true)
    }

    @Test func whatARunCannotChangeIsRefusedBeforeItIsForked() {
        for (algorithm, having, settings, words) in [
            ("xgboost", ["booster": "gblinear"], ["eta": "0.1"], "eta cannot be set while training: set early_stopping_patience"),
            ("linear-learner", ["optimizer": "lbfgs"], ["learning_rate": "1"], "set wd, early_stopping_patience"),
            ("linear-learner", [:], ["learning_rate": "auto"], "give a number"),
            ("kmeans", [:], ["k": "4"], "k cannot be set while training"),
            ("linear-learner", [:], ["objective_metric": "f1"], "objective_metric cannot be set while training"),
            ("linear-learner", [:], ["learning_rat": "1"], "did you mean 'learning_rate'?"),
        ] as [(String, [String: String], [String: String], String)] {
            let error = #expect(throws: TrainingError.self) {
                try Algorithms.validateChange(settings, of: algorithm, having: having)
            }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }
}
