import Events
import Glibc
import Learners
import Tables
import TemporaryFolders
import Testing
import Training

/// Jobs as the program runs them: a supervisor, a bus and a mailbox that keeps everything.
final class Laboratory {
    let folder: TemporaryFolder
    let bus = EventBus(collectsEvery: 200)
    let mailbox = Mailbox(policy: .lossless(capacity: 10_000_000))
    let supervisor: JobSupervisor

    init(concurrentJobs: Int = 2) throws {
        folder = try TemporaryFolder()
        supervisor = JobSupervisor(bus: bus, budget: ComputeBudget(threadCount: 2, concurrentJobs: concurrentJobs))
        bus.subscribe(mailbox)
    }

    func plan(
        _ id: String, data: String, target: String, _ hyperparameters: [String: String] = [:], split: Double = 0.2,
        recordedStep: Int? = nil, stepsPerSecond: Double? = nil,
        fork: RunFork? = nil
    ) -> JobPlan {
        let request = JobRequest(
            datasetPath: data, target: target, algorithm: "linear-learner", hyperparameters: hyperparameters,
            validationSplit: split, seed: 3)
        let record = RunRecord(
            id: RunID(id), name: id, experiment: "e", algorithm: "linear-learner", request: request, hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 3, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: getpid(), fork: fork)
        return JobPlan(
            record: record, artifactFolder: folder.path + "/" + id, recordedStep: recordedStep, stepsPerSecond: stepsPerSecond)
    }

    /// Trains a run to its end; returns everything since the last call.
    ///
    /// - Parameter change: what else is asked for.
    func run(
        _ id: String, data: String, target: String? = "y", algorithm: String = "linear-learner",
        _ hyperparameters: [String: String] = [:], _ change: (inout JobRequest) throws -> Void = { _ in }
    ) rethrows -> [StudioEvent] {
        var plan = plan(id, data: data, target: "", hyperparameters)
        plan.record.algorithm = algorithm
        (plan.record.request.algorithm, plan.record.request.target) = (algorithm, target)
        try change(&plan.record.request)
        supervisor.start(plan)
        supervisor.waitUntilIdle()
        return events()
    }

    /// Everything since the last call, in order.
    func events() -> [StudioEvent] {
        bus.flush()
        return mailbox.take().merged
    }

    /// Waits until an event of the run satisfies a condition; returns everything up to then.
    func wait(for condition: (StudioEvent) -> Bool) -> [StudioEvent] {
        var seen: [StudioEvent] = []
        while !seen.contains(where: condition) { seen += mailbox.waitAndTake()?.merged ?? [] }
        return seen
    }
}

extension [StudioEvent] {
    var trainingLosses: [Double] {
        compactMap { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.values[.trainLoss] } else { nil }
        }
    }

    var statuses: [String] {
        compactMap { event in
            if case .job(.statusChanged(let change)) = event.kind {
                change.phase?.rawValue ?? change.status.rawValue
            } else {
                nil
            }
        }
    }

    var result: JobResult? {
        compactMap { event -> JobResult? in if case .job(.finished(let result)) = event.kind { result } else { nil } }.last
    }

    var changes: [HyperparameterChange] {
        compactMap { event in if case .job(.hyperparametersChanged(let change)) = event.kind { change } else { nil } }
    }

    var refusals: [String] {
        compactMap { event in if case .notice(.commandFailed(let message)) = event.kind { message } else { nil } }
    }
}

@Suite struct JobTests {
    @Test func aJobGoesThroughItsPhasesAndEndsWithTheMetricsOfTheModelKept() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 500), as: "r.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "y"))
        lab.supervisor.waitUntilIdle()
        let events = lab.events()
        #expect(events.statuses == ["Pending", "Starting", "Preparing", "Training", "Saving", "Completed"])
        let result = try #require(events.result)
        let rmse = try #require(result.metrics[MetricName("validation:rmse")])
        #expect(rmse < 0.5)
        #expect(events.last.map { if case .job(.finished) = $0.kind { true } else { false } } == true)
        #expect(try Model.load(fromFolder: lab.folder.path + "/run1") != nil)
    }

    @Test func theModelOnDiskPredictsWhatTheMetricsSay() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 500), as: "r.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "y", split: 0))
        lab.supervisor.waitUntilIdle()
        let result = try #require(lab.events().result)
        let model = try #require(try Model.load(fromFolder: lab.folder.path + "/run1"))
        let table = try Table(contentsOf: data)
        let metrics = try model.evaluate(table)
        let stated = try #require(result.metrics[MetricName("train:rmse")])
        #expect(abs(try #require(metrics[MetricName("test:rmse")]) / stated - 1) < 1e-5)
        #expect(try model.predict(table).map(\.name) == ["prediction"])
        #expect(result.metrics.keys.allSatisfy { $0.split == "train" })
    }

    @Test func theSameSeedGivesTheSameCurveToTheBit() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let curves = (1...2).map { number in
            lab.supervisor.start(lab.plan("run\(number)", data: data, target: "label", ["epochs": "5"]))
            lab.supervisor.waitUntilIdle()
            return lab.events().trainingLosses
        }
        #expect(curves[0].count > 50)
        #expect(curves[0] == curves[1])
    }

    @Test func aStoppedRunGoesOnFromItsCheckpointAndEndsWhereAnUndisturbedOneEnds() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let settings = ["epochs": "20", "early_stopping_patience": "100"]
        lab.supervisor.start(lab.plan("whole", data: data, target: "label", settings))
        lab.supervisor.waitUntilIdle()
        let whole = lab.events()
        lab.supervisor.start(lab.plan("broken", data: data, target: "label", settings, stepsPerSecond: 2_000))
        let before = lab.wait { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.step >= 100 } else { false }
        }
        lab.supervisor.stop(RunID("broken"))
        lab.supervisor.waitUntilIdle()
        let stopped = before + lab.events()
        #expect(stopped.result?.status == .stopped)
        let step = try #require(try ResumePoint.step(inFolder: lab.folder.path + "/broken", notAfter: .max))
        #expect(step == stopped.trainingLosses.count)
        lab.supervisor.start(lab.plan("broken", data: data, target: "label", settings, recordedStep: step))
        lab.supervisor.waitUntilIdle()
        let resumed = lab.events()
        #expect(stopped.trainingLosses + resumed.trainingLosses == whole.trainingLosses)
        #expect(resumed.result?.metrics == whole.result?.metrics)
        #expect(resumed.result?.bestStep == whole.result?.bestStep)
    }

    @Test func aRunOnDataThatChangedSinceIsNotContinued() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", ["epochs": "1000"], stepsPerSecond: 500))
        _ = lab.wait { if case .sample(.metricsRecorded) = $0.kind { true } else { false } }
        lab.supervisor.stop(RunID("run1"))
        lab.supervisor.waitUntilIdle()
        _ = lab.events()
        _ = try lab.folder.write(SampleTable.sortedClasses(rows: 601), as: "c.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", ["epochs": "1000"], recordedStep: .max))
        lab.supervisor.waitUntilIdle()
        let result = try #require(lab.events().result)
        #expect(result.status == .failed)
        #expect(result.reason.text.contains("has changed since the run began: start a new run"))
        #expect(lab.supervisor.failure(of: RunID("run1"))?.code == .dataChanged)
    }

    @Test func aPausedRunStandsStillAndThenGoesOn() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let run = RunID("run1")
        lab.supervisor.start(
            lab.plan(
                "run1", data: data, target: "label", ["epochs": "30", "early_stopping_patience": "99"], stepsPerSecond: 3_000))
        var events = lab.wait { if case .sample(.metricsRecorded) = $0.kind { true } else { false } }
        lab.supervisor.pause(run)
        events += lab.wait { if case .job(.checkpointSaved) = $0.kind { true } else { false } }
        let count = (events + lab.events()).trainingLosses.count
        usleep(50_000)
        #expect(lab.events().trainingLosses.isEmpty)
        lab.supervisor.resume(run)
        lab.supervisor.waitUntilIdle()
        let rest = lab.events()
        #expect(rest.result?.status == .completed)
        #expect(rest.statuses.first == "Training")
        let planned = try #require(
            events.compactMap { event -> Int? in
                if case .job(.statusChanged(let change)) = event.kind, change.plannedSteps > 0 {
                    change.plannedSteps
                } else {
                    nil
                }
            }.first)
        #expect(count + rest.trainingLosses.count == planned)
    }

    @Test func jobsBeyondTheBudgetWaitAndAStoppedOneNeverBegins() throws {
        let lab = try Laboratory(concurrentJobs: 1)
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", ["epochs": "1000"], stepsPerSecond: 200))
        lab.supervisor.start(lab.plan("run2", data: data, target: "label"))
        lab.supervisor.start(lab.plan("run3", data: data, target: "label", ["epochs": "2"]))
        lab.supervisor.stop(RunID("run2"))
        let early = lab.wait { if case .sample(.metricsRecorded) = $0.kind { true } else { false } }
        #expect(early.filter { $0.run == RunID("run3") }.statuses == ["Pending"])
        lab.supervisor.stop(RunID("run1"))
        lab.supervisor.waitUntilIdle()
        let events = early + lab.events()
        #expect(events.filter { $0.run == RunID("run2") }.statuses == ["Pending", "Stopped"])
        #expect(events.filter { $0.run == RunID("run3") }.result?.status == .completed)
    }

    @Test func unshuffledSortedRowsAreSummarisedAsOrdered() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        func summary(_ shuffle: String) throws -> TrainingDataSummary {
            lab.supervisor.start(lab.plan("run-\(shuffle)", data: data, target: "label", ["shuffle": shuffle, "epochs": "1"]))
            lab.supervisor.waitUntilIdle()
            return try #require(
                lab.events().compactMap { event -> TrainingDataSummary? in
                    if case .job(.trainingDataSummarised(let summary)) = event.kind { summary } else { nil }
                }.first)
        }
        let ordered = try summary("false")
        #expect(ordered.orderZ > 15)
        #expect(!ordered.isShuffled)
        #expect(abs(try summary("true").orderZ) < 4)
    }

    @Test(arguments: ["linear-learner", "neural-network"] + (XGBoostLibrary.isAvailable ? ["xgboost"] : []))
    func whatAConstantLosesIsWhatTheConstantModelMeasures(algorithm: String) throws {
        for (rows, target) in [(SampleTable.regression(rows: 300), "y"), (SampleTable.sortedClasses(rows: 300), "label")] {
            let lab = try Laboratory()
            let data = try lab.folder.write(rows, as: "d.csv")
            let constant = try lab.run("constant", data: data, target: target, algorithm: "constant", [:])
            let length = algorithm == "xgboost" ? ["num_round": "2"] : ["epochs": "2"]
            let events = try lab.run("other", data: data, target: target, algorithm: algorithm, length)
            let summary = try #require(
                events.compactMap { event -> TrainingDataSummary? in
                    if case .job(.trainingDataSummarised(let summary)) = event.kind { summary } else { nil }
                }.last)
            let measured = try #require(constant.result).metrics
            for (told, name) in [
                (summary.constantTrainingLoss, "train:loss"), (summary.constantValidationLoss, "validation:loss"),
            ] {
                let told = try #require(told), expected = try #require(measured[MetricName(name)])
                #expect(abs(told - expected) < 1e-4 * expected, "\(target) \(name): \(told), \(expected)")
            }
        }
    }

    @Test func badDataFailsTheRunWithThePlaceAtFault() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write("a,b,y\n1,2,3\n4,5\n6,7,8\n", as: "ragged.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "y"))
        lab.supervisor.waitUntilIdle()
        let result = try #require(lab.events().result)
        #expect(result.status == .failed)
        #expect(result.reason.text.contains("ragged.csv:3"))
        #expect(lab.supervisor.failure(of: RunID("run1"))?.isDataFault == true)
    }

    @Test func aDivergingRunReportsItsLossAsItIs() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 500), as: "r.csv")
        let settings = [
            "optimizer": "sgd", "learning_rate": "100", "epochs": "40", "early_stopping_patience": "100",
            "use_lr_scheduler": "false",
        ]
        lab.supervisor.start(lab.plan("run1", data: data, target: "y", settings))
        lab.supervisor.waitUntilIdle()
        let events = lab.events()
        #expect(events.trainingLosses.contains { !$0.isFinite })
        #expect(events.result?.status == .completed)
    }
}
