import Events

/// Some of the events there are, with all their parts.
enum SampleEvents {
    static func record(_ name: String, _ seed: UInt64) -> RunRecord {
        RunRecord(
            id: RunID("abcd123\(seed)"), name: name, experiment: "e", algorithm: "linear-learner",
            request: JobRequest(
                datasetPath: "a.csv", target: "y", algorithm: "linear-learner", hyperparameters: ["epochs": "3"], seed: seed,
                reading: ["decimal": ","]),
            hyperparameters: ["epochs": "3", "learning_rate": "0.01"],
            objective: Objective(metric: .validationLoss, minimises: true), seed: seed, dataFingerprint: "0123456789abcdef",
            gitRevision: "abc", version: "1", createdAt: 1.7e9, processID: 1)
    }

    static let tensors: TensorsOfStep = {
        var update = TensorSummary("update/fc.weight", .updates, shape: [2, 3], count: 6, sampled: 4)
        (update.l2, update.minimum, update.maximum, update.updateRatio) = (2, -1, 2, 1e-3)
        update.histogram = MagnitudeHistogram(countedFrom: -1, negative: [0, 1], positive: [1, 1])
        update.units = .init(count: 2, inactive: 1, saturated: 0)
        return TensorsOfStep(step: 7, epoch: 0.5, wallTime: 1.7e9, summaries: [update], spent: [.forward: 0.5])
    }()

    static let summary: TrainingDataSummary = {
        var summary = TrainingDataSummary(
            rowCount: 10, featureCount: 3, validationRowCount: 2, target: "y", isShuffled: true, isNormalised: true, orderZ: 0,
            scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")
        summary.findings = [DataFinding(kind: .leakage, columns: ["a"], figures: [.init("told", 0.98)], summary: "a tells y")]
        summary.singleColumn = SingleColumnFit(column: "b", lossShare: 0.5)
        return summary
    }()

    static let all: [StudioEvent] = {
        let run = record("one", 1)
        let kinds: [StudioEvent.Kind] = [
            .run(.registered(run)),
            .sample(.metricsRecorded(MetricsRecorded(step: 3, epoch: 0.5, values: [.trainLoss: 0.25, .validationLoss: .nan]))),
            .sample(.systemSampled(MetricsRecorded(step: 3, epoch: 0.5, values: [MetricName("system:cpu_percent"): 93]))),
            .job(
                .dataRead(
                    DataReading(format: "csv", rowCount: 2, columnCount: 1, choices: [.init(option: "header", value: "no")]))),
            .job(.trainingDataSummarised(summary)),
            .job(.checkpointSaved(CheckpointSaved(step: 3, epoch: 0.5, isBest: true, path: "artifacts/abcd1231/checkpoint-3"))),
            .job(.hyperparametersChanged(HyperparameterChange(["learning_rate": "0.1"], step: 3, epoch: 0.5))),
            .debugger(
                .alertRaised(
                    Alert(
                        rule: "DataOrder", severity: .issue, step: 1, summary: "s", evidence: [.init("z", 9)], cause: "c",
                        remedies: [.init("shuffle", set: ["shuffle": "true"])], tensor: "fc", column: "fee", sampleSize: 10,
                        errorRate: 0.01))),
            .action(.taken(ActionTaken(action: "notify", subject: "Overfit", channel: "ops", outcome: .held, message: "m"))),
            .debugger(.ruleEvaluated(RuleEvaluation(rule: "DataOrder", state: .cleared, step: 9, reason: "r"))),
            .debugger(
                .rulesChanged(
                    RulesChange(rules: ["off DeadUnits"], changes: [.init("DeadUnits", "it was switched off")], step: 9))),
            .entity(.edited(EntityReference(.dataset, "0123456789abcdef"), EntityEdit(addedTags: ["t"], note: "n"))),
            .tensors(.summarised(tensors)),
            .tensors(
                .observed(
                    TrainingObservation(
                        "labels", subject: "a", step: 7, metricStep: 1, figures: [.init("z", 9)], words: ["kind": "classes"]))),
            .tuning(
                .finished(
                    TuningResult(
                        tuning: "t1", name: "tune", status: .completed, reason: EndReason("MaxJobs"), trials: 1,
                        best: .init(
                            run: RunID("abcd1231"), name: "tune-001", objective: .validationLoss, value: 0.25,
                            hyperparameters: ["eta": "0.1"])))),
            .automl(
                .stackingDecided(
                    StackingNews(automl: "m1", name: "automl-x", stacking: AutoMLStacking(isTried: true, why: "no harm")))),
            .automl(
                .finished(
                    AutoMLResult(
                        automl: "m1", name: "automl-x", status: .completed, reason: EndReason("AllTried"),
                        objective: .validationLoss,
                        best: AutoMLEnsemble(value: 0.5, spread: 0.25, predictMilliseconds: 0.125, size: 7),
                        leaderboard: [.init(model: "automl-x", family: "ensemble")]))),
            .endpoint(
                .statusChanged(
                    EndpointNews(
                        EndpointRecord(
                            id: "e1", name: "churn",
                            variants: [EndpointVariant(name: "AllTraffic", model: "a", modelID: "abcd1231")], createdAt: 1.7e9)))),
            .endpoint(.shadowChanged(shadowNews)),
            .dataset(.failed(path: "a.csv", message: "no such file")), .notice(.commandFailed(message: "no")),
        ]
        return kinds.enumerated().map { index, kind in
            StudioEvent(sequence: UInt64(index + 1), wallTime: 1.7e9 + Double(index), run: run.id, kind: kind)
        }
    }()

    private static var shadowNews: EndpointNews {
        let variant = EndpointVariant(name: "AllTraffic", model: "a", modelID: "abcd1231")
        var news = EndpointNews(EndpointRecord(id: "e1", name: "churn", variants: [variant], createdAt: 1.7e9))
        news.shadow = .init(EndpointShadow(model: variant, percent: 25, startedAt: 1.7e9), outcome: "stopped")
        return news
    }

    static var tuning: TuningRecord {
        let job = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "xgboost")
        return TuningRecord(
            id: "t1", name: "tune",
            request: TuningRequest(job: job, ranges: ["eta=log:0.01:0.5"], strategy: "bayesian", maxJobs: 20, maxParallelJobs: 2),
            objective: Objective(metric: .validationLoss, minimises: true), createdAt: 1.7e9)
    }

    static func trial(_ run: RunID) -> TuningTrial {
        var trial = TuningTrial(number: 0, run: run, values: ["eta": "0.1"], point: [0.5], memory: [0.25], why: "drawn")
        (trial.outcome, trial.value, trial.others) = (.completed, 0.25, [nil, 1])
        return trial
    }
}
