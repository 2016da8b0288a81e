import Events
import Glibc
import Testing
import Training

@Suite struct ForkTests {
    private let settings = ["epochs": "60", "early_stopping_patience": "1000"]

    /// A run that was paused on the way, and so has a checkpoint there: its events and the step.
    private func parent(_ lab: Laboratory, _ data: String) throws -> (events: [StudioEvent], step: Int) {
        lab.supervisor.start(lab.plan("parent", data: data, target: "label", settings, stepsPerSecond: 2_000))
        var events = lab.wait { if case .metricsRecorded(let metrics) = $0.kind { metrics.step >= 50 } else { false } }
        lab.supervisor.pause(RunID("parent"))
        events += lab.wait { if case .checkpointSaved = $0.kind { true } else { false } }
        let paused = try #require(try ForkPoint.places(inFolder: lab.folder.path + "/parent").steps.first)
        lab.supervisor.resume(RunID("parent"))
        lab.supervisor.waitUntilIdle()
        events += lab.events()
        let step = try ForkPoint.copy(
            fromFolder: lab.folder.path + "/parent", at: .notAfter(paused), toFolder: lab.folder.path + "/child")
        return (events, step)
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
            if case .metricsRecorded(let metrics) = event.kind { metrics.step } else { nil }
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
            if case .metricsRecorded(let metrics) = event.kind { metrics.step >= step + 20 } else { false }
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
            try ForkPoint.copy(fromFolder: folder + "/parent", at: .notAfter(3), toFolder: folder + "/other")
        }
        #expect(early?.code == .badRequest)
        #expect(early?.message.contains("no checkpoint there: fork at step") == true)
        #expect(early?.message.contains(String(step)) == true)
        let none = #expect(throws: TrainingError.self) {
            try ForkPoint.copy(fromFolder: folder + "/nowhere", at: .notAfter(3), toFolder: folder + "/other")
        }
        #expect(none?.message.hasPrefix("the run has no checkpoint: ") == true)
    }
}
