import Events
import Glibc
import Learners
import Testing
import Training

@Suite struct ForkTests {
    private let settings = ["epochs": "60", "early_stopping_patience": "1000"]

    /// A run that was paused on the way, and so has a checkpoint there: its events and the step.
    private func parent(_ lab: Laboratory, _ data: String) throws -> (events: [StudioEvent], step: Int) {
        lab.supervisor.start(lab.plan("parent", data: data, target: "label", settings, stepsPerSecond: 2_000))
        var events = lab.wait { if case .sample(.metricsRecorded(let metrics)) = $0.kind { metrics.step >= 50 } else { false } }
        lab.supervisor.pause(RunID("parent"))
        events += lab.wait { if case .job(.checkpointSaved) = $0.kind { true } else { false } }
        let paused = try #require(try ForkPoint.places(inFolder: lab.folder.path + "/parent").steps.first)
        lab.supervisor.resume(RunID("parent"))
        lab.supervisor.waitUntilIdle()
        events += lab.events()
        let place = try ForkPoint.find(inFolder: lab.folder.path + "/parent", at: .notAfter(paused))
        try place.write(toFolder: lab.folder.path + "/child")
        return (events, place.step)
    }

    private func fork(
        _ lab: Laboratory, _ data: String, at step: Int, _ changes: [String: String] = [:], recordedStep: Int? = nil,
        stepsPerSecond: Double? = nil
    ) {
        lab.supervisor.start(
            lab.plan(
                "child", data: data, target: "label", settings, recordedStep: recordedStep, stepsPerSecond: stepsPerSecond,
                fork: RunFork(parent: RunID("parent"), step: step, settings: changes)))
    }

    @Test func withoutAChangeAForkDoesWhatItsParentDidToTheBit() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let (parent, step) = try parent(lab, data)
        fork(lab, data, at: step)
        lab.supervisor.waitUntilIdle()
        let child = lab.events()
        #expect(step > 0)
        #expect(!child.trainingLosses.isEmpty)
        #expect(child.trainingLosses == Array(parent.trainingLosses[step...]))
        #expect(child.result?.metrics == parent.result?.metrics)
        #expect(child.result?.bestStep == parent.result?.bestStep)
        let first = child.compactMap { event -> Int? in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.step } else { nil }
        }.first
        #expect(first == step + 1)
        #expect(child.changes.isEmpty)
    }

    @Test func aForkWithAChangeLeavesItsParentsCurveAfterItsFirstStep() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let (parent, step) = try parent(lab, data)
        fork(lab, data, at: step, ["learning_rate": "0.9"])
        lab.supervisor.waitUntilIdle()
        let child = lab.events()
        let rest = Array(parent.trainingLosses[step...])
        #expect(child.trainingLosses.first == rest.first)
        #expect(child.trainingLosses[1] != rest[1])
        #expect(child.changes == [HyperparameterChange(["learning_rate": "0.9"], step: step, epoch: child.changes.first?.epoch)])
    }

    @Test func aForkThatWasStoppedGoesOnFromItsOwnCheckpointAndOneWithoutAnyFromItsFork() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let (_, step) = try parent(lab, data)
        fork(lab, data, at: step, ["learning_rate": "0.4"])
        lab.supervisor.waitUntilIdle()
        let whole = lab.events()
        // As after a crash before the first checkpoint of its own.
        fork(lab, data, at: step, ["learning_rate": "0.4"], recordedStep: step - 1, stepsPerSecond: 2_000)
        let before = lab.wait { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.step >= step + 20 } else { false }
        }
        lab.supervisor.stop(RunID("child"))
        lab.supervisor.waitUntilIdle()
        let stopped = before + lab.events()
        let reached = try #require(try ResumePoint.step(inFolder: lab.folder.path + "/child", notAfter: .max))
        fork(lab, data, at: step, ["learning_rate": "0.4"], recordedStep: reached)
        lab.supervisor.waitUntilIdle()
        let resumed = lab.events()
        #expect(stopped.trainingLosses + resumed.trainingLosses == whole.trainingLosses)
        #expect(resumed.changes.isEmpty)
    }

    @Test func whereThereIsNoCheckpointTheErrorSaysWhereThereAreSome() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let (_, step) = try parent(lab, data)
        let folder = lab.folder.path
        let early = #expect(throws: TrainingError.self) {
            try ForkPoint.find(inFolder: folder + "/parent", at: .notAfter(3))
        }
        #expect(early?.code == .badRequest)
        #expect(early?.message.contains("no checkpoint there: fork at step") == true)
        #expect(early?.message.contains(String(step)) == true)
        let none = #expect(throws: TrainingError.self) {
            try ForkPoint.find(inFolder: folder + "/nowhere", at: .notAfter(3))
        }
        #expect(none?.message.hasPrefix("the run has no checkpoint: ") == true)
    }
}

/// What a finished run and a fork of it do where they go on.
@Suite struct ContinuationTests {
    private let settings = ["epochs": "6", "early_stopping_patience": "off"]

    private func finished(
        _ lab: Laboratory, _ id: String, _ data: String, _ settings: [String: String], algorithm: String = "linear-learner"
    ) throws -> (record: RunRecord, events: [StudioEvent]) {
        var plan = lab.plan(id, data: data, target: "label", settings)
        (plan.record.algorithm, plan.record.request.algorithm) = (algorithm, algorithm)
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        let events = lab.events()
        try #require(events.result?.status == .completed, "\(events.result?.reason.text ?? "no result")")
        let record = try #require(
            events.compactMap { event in if case .run(.registered(let record)) = event.kind { record } else { nil } }.last)
        return (record, events)
    }

    private func continued(_ lab: Laboratory, _ record: RunRecord, _ settings: [String: String]) throws -> [StudioEvent] {
        let place = try #require(try ResumePoint.find(inFolder: lab.folder.path + "/" + record.id.text, notAfter: .max))
        let continuation = try Continuation(of: record, from: place, settings: settings, isFork: false)
        var plan = JobPlan(
            record: record, artifactFolder: lab.folder.path + "/" + record.id.text, recordedStep: place.step)
        plan.record.request.hyperparameters.merge(continuation.lasting) { $1 }
        plan.record.pinned = continuation.pinned
        plan.continuation = continuation
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        return lab.events()
    }

    @Test(arguments: ["linear-learner"] + (XGBoostLibrary.isAvailable ? ["xgboost"] : []))
    func `a finished run that is given more is as one that was started with so much, to the bit`(algorithm: String) throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let length = algorithm == "xgboost" ? "num_round" : "epochs"
        var settings = [length: "6", "early_stopping_patience": "off"]
        // What is chosen by the number of epochs would be another choice for 15.
        if algorithm != "xgboost" { settings.merge(["learning_rate": "0.1", "use_lr_scheduler": "false"]) { $1 } }
        let whole = try finished(lab, "whole", data, settings.merging([length: "15"]) { $1 }, algorithm: algorithm)
        let first = try finished(lab, "run", data, settings, algorithm: algorithm)
        let more = try continued(lab, first.record, [length: "15"])
        let losses = first.events.trainingLosses + more.trainingLosses, expected = whole.events.trainingLosses
        #expect(losses.count == expected.count)
        let difference = zip(losses, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        #expect(difference == nil)
        #expect(more.result?.metrics == whole.events.result?.metrics)
        #expect(more.result?.reason == .maxEpochs)
        #expect(more.changes.map(\.values) == [[length: "15"]])
    }

    @Test func `what was chosen for the first number of epochs stays chosen`() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let first = try finished(lab, "run", data, settings)
        let rate = try #require(first.record.hyperparameters["learning_rate"])
        let place = try #require(try ResumePoint.find(inFolder: lab.folder.path + "/run", notAfter: .max))
        let continuation = try Continuation(of: first.record, from: place, settings: ["epochs": "60"], isFork: false)
        #expect(continuation.pinned["learning_rate"] == rate)
        #expect(continuation.lasting["epochs"] == "60")
        // The rate falls over all the epochs there are.
        #expect(continuation.pinned["lr_scheduler_step"] == nil)
    }

    @Test func `patience that ran out is counted anew`() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let stopping = ["epochs": "40", "early_stopping_patience": "2", "early_stopping_tolerance": "0.5"]
        let first = try finished(lab, "run", data, stopping)
        #expect(first.events.result?.reason == .earlyStopping)
        let more = try continued(lab, first.record, ["learning_rate": "0.5"])
        #expect(!more.trainingLosses.isEmpty)
        #expect(more.changes.map(\.values) == [["learning_rate": "0.5"]])
    }

    @Test func `a fork at the end of a finished run trains as long again, and says so`() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let first = try finished(lab, "run", data, settings)
        let place = try ForkPoint.find(inFolder: lab.folder.path + "/run", at: .newest)
        #expect(place.step == first.events.trainingLosses.count)
        let continuation = try Continuation(of: first.record, from: place, settings: ["learning_rate": "0.001"], isFork: true)
        #expect(continuation.changes == ["learning_rate": "0.001"])
        #expect(continuation.lasting["epochs"] == "12")
        #expect(continuation.notes.count == 1)
        #expect(continuation.notes.first?.contains("the fork trains up to 12") == true)
    }

    @Test func `what would end at once is refused with what to set`() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let first = try finished(lab, "run", data, settings)
        let place = try ForkPoint.find(inFolder: lab.folder.path + "/run", at: .newest)
        func message(_ settings: [String: String], isFork: Bool) -> String? {
            do throws(TrainingError) {
                _ = try Continuation(of: first.record, from: place, settings: settings, isFork: isFork)
                return nil
            } catch { return error.message }
        }
        #expect(message([:], isFork: false) == "run has done all that was planned: give it more with --set epochs=12, or fork it")
        #expect(message(["epochs": "4"], isFork: true)?.hasPrefix("epochs = 4: run has done 6 of them at step") == true)
        #expect(message(["epochs": "none"], isFork: false)?.contains("epochs") == true)
        #expect(
            message(["mini_batch_size": "7"], isFork: true)?.hasPrefix("mini_batch_size cannot be set while training") == true)
        #expect(message(["epochs": "7"], isFork: false) == nil)
    }
}
