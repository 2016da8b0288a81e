import Events
import Glibc
import Testing
import Training

@Suite struct SteeringTests {
    private let settings = ["epochs": "60", "early_stopping_patience": "1000", "use_lr_scheduler": "false"]

    private func data(_ lab: Laboratory) throws -> String {
        try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
    }

    @Test func aChangeTakesEffectAtTheNextStepAndLeavesTheCurveBeforeItAsItWas() throws {
        let lab = try Laboratory()
        let data = try data(lab), run = RunID("steered")
        lab.supervisor.start(lab.plan("whole", data: data, target: "label", settings))
        lab.supervisor.waitUntilIdle()
        let whole = lab.events().trainingLosses
        lab.supervisor.start(lab.plan("steered", data: data, target: "label", settings, stepsPerSecond: 2_000))
        var events = lab.wait { if case .sample(.metricsRecorded(let metrics)) = $0.kind { metrics.step >= 20 } else { false } }
        lab.supervisor.change(run, ["learning_rate": "0.9"])
        lab.supervisor.waitUntilIdle()
        events += lab.events()
        let change = try #require(events.changes.first)
        let step = try #require(change.step)
        #expect(change.values == ["learning_rate": "0.9"])
        let losses = events.trainingLosses
        #expect(losses.count == whole.count)
        // A step's loss is that before its update: the first new update shows in the loss of the step after.
        #expect(losses[...step] == whole[...step])
        #expect(losses[step + 1] != whole[step + 1])
        let place = try #require(events.firstIndex { if case .job(.hyperparametersChanged) = $0.kind { true } else { false } })
        let saved = events[..<place].last { if case .job(.checkpointSaved) = $0.kind { true } else { false } }
        guard case .job(.checkpointSaved(let checkpoint))? = saved?.kind else {
            Issue.record("the change was told before it was safe")
            return
        }
        #expect(checkpoint.step == step)
    }

    @Test func whatWasSteeredSurvivesBeingStoppedAndResumed() throws {
        let lab = try Laboratory(concurrentJobs: 1)
        let data = try data(lab)
        // Steered while they wait for another job, and so from their first step on.
        func start(_ id: String, stepsPerSecond: Double? = nil) {
            lab.supervisor.start(lab.plan("first-" + id, data: data, target: "label", ["epochs": "1"], stepsPerSecond: 100))
            lab.supervisor.start(lab.plan(id, data: data, target: "label", settings, stepsPerSecond: stepsPerSecond))
            lab.supervisor.change(RunID(id), ["learning_rate": "0.3", "early_stopping_patience": "900"])
        }
        start("whole")
        lab.supervisor.waitUntilIdle()
        let whole = lab.events().filter { $0.run == RunID("whole") }
        #expect(whole.changes.map(\.step) == [0])
        start("broken", stepsPerSecond: 2_000)
        let before = lab.wait { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind, event.run == RunID("broken") {
                metrics.step >= 50
            } else {
                false
            }
        }
        lab.supervisor.stop(RunID("broken"))
        lab.supervisor.waitUntilIdle()
        let stopped = (before + lab.events()).filter { $0.run == RunID("broken") }
        let step = try #require(try ResumePoint.step(inFolder: lab.folder.path + "/broken", notAfter: .max))
        lab.supervisor.start(lab.plan("broken", data: data, target: "label", settings, recordedStep: step))
        lab.supervisor.waitUntilIdle()
        let resumed = lab.events()
        #expect(stopped.trainingLosses + resumed.trainingLosses == whole.trainingLosses)
        let record = resumed.compactMap { event -> RunRecord? in
            if case .run(.registered(let record)) = event.kind { record } else { nil }
        }.last
        #expect(record?.hyperparameters["learning_rate"] == "0.3")
        #expect(record?.hyperparameters["early_stopping_patience"] == "900")
    }

    @Test func earlyStoppingIsSteeredToo() throws {
        let lab = try Laboratory(concurrentJobs: 1)
        let data = try data(lab)
        lab.supervisor.start(lab.plan("first", data: data, target: "label", ["epochs": "1"], stepsPerSecond: 100))
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", settings))
        lab.supervisor.change(RunID("run1"), ["early_stopping_patience": "1", "early_stopping_tolerance": "0.9"])
        lab.supervisor.waitUntilIdle()
        let events = lab.events().filter { $0.run == RunID("run1") }
        #expect(events.result?.reason == .earlyStopping)
    }

    @Test func aPausedRunIsSteeredWhileItStandsStill() throws {
        let lab = try Laboratory()
        let run = RunID("run1")
        lab.supervisor.start(lab.plan("run1", data: try data(lab), target: "label", settings, stepsPerSecond: 1_000))
        _ = lab.wait { if case .sample(.metricsRecorded) = $0.kind { true } else { false } }
        lab.supervisor.pause(run)
        _ = lab.wait { if case .job(.checkpointSaved) = $0.kind { true } else { false } }
        lab.supervisor.change(run, ["wd": "0.01"])
        let events = lab.wait { if case .job(.hyperparametersChanged) = $0.kind { true } else { false } }
        #expect(events.changes.first?.values == ["wd": "0.01"])
        lab.supervisor.stop(run)
        lab.supervisor.waitUntilIdle()
    }

    @Test func whatCannotBeSteeredIsRefusedAndChangesNothing() throws {
        let lab = try Laboratory()
        let run = RunID("run1"), data = try data(lab)
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", settings, stepsPerSecond: 1_000))
        _ = lab.wait { if case .sample(.metricsRecorded) = $0.kind { true } else { false } }
        var events: [StudioEvent] = []
        for settings in [["epochs": "3"], ["learning_rate": "-1"], ["learning_rat": "1"], ["wd": "0.1", "shuffle": "false"]] {
            lab.supervisor.change(run, settings)
            events += lab.wait { if case .notice(.commandFailed) = $0.kind { true } else { false } }
        }
        lab.supervisor.stop(run)
        lab.supervisor.waitUntilIdle()
        lab.supervisor.change(run, ["wd": "0.1"])
        events += lab.events()
        #expect(events.changes.isEmpty)
        #expect(events.refusals.count == 5)
        #expect(events.refusals[0].hasPrefix("run1: epochs cannot be set while training"))
        #expect(events.refusals[1].contains("learning_rate = '-1' is not valid"))
        #expect(events.refusals[2].contains("did you mean 'learning_rate'?"))
        #expect(events.refusals[4] == "the run is not being trained by this process")
    }
}
