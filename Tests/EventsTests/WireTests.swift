import Events
import Testing

@Suite struct WireTests {
    static let record = RunRecord(
        id: RunID("abcd1234"), name: "adam-.01", experiment: "churn", algorithm: "linear-learner",
        request: JobRequest(
            datasetPath: "a \"quoted\"\n.csv", target: "y", algorithm: "linear-learner", hyperparameters: ["epochs": "3"],
            seed: .max, weight: "w", prepare: "pca=8,kmeans=3"),
        hyperparameters: ["epochs": "3", "l1": "0"], objective: Objective(metric: .validationLoss, minimises: true),
        seed: .max, dataFingerprint: "00ff", gitRevision: nil, version: "0.1.0", createdAt: 1_700_000_000.25, processID: 42)

    private static func reproduced(isSame: Bool) -> ReproductionResult {
        var result = ReproductionResult(of: RunID("first"))
        (result.pointCount, result.curveCount, result.isModelSame) = (120, 3, isSame ? nil : false)
        if !isSame {
            result.first = .init(metric: .trainLoss, step: 4, before: 0.5, now: .infinity)
            result.largest = .init(metric: .validationLoss, step: 9, before: nil, now: 0.25)
        }
        return result
    }

    static let kinds: [StudioEvent.Kind] = [
        .datasetProfiled(
            DatasetProfile(
                path: "x/y.csv", byteCount: 10, fingerprint: "ab", rowCount: 2, delimiter: ",", hasHeader: true,
                columns: [
                    ColumnProfile(
                        name: "a", kind: "numeric", count: 2, missing: 0, distinct: 2,
                        statistics: .init(
                            mean: 1.5, standardDeviation: 0.5, minimum: 1, lowerQuartile: 1.25, median: 1.5,
                            upperQuartile: 1.75, maximum: 2, histogram: [1, 1]),
                        mostFrequent: [.init(value: "1", count: 1)])
                ],
                warnings: [DataWarning(code: "constantColumn", column: "b", message: "b is constant")])),
        .datasetFailed(path: "x", message: "no such file"),
        .runRegistered(record),
        .jobStatusChanged(JobStatusChange(status: .inProgress, phase: .training, reason: "", plannedSteps: 7)),
        .metricsRecorded(MetricsRecorded(step: 120, epoch: 1, values: [.trainLoss: 0.41])),
        .systemSampled(MetricsRecorded(step: 120, epoch: 1, values: [SystemMetric.memoryBytes.name: 1e9])),
        .progressReported(JobProgress(step: 3, plannedSteps: 9, rowsPerSecond: 100)),
        .checkpointSaved(CheckpointSaved(step: 3, epoch: 1.5, isBest: true, path: "artifacts/r/c")),
        .trainingDataSummarised(
            TrainingDataSummary(
                rowCount: 10, featureCount: 3, validationRowCount: 2, target: "y", isShuffled: false, isNormalised: true,
                orderZ: 133, scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")),
        .dataWarned(DataWarning(code: "leakage", column: nil, message: "m")),
        .alertRaised(
            Alert(
                rule: "DataOrder", severity: .issue, step: 120, summary: "s", evidence: [.init("z", 133), .init("threshold", 4)],
                cause: "c", remedies: [.init("shuffle", set: ["shuffle": "true"])])),
        .hyperparametersChanged(HyperparameterChange(["learning_rate": "0.1"])),
        .hyperparametersChanged(HyperparameterChange(["wd": "0", "l1": "0.5"], step: 120, epoch: 1.25)),
        .jobFinished(
            JobResult(name: "n", status: .completed, reason: "MaxEpochs", bestStep: 4, metrics: [.validationLoss: 0.5])),
        .runReproduced(reproduced(isSame: true)), .runReproduced(reproduced(isSame: false)),
        .runDeleted, .runRestored, .runEdited(RunEdit(name: "n", tags: ["a", "b"], note: "x\ny", isArchived: true)),
        .runEdited(RunEdit()), .runEdited(RunEdit(addedTags: ["a"], removedTags: ["b", "c"])),
        .runEdited(EntityEdit(isDeleted: true)),
        .entityEdited(EntityReference(.dataset, "00ff"), EntityEdit(addedTags: ["a"], note: "n", isDeleted: true)),
        .recordingResumed,
        .recordingStalled(RecordingProblem(words: "disk full", message: "make room")), .commandFailed(message: "no"),
        .messageLogged("tab\there"),
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
            let event = StudioEvent(sequence: 1, wallTime: 1, run: record.id, kind: .runRegistered(record))
            #expect(StudioEvent(json: event.json) == event)
        }
    }

    @Test(arguments: kinds) func anEventReadsBackFromItsLine(kind: StudioEvent.Kind) throws {
        let event = StudioEvent(sequence: 7, wallTime: 1_700_000_000.125, run: RunID("abcd1234"), kind: kind)
        let line = event.json.text
        #expect(!line.contains("\n"))
        #expect(StudioEvent(json: try JSONValue(parsing: line)) == event)
    }

    @Test func theMetricLineIsTheOneThatIsDocumented() {
        let event = StudioEvent(
            sequence: 7, wallTime: 0, run: RunID("r"),
            kind: .metricsRecorded(MetricsRecorded(step: 120, epoch: 1, values: [.trainLoss: 0.41])))
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

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "tru", "\"open", "1 2", "{\"a\":1,}", "\"\\x\"", "+1", ".5", "nul", "[1 2]", "\u{1}",
        String(repeating: "[", count: 100_000),
    ])
    func textThatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func escapesAndSurrogatePairsAreRead() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\n\/""#) == .string("é😀\n/"))
    }

    @Test(arguments: [0, 1e-7, 0.1, 1.0 / 3, 123_456_789.125, -2.5e300, .leastNonzeroMagnitude, 1e15, 1e16])
    func numbersReadBackExactly(number: Double) throws {
        #expect(try JSONValue(parsing: JSONValue.number(number).text).double == number)
    }
}
