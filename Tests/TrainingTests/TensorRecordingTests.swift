import Events
import Learners
import TemporaryFolders
import Testing

@testable import Training

/// Which steps are captured, and that it is nobody's business but the debugger's.
@Suite struct TensorRecordingTests {
    /// Plays steps of a known length to a plan; returns the steps captured and what share of the time they took.
    private func played(
        _ plan: CapturePlan, steps: Int, seconds: Double, cost: Double, first: Double = 0
    ) -> (captured: [Int], share: Double, elapsed: Double) {
        var plan = plan, captured: [Int] = [], time = 0.0
        for step in 1...steps {
            let wants = plan.wants(step: step), own = seconds + (wants ? cost : 0) + (step == 1 ? first : 0)
            time += own
            plan.pass(seconds: own)
            guard wants else { continue }
            plan.note(cost: cost, step: step)
            captured.append(step)
        }
        return (captured, plan.spent / time, time)
    }

    @Test(arguments: [(100_000, 1e-4, 5e-4), (2000, 0.01, 0.001), (1_000_000, 1e-5, 1e-4), (5000, 0.05, 0.2)])
    func capturesStayBelowTheirShareOfTheTime(steps: Int, seconds: Double, cost: Double) {
        let plan = CapturePlan(CaptureInterval(nil), from: 0, plannedSteps: steps)
        let (captured, share, elapsed) = played(plan, steps: steps, seconds: seconds, cost: cost)
        #expect(captured.first == 1 && captured.last == steps)
        #expect(share <= CapturePlan.share, "\(share)")
        // And the time there is gets used: a capture every tenth of a second, or as many as the share allows.
        let possible = min(elapsed / 0.1, CapturePlan.share * elapsed / cost)
        #expect(Double(captured.count) > 0.3 * min(possible, 500), "\(captured.count) of \(possible)")
        // To the end of the run.
        #expect(Double(captured.dropLast().last ?? 0) > 0.9 * Double(steps))
    }

    @Test func aShortRunIsSeenFromItsBeginningToItsEnd() {
        let plan = CapturePlan(CaptureInterval(nil), from: 0, plannedSteps: 5000)
        let (captured, share, _) = played(plan, steps: 5000, seconds: 1e-4, cost: 1e-4)
        #expect(share <= CapturePlan.share && captured.count > 50)
        for quarter in 1...4 { #expect(captured.contains { $0 > 1250 * (quarter - 1) && $0 <= 1250 * quarter && $0 > 16 }) }
    }

    @Test func theFirstStepsAreCapturedOneAfterTheOther() {
        let plan = CapturePlan(CaptureInterval(nil), from: 0, plannedSteps: 10_000)
        #expect(played(plan, steps: 10_000, seconds: 0.01, cost: 1e-4).captured.prefix(16) == Array(1...16)[...])
    }

    @Test func aRunThatIsStoppedEarlyHasNotPaidInAdvanceForALongOne() {
        let plan = CapturePlan(CaptureInterval(nil), from: 0, plannedSteps: 100_000_000)
        let (captured, _, _) = played(plan, steps: 16, seconds: 0.01, cost: 0.01)
        #expect(Double(captured.count) * 0.01 <= 0.05 + 0.02)
    }

    @Test func aFirstStepThatTakesLongPromisesNoLongRun() {
        let plan = CapturePlan(CaptureInterval(nil), from: 0, plannedSteps: 5000)
        let (captured, share, _) = played(plan, steps: 5000, seconds: 2e-5, cost: 2e-4, first: 0.01)
        #expect(share <= CapturePlan.share, "\(captured.count) captures, \(share)")
    }

    @Test func anIntervalIsKeptWhateverItCosts() {
        let every = CapturePlan(CaptureInterval("100"), from: 0, plannedSteps: 1000)
        #expect(played(every, steps: 350, seconds: 1e-6, cost: 1).captured == [1, 101, 201, 301])
        let none = CapturePlan(CaptureInterval("off"), from: 0, plannedSteps: 1000)
        #expect(played(none, steps: 350, seconds: 1, cost: 1e-9).captured.isEmpty)
    }

    private func run(
        _ algorithm: String, _ settings: [String: String], _ change: (inout JobRequest) -> Void
    ) throws -> (events: [StudioEvent], model: Model?) {
        let scratch = try TemporaryFolder()
        let path = try scratch.write(SampleTable.regression(rows: 400), as: "r.csv")
        var request = JobRequest(
            datasetPath: path, target: "y", algorithm: algorithm, hyperparameters: settings, seed: 1)
        change(&request)
        try Algorithms.validate(request)
        let record = RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: algorithm, request: request, hyperparameters: settings,
            objective: try Algorithms.objective(of: request), seed: 1, dataFingerprint: "", gitRevision: nil, version: "",
            createdAt: 0, processID: 1)
        let bus = EventBus(), mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
        bus.subscribe(mailbox)
        let plan = JobPlan(record: record, artifactFolder: nil)
        let outcome = JobRunner(plan: plan, control: JobControl(), bus: bus, budget: ComputeBudget()) { _, _ in }.work()
        bus.flush()
        let events = mailbox.take().merged
        bus.close()
        return (events, outcome.model)
    }

    private func tensors(_ events: [StudioEvent], _ mode: TensorsOfStep.Mode = .train) -> [TensorsOfStep] {
        events.compactMap { if case .tensors(.summarised(let step)) = $0.kind, step.mode == mode { step } else { nil } }
    }

    private func values(_ events: [StudioEvent]) -> [MetricsRecorded] {
        events.compactMap { if case .sample(.metricsRecorded(let values)) = $0.kind { values } else { nil } }
    }

    @Test(arguments: ["linear-learner", "neural-network"])
    func whatIsCapturedChangesNoNumberOfTheRun(algorithm: String) throws {
        let settings = ["epochs": "4", "mini_batch_size": "20"]
        let none = try run(algorithm, settings) { $0.debugSaveInterval = "off" }
        #expect(tensors(none.events).isEmpty)
        for interval in ["1", "7", "auto"] {
            let other = try run(algorithm, settings) { $0.debugSaveInterval = interval }
            #expect(!tensors(other.events).isEmpty)
            #expect(values(other.events) == values(none.events))
            let model = try #require(none.model?.learned as? AnyHashable)
            #expect(other.model?.learned as? AnyHashable == model)
        }
    }

    @Test func aStepsTensorsComeAfterItsMetricsAndSayWhatWasPassedOver() throws {
        let events = try run("neural-network", ["epochs": "4", "mini_batch_size": "20"]) { $0.debugSaveInterval = "10" }.events
        let steps = tensors(events)
        #expect(steps.map(\.step) == stride(from: 1, through: 64, by: 10).map { $0 })
        #expect(steps.dropFirst().allSatisfy { $0.passedOver == 9 } && steps[0].passedOver == 0)
        var last = 0
        for event in events {
            switch event.kind {
            case .sample(.metricsRecorded(let values)): last = values.step
            case .tensors(.summarised(let step)) where step.mode == .train: #expect(step.step == last)
            default: break
            }
        }
        let first = try #require(steps.first)
        #expect(zip(first.summaries, first.summaries.dropFirst()).allSatisfy { $0.collection <= $1.collection })
        #expect(first["gradient/dense1.weight"]?.collection == .gradients && first["loss"]?.count == 1)
        let loss = values(events).first { $0.step == 1 }?.values[.trainLoss]
        #expect(abs((first["loss"]?.mean ?? .nan) - (loss ?? 0)) <= 1e-6 * abs(loss ?? 1))
        #expect([.data, .forward, .backward, .update].allSatisfy { first.spent[$0] ?? 0 > 0 })
    }

    @Test(arguments: ["linear-learner", "xgboost"])
    func whatColumnsAddIsToldWhileTheRunIsTrained(algorithm: String) throws {
        guard algorithm != "xgboost" || XGBoostLibrary.isAvailable else { return }
        let settings = algorithm == "xgboost" ? ["num_round": "9"] : ["epochs": "2", "mini_batch_size": "40"]
        let told = tensors(try run(algorithm, settings) { $0.debugSaveInterval = "4" }.events)
        let sizes = told.map { step in
            step.summaries.filter { $0.collection == .attributions }.reduce(into: [String: Double]()) { $0[$1.name] = $1.mean }
        }
        #expect(told.count > 1 && sizes.allSatisfy { !$0.isEmpty && $0.keys.allSatisfy { $0.hasPrefix("attribution/") } })
        #expect(sizes.allSatisfy { $0.values.allSatisfy { $0.isFinite && $0 >= 0 } } && sizes.first != sizes.last)
        let alone = tensors(
            try run(algorithm, settings) { ($0.debugSaveInterval, $0.debugCollections) = ("4", "attributions") }.events)
        #expect(alone.count == told.count && alone.allSatisfy { $0.summaries.allSatisfy { $0.collection == .attributions } })
        let none = tensors(try run(algorithm, settings) { $0.debugCollections = "losses" }.events)
        #expect(none.allSatisfy { $0.summaries.allSatisfy { $0.collection == .losses } })
    }

    @Test func onlyTheCollectionsThatWereAskedForAreCaptured() throws {
        let events = try run("neural-network", ["epochs": "1"]) { $0.debugCollections = "weights, updates" }.events
        let found = Set(tensors(events).flatMap { $0.summaries.map(\.collection) })
        #expect(found == [.weights, .updates])
    }

    @Test func evaluationsShowWhatTheModelMakesOfRowsThatJudgeIt() throws {
        let settings = ["epochs": "6", "mini_batch_size": "20"]
        let evaluated = tensors(try run("neural-network", settings) { $0.debugSaveInterval = "50,eval=2" }.events, .eval)
        // 320 training rows are 16 steps an epoch; every second evaluation is captured, from the first on.
        #expect(evaluated.map(\.step) == [16, 48, 80] && evaluated.map(\.passedOver) == [0, 1, 1])
        let first = try #require(evaluated.first)
        #expect(Set(first.summaries.map(\.collection)) == [.inputs, .activations])
        #expect(first["inputs"]?.shape.first == 80 && first["dense1.relu_output"]?.units != nil)
        let none = try run("neural-network", settings) { $0.debugSaveInterval = "50,eval=off" }.events
        #expect(tensors(none, .eval).isEmpty && !tensors(none).isEmpty)
    }

    @Test func whatALinearModelMakesOfHeldOutRowsIsWhatItPredictsOfThem() throws {
        let (events, model) = try run("linear-learner", ["epochs": "5"]) {
            ($0.debugSaveInterval, $0.validationPath) = ("1e", $0.datasetPath)
        }
        let margins = try #require(tensors(events, .eval).last?["margins"])
        #expect(margins.count == 400 && margins.shape == [400, 1])
        // The last epoch is the best one of a table that is a line with little noise.
        let scratch = try TemporaryFolder()
        let path = try scratch.write(SampleTable.regression(rows: 400), as: "again.csv")
        let predicted = try #require(try model?.predict(path)[0].texts.compactMap(Double.init))
        let mean = predicted.reduce(0, +) / Double(predicted.count)
        #expect(abs(margins.mean - mean) < 1e-3 * margins.standardDeviation)
    }

    @Test(arguments: [
        ("5", CaptureInterval.Steps.every(5), CaptureInterval.Evaluations.automatic), ("3e", .everyEpoch(3), .automatic),
        ("auto,eval=4", .automatic, .every(4)), ("eval=off", .automatic, .off), ("train=7,eval=1", .every(7), .every(1)),
        ("off", .off, .off),
    ])
    func anIntervalSaysWhichStepsAndWhichEvaluations(
        text: String, steps: CaptureInterval.Steps, evaluations: CaptureInterval.Evaluations
    ) {
        let interval = CaptureInterval(text)
        #expect(interval.steps == steps && interval.evaluations == evaluations && CaptureInterval.problem(text) == nil)
    }

    @Test(arguments: ["", "0", "-1", "e", "1,2", "eval=", "eval=0", "eval=2e", "off,eval=1", "eval=1,eval=2", "5,", "every"])
    func whatIsNoIntervalIsRefused(text: String) { #expect(CaptureInterval.problem(text) != nil) }

    @Test func optionsThatMakeNoSenseAreRefusedInWords() throws {
        for (change, words): (((inout JobRequest) -> Void), String) in [
            ({ $0.debugSaveInterval = "0" }, "debug-save-interval '0': give auto, off or a whole number from 1 on"),
            ({ $0.debugCollections = "weights,wheels" }, "debug-collections 'weights,wheels': give some of weights,biases"),
        ] {
            let error = #expect(throws: TrainingError.self) { try run("linear-learner", [:], change) }
            #expect(error?.message.hasPrefix(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test func theyAreNoPartOfWhatMakesRunsOfSeveralSeedsOne() {
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "xgboost")
        let plain = request.withoutSeed
        (request.debugSaveInterval, request.debugCollections, request.debugLimit) = ("5", "weights", 3)
        #expect(request.withoutSeed == plain)
        #expect(JobRequest(json: request.json) == request)
    }
}
