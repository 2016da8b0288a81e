import Events
import JSON
import Testing

@Suite struct WireTests {
    static let record = RunRecord(
        id: RunID("abcd1234"), name: "adam-.01", experiment: "churn", algorithm: "linear-learner",
        request: JobRequest(
            datasetPath: "a \"quoted\"\n.csv", target: "y", algorithm: "linear-learner", hyperparameters: ["epochs": "3"],
            seed: .max, weight: "w", prepare: "pca=8,kmeans=3"),
        hyperparameters: ["epochs": "3", "l1": "0"], objective: Objective(metric: .validationLoss, minimises: true),
        seed: .max, dataFingerprint: "00ff", gitRevision: nil, version: "0.1.0", createdAt: 1_700_000_000.25, processID: 42)

    private static let evaluation = {
        var evaluation = ModelEvaluation(rowCount: 7, metrics: [MetricName("validation:accuracy"): 0.75])
        evaluation.stopping = StoppingDecision(
            measure: "log_loss", bestStep: 3, lastStep: 9, difference: 0.5, standardError: 0.25, rowCount: 7)
        evaluation.baseline = [MetricName("validation:accuracy"): 0.5]
        evaluation.positiveClass = "yes"
        evaluation.classes = ["no", "yes"].map { .init(name: $0, precision: 1, recall: 0.5, f1: 0.75, support: 3.5) }
        evaluation.confusion = [[3, 0.5], [1, 2.5]]
        evaluation.notes = ["1 row has no y: it is left out"]
        return evaluation
    }()
    private static let confirmedResult = {
        var best = TuningResult.Best(
            run: RunID("r"), name: "tune-004", objective: .validationLoss, value: 0.25, hyperparameters: ["eta": "0.1"])
        (best.deviation, best.confirmed) = (0.5, ConfirmedValue([0.25, 0.75]))
        best.others = [MetricName("validation:mae"): 2]
        var result = TuningResult(
            tuning: "t1", name: "tune", status: .completed, reason: EndReason("MaxJobs"), trials: 20, best: best)
        result.front = [best]
        return result
    }()
    private static let trialOfTwoObjectives = {
        var end = TrialEnd(
            tuning: "t1", trial: 3, trialRun: RunID("r"), name: "tune-004", status: .completed, reason: "", value: 0.5,
            isBest: true)
        (end.deviation, end.others) = (0.25, [1, nil])
        return end
    }()
    private static let candidate = {
        var candidate = AutoMLCandidate(
            number: 3, run: RunID("r"), name: "automl-x-forest", family: "random forest", algorithm: "xgboost",
            hyperparameters: ["eta": "1"], why: "hard to mislead")
        (candidate.outcome, candidate.value, candidate.spread, candidate.fitSeconds) = (.completed, 0.5, 0.25, 2)
        (candidate.predictMilliseconds, candidate.weight, candidate.ensembleValue) = (0.125, 0.75, 0.5)
        (candidate.metrics, candidate.reason) = (["loss": 0.5], "Finished")
        return candidate
    }()
    private static let automlResult = {
        var line = AutoMLResult.Line(model: "automl-x", family: "ensemble")
        (line.value, line.spread, line.fitSeconds, line.predictMilliseconds) = (0.5, 0.25, 2, 0.125)
        return AutoMLResult(
            automl: "m1", name: "automl-x", status: .completed, reason: EndReason("AllTried"), objective: .validationLoss,
            best: AutoMLEnsemble(value: 0.5, spread: 0.25, predictMilliseconds: 0.125, size: 7),
            leaderboard: [line, .init(candidate)])
    }()
    private static let weights = FeatureWeights(
        kind: .coefficients,
        rows: [.init(feature: "a", className: "b", value: -2, perUnit: 0.25), .init(feature: "c", value: .infinity)],
        intercepts: [1.5])

    private static let shadowNews: EndpointNews = {
        var news = endpointNews
        let model = EndpointVariant(name: "shadow", model: "newer", modelID: "abcd1234")
        news.shadow = .init(EndpointShadow(model: model, percent: 12.5, startedAt: 1.7e9), outcome: "stopped")
        return news
    }()

    private static let endpointNews: EndpointNews = {
        var record = EndpointRecord(
            id: "e1", name: "churn",
            variants: [
                EndpointVariant(name: "a", model: "first", modelID: "abcd1231", weight: 3),
                EndpointVariant(name: "b", model: "second", modelID: "abcd1232"),
            ], createdAt: 1)
        (record.status, record.reason) = (.failed, "the model is gone: train it again")
        return EndpointNews(record)
    }()

    private static func reproduced(isSame: Bool) -> ReproductionResult {
        var result = ReproductionResult(of: RunID("first"))
        (result.pointCount, result.curveCount, result.isModelSame) = (120, 3, isSame ? nil : false)
        if !isSame {
            result.first = .init(metric: .trainLoss, step: 4, before: 0.5, now: .infinity)
            result.largest = .init(metric: .validationLoss, step: 9, before: nil, now: 0.25)
        }
        return result
    }

    private static let reading = DataReading(
        format: "csv", rowCount: 2, columnCount: 1,
        choices: [.init(option: "delimiter", value: ";"), .init(option: "header", value: "yes", isGuess: true)], leftOut: 3)

    private static let profile: DatasetProfile = {
        var column = ColumnProfile(
            name: "a", kind: "numeric", count: 2, missing: 0, distinct: 2,
            statistics: .init(
                mean: 1.5, standardDeviation: 0.5, minimum: 1, lowerQuartile: 1.25, median: 1.5, upperQuartile: 1.75, maximum: 2,
                histogram: [1, 1]),
            mostFrequent: [.init(value: "1", count: 1)])
        column.written = "1,5"
        var profile = DatasetProfile(
            path: "x/y.csv", byteCount: 10, fingerprint: "ab", rowCount: 2, delimiter: ",", hasHeader: true, columns: [column],
            warnings: [DataWarning(code: "constantColumn", column: "b", message: "b is constant")])
        profile.reading = reading
        profile.options = ["decimal": ",", "type": "a=text\nb=date"]
        return profile
    }()

    private static let measured: TrainingDataSummary = {
        var summary = TrainingDataSummary(
            rowCount: 10, featureCount: 3, validationRowCount: 2, target: "y", isShuffled: true, isNormalised: false,
            orderZ: 0, scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")
        (summary.offsetRatio, summary.mostOffsetFeature) = (40, "a")
        (summary.targetMean, summary.targetDeviation) = (-3, 0.5)
        (summary.constantTrainingLoss, summary.constantValidationLoss) = (0.69, 0.7)
        summary.findings = [DataFinding(kind: .leakage, columns: ["a", "b"], figures: [.init("told", 0.98)], summary: "s")]
        summary.singleColumn = SingleColumnFit(column: "a", lossShare: 0.5)
        return summary
    }()

    private static let tensors: TensorsOfStep = {
        var update = TensorSummary("update/fc.weight", .updates, shape: [2, 3], count: 6, sampled: 4)
        (update.mean, update.standardDeviation, update.meanMagnitude, update.l2) = (0.5, 0.25, 0.75, 2)
        (update.minimum, update.maximum, update.zeros, update.updateRatio) = (-1, 2, 1, 1e-3)
        update.histogram = MagnitudeHistogram(countedFrom: -1, negative: [0, 1], positive: [1, 1])
        var output = TensorSummary("fc.output", TensorCollection(rawValue: "mine"), count: 8)
        (output.nans, output.infinities, output.l2) = (3, 5, .infinity)
        output.units = .init(count: 2, inactive: 1, saturated: 0)
        return TensorsOfStep(
            step: 7, epoch: 0.5, wallTime: 1_700_000_000.25, summaries: [update, output], passedOver: 3,
            spent: [.data: 0.001, .forward: 0.5])
    }()

    static let kinds: [StudioEvent.Kind] = [
        .job(.trainingDataSummarised(measured)),
        .profile(.recorded(ProfileSlice(step: 3, wallTime: 1.5, seconds: 0.25))),
        .tensors(.summarised(tensors)),
        .tensors(.summarised(TensorsOfStep(step: 0, epoch: 0, wallTime: 1.5, mode: .eval, summaries: []))),
        .tensors(
            .observed(
                TrainingObservation(
                    "loss", subject: "cross_entropy", step: 40, metricStep: 2,
                    figures: [.init("looks", 40), .init("smallest", -1.5)], words: ["made by": "Softmax"]))),
        .tensors(.observed(TrainingObservation("modes", step: 3))),
        .tuning(
            .started(
                TuningStart(
                    tuning: "t1", name: "tune", strategy: "bayesian", why: "2 parameters", objective: .validationLoss,
                    ranges: ["eta=log:0.01:0.5"], maxJobs: 20, trials: 0))),
        .tuning(
            .trialSuggested(
                TrialSuggestion(tuning: "t1", trial: 3, trialRun: RunID("r"), hyperparameters: ["eta": "0.1"], why: "drawn"))),
        .tuning(
            .trialFinished(
                TrialEnd(
                    tuning: "t1", trial: 3, trialRun: RunID("r"), name: "tune-004", status: .stopped, reason: "worse",
                    value: 0.5, isBest: false))),
        .tuning(
            .confirming(TuningConfirming(tuning: "t1", name: "tune", trial: 3, seed: .max, trialRun: RunID("r")))),
        .tuning(.changed(TuningNotice(tuning: "t1", name: "tune", status: .paused, text: "paused"))),
        .tuning(
            .finished(
                TuningResult(
                    tuning: "t1", name: "tune", status: .completed, reason: EndReason("MaxJobs"), trials: 20,
                    best: .init(
                        run: RunID("r"), name: "tune-004", objective: .validationLoss, value: 0.25,
                        hyperparameters: ["eta": "0.1"])))),
        .tuning(.finished(confirmedResult)),
        .automl(
            .started(
                AutoMLStart(
                    automl: "m1", name: "automl-x", mode: "ensembling", objective: .validationLoss, why: ["y is a number"],
                    findings: ["b repeats y"], planned: 12, candidates: 2))),
        .automl(
            .candidateStarted(
                CandidateNews(
                    automl: "m1",
                    candidate: AutoMLCandidate(
                        number: 0, run: RunID("r"), name: "automl-x-linear", family: "linear", algorithm: "linear-learner",
                        hyperparameters: [:], why: "quick")))),
        .automl(.candidateFinished(CandidateNews(automl: "m1", candidate: candidate, isBest: true))),
        .automl(
            .ensembleImproved(
                EnsembleNews(
                    automl: "m1", name: "automl-x",
                    ensemble: AutoMLEnsemble(value: 0.5, spread: nil, predictMilliseconds: 0.125, size: 7),
                    weights: ["automl-x-forest": 1]))),
        .automl(
            .stackingDecided(
                StackingNews(automl: "m1", name: "automl-x", stacking: AutoMLStacking(isTried: false, why: "few rows")))),
        .automl(.finished(automlResult)),
        .tuning(.trialFinished(trialOfTwoObjectives)),
        .dataset(.profiled(profile)),
        .dataset(.failed(path: "x", message: "no such file")),
        .run(.registered(record)),
        .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, reason: .unsaid, plannedSteps: 7))),
        .sample(.metricsRecorded(MetricsRecorded(step: 120, epoch: 1, values: [.trainLoss: 0.41]))),
        .sample(.systemSampled(MetricsRecorded(step: 120, epoch: 1, values: [SystemMetric.memoryBytes.name: 1e9]))),
        .job(.progressReported(JobProgress(step: 3, plannedSteps: 9, rowsPerSecond: 100))),
        .job(.checkpointSaved(CheckpointSaved(step: 3, epoch: 1.5, isBest: true, path: "artifacts/r/c"))),
        .job(
            .trainingDataSummarised(
                TrainingDataSummary(
                    rowCount: 10, featureCount: 3, validationRowCount: 2, target: "y", isShuffled: false, isNormalised: true,
                    orderZ: 133, scaleRatio: 1, widestFeature: "a", narrowestFeature: "b"))),
        .job(.dataRead(reading)),
        .job(.dataWarned(DataWarning(code: "leakage", column: nil, message: "m"))),
        .debugger(
            .alertRaised(
                Alert(
                    rule: "DataOrder", severity: .issue, step: 120, summary: "s",
                    evidence: [.init("z", 133), .init("threshold", 4)],
                    cause: "c", remedies: [.init("shuffle", set: ["shuffle": "true"])]))),
        .debugger(
            .alertRaised(
                Alert(
                    rule: "DeadUnits", severity: .warning, step: 3, summary: "s", evidence: [], cause: "", remedies: [],
                    tensor: "fc.relu", column: "fee", sampleSize: 512, errorRate: 0.001))),
        .action(.taken(ActionTaken(action: "notify", subject: "Overfit", channel: "ops", outcome: .retrying, message: "m"))),
        .action(.taken(ActionTaken(action: "stop", subject: "Overfit", outcome: .done, message: "m"))),
        .debugger(.ruleEvaluated(RuleEvaluation(rule: "DataOrder", state: .cleared, step: 140, reason: "r"))),
        .debugger(
            .rulesChanged(RulesChange(rules: ["off a", "b: loss > 1"], changes: [.init("a", "it was switched off")], step: 7))),
        .job(.hyperparametersChanged(HyperparameterChange(["learning_rate": "0.1"]))),
        .job(.hyperparametersChanged(HyperparameterChange(["wd": "0", "l1": "0.5"], step: 120, epoch: 1.25))),
        .job(
            .finished(
                JobResult(name: "n", status: .completed, reason: .maxEpochs, bestStep: 4, metrics: [.validationLoss: 0.5]))),
        .job(
            .finished(
                JobResult(
                    name: "n", status: .completed, reason: .maxEpochs, bestStep: 4, metrics: [.validationLoss: 0.5],
                    evaluation: evaluation, weights: weights))),
        .run(.reproduced(reproduced(isSame: true))), .run(.reproduced(reproduced(isSame: false))),
        .run(.deleted), .run(.restored), .run(.edited(RunEdit(name: "n", tags: ["a", "b"], note: "x\ny", isArchived: true))),
        .run(.edited(EntityEdit(isDeleted: true))),
        .entity(.edited(EntityReference(.dataset, "00ff"), EntityEdit(addedTags: ["a"], note: "n", isDeleted: true))),
        .run(.edited(RunEdit())), .run(.edited(RunEdit(addedTags: ["a"], removedTags: ["b", "c"]))),
        .workspace(.recordingResumed),
        .workspace(.recordingStalled(RecordingProblem(words: "disk full", message: "make room"))),
        .notice(.commandFailed(message: "no")),
        .notice(.messageLogged("tab\there")),
        .endpoint(.statusChanged(endpointNews)), .endpoint(.trafficShifted(endpointNews)), .endpoint(.deleted(endpointNews)),
        .endpoint(.shadowChanged(shadowNews)),
    ]

    @Test func aForkIsReadBackAndARecordWithoutOneStillReads() throws {
        var record = RunRecord(
            id: RunID("child"), name: "child", experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 1, dataFingerprint: "", gitRevision: nil,
            version: "1", createdAt: 1, processID: 1)
        for fork in [nil, RunFork(parent: RunID("p"), step: 7), RunFork(parent: RunID("p"), step: 7, settings: ["wd": "1"])] {
            record.fork = fork
            record.reproduces = fork?.parent
            record.remedies = fork.map { AlertReference(run: $0.parent, rule: "DataOrder") }
            let event = StudioEvent(sequence: 1, wallTime: 1, run: record.id, kind: .run(.registered(record)))
            #expect(StudioEvent(json: event.json) == event)
        }
    }

    @Test(arguments: kinds) func anEventReadsBackFromItsLine(kind: StudioEvent.Kind) throws {
        let event = StudioEvent(sequence: 7, wallTime: 1_700_000_000.125, run: RunID("abcd1234"), kind: kind)
        let line = event.json.text
        #expect(!line.contains("\n"))
        #expect(StudioEvent(json: try JSONValue(parsing: line)) == event)
    }

    @Test func everyFactHasTheNameThatLogsAndWorkspacesHave() {
        let names: Set = [
            "datasetProfiled", "datasetFailed", "entityEdited", "runRegistered", "runEdited", "runDeleted", "runRestored",
            "runReproduced",
            "jobStatusChanged", "progressReported", "checkpointSaved", "trainingDataSummarised", "dataRead", "dataWarned",
            "hyperparametersChanged", "jobFinished", "metricsRecorded", "systemSampled", "alertRaised", "ruleEvaluated",
            "rulesChanged", "profileRecorded", "trainingObserved",
            "recordingStalled", "recordingResumed", "commandFailed", "messageLogged", "tensorsSummarised",
            "actionTaken",
            "tuningStarted", "trialSuggested", "trialFinished", "tuningConfirming", "tuningChanged", "tuningFinished",
            "autoMLStarted", "candidateStarted", "candidateFinished", "stackingDecided", "ensembleImproved", "autoMLFinished",
            "endpointStatusChanged", "endpointTrafficShifted", "endpointDeleted", "endpointShadowChanged",
        ]
        #expect(Set(Self.kinds.map(\.name.text)) == names)
    }

    @Test func theCheckpointAndProgressLinesKeepTheirMembersInOrder() {
        func line(_ kind: StudioEvent.Kind) -> String {
            StudioEvent(sequence: 7, wallTime: 0, run: RunID("r"), kind: kind).json.text
        }
        let start = #"{"v":1,"seq":7,"time":"1970-01-01T00:00:00.000Z","kind":"#
        #expect(
            line(.job(.checkpointSaved(CheckpointSaved(step: 3, epoch: 1.23456, isBest: true, path: "p"))))
                == start + #""checkpointSaved","run":"r","step":3,"epoch":1.2346,"best":true,"path":"p"}"#)
        #expect(
            line(.job(.progressReported(JobProgress(step: 3, plannedSteps: 9, rowsPerSecond: 10.4))))
                == start + #""progressReported","run":"r","step":3,"plannedSteps":9,"rowsPerSecond":10}"#)
    }

    @Test func theMetricLineIsTheOneThatIsDocumented() {
        let event = StudioEvent(
            sequence: 7, wallTime: 0, run: RunID("r"),
            kind: .sample(.metricsRecorded(MetricsRecorded(step: 120, epoch: 1, values: [.trainLoss: 0.41]))))
        #expect(
            event.json.text
                == #"{"v":1,"seq":7,"time":"1970-01-01T00:00:00.000Z","kind":"metricsRecorded","run":"r","step":120,"epoch":1,"metrics":{"train:loss":0.41}}"#
        )
    }

    @Test func aLossThatIsNotANumberSurvivesTheWire() throws {
        let text = JSONValue([MetricName.trainLoss: .nan]).text
        #expect(text == #"{"train:loss":"NaN"}"#)
        #expect(try JSONValue(parsing: text).metrics?[.trainLoss]?.isNaN == true)
    }

    @Test func aNewerWireVersionIsRefused() throws {
        let json = try JSONValue(parsing: #"{"v":2,"seq":1,"time":"1970-01-01T00:00:00.000Z","kind":"runDeleted"}"#)
        #expect(StudioEvent(json: json) == nil)
    }

    @Test func `the line about a reading is options that read the file so again`() {
        #expect(
            Self.reading.line { String($0) }
                == "csv, 2 rows × 1 columns, read with --delimiter ';' --header yes; 3 lines left out; not sure of header")
        #expect(
            DataReading.words(of: ["type": "a=text\nb c=date", "decimal": ","])
                == "--decimal , --type a=text --type 'b c=date'")
    }
}
