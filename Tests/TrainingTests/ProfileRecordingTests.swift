import Clocks
import Events
import Glibc
import TemporaryFolders
import Testing

@testable import Training

/// Where a job's time goes is taken down, and adds up to all of it.
@Suite struct ProfileRecordingTests {
    private func slices(_ events: [StudioEvent]) -> [ProfileSlice] { RunProfile(of: events).slices }

    @Test(arguments: ["linear-learner", "neural-network", "xgboost"])
    func partsAddUpToTheTimeAndSlicesLieEndToEnd(algorithm: String) throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 4000), as: "r.csv")
        var plan = lab.plan("run1", data: data, target: "y", algorithm == "xgboost" ? ["num_round": "40"] : ["epochs": "12"])
        (plan.record.algorithm, plan.record.request.algorithm) = (algorithm, algorithm)
        let begun = SteadyClock.nanoseconds()
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        let wall = Double(SteadyClock.nanoseconds() - begun) * 1e-9
        let events = lab.events()
        try #require(events.result?.status == .completed)
        let slices = slices(events), profile = RunProfile(slices)
        for slice in slices {
            let sum = slice.spent.values.reduce(0, +)
            #expect(abs(sum - slice.seconds) <= 0.02 * slice.seconds + 1e-6, "\(sum) of \(slice.seconds)")
        }
        #expect(profile.seconds <= wall && profile.seconds > 0.8 * wall - 0.1, "\(profile.seconds) of \(wall)")
        #expect(profile.stepCount == events.trainingLosses.count && profile.durations.count == profile.stepCount)
        #expect(slices.map(\.step) == slices.map(\.step).sorted() && slices.last?.step == profile.stepCount)
        #expect(profile.spent[.start] ?? 0 > 0 && profile.spent[.finish] ?? 0 > 0)
        #expect(slices.allSatisfy { $0.machine.cores.allSatisfy { (0...100).contains($0) } })
        #expect(slices.allSatisfy { $0.machine.memoryBytes ?? 0 > 1 << 20 && $0.machine.threads ?? 0 > 1 })
        if algorithm == "neural-network" {
            for part in StepPart.ofSteps { #expect(profile.spent[part] ?? 0 > 0, "\(part)") }
            #expect(profile.spent[.evaluate] ?? 0 > 0 && profile.timedCount > 0)
        }
    }

    @Test func aPauseIsNoPartOfIt() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 600), as: "r.csv")
        let settings = ["epochs": "100000", "early_stopping_patience": "off"]
        lab.supervisor.start(lab.plan("run1", data: data, target: "y", settings, stepsPerSecond: 400))
        var events = lab.wait { if case .job(.progressReported) = $0.kind { true } else { false } }
        lab.supervisor.pause(RunID("run1"))
        events += lab.wait { if case .job(.statusChanged(let change)) = $0.kind { change.status == .paused } else { false } }
        usleep(700_000)
        lab.supervisor.resume(RunID("run1"))
        usleep(100_000)
        lab.supervisor.stop(RunID("run1"))
        lab.supervisor.waitUntilIdle()
        events += lab.events()
        let slices = slices(events)
        let first = try #require(slices.first), last = try #require(slices.last)
        #expect(last.wallTime - first.startTime - RunProfile(slices).seconds > 0.5)
    }

    @Test func whatTheKernelCountsBecomesWhatAMachineDid() throws {
        let before = MachineReading(.own, folder: "/tmp", readsGraphics: false)
        var sum = 0.0
        let until = SteadyClock.nanoseconds() + 300_000_000
        while SteadyClock.nanoseconds() < until { sum += 1 }
        let use = MachineReading(.own, folder: "/tmp", readsGraphics: false).use(since: before)
        #expect(sum > 0)
        // One thread was busy, as far as it had a core.
        #expect(try #require(use.processPercent) + (use.queuedPercent ?? 0) > 80)
        #expect(use.cores.count <= sysconf(Int32(_SC_NPROCESSORS_ONLN)) && use.cores.contains { $0 > 10 })
        #expect(use.diskFreeBytes ?? 0 > 0 && use.threads ?? 0 > 0)
        #expect(use.ioWaitPercent.map { (0...100).contains($0) } ?? true)
    }
}
