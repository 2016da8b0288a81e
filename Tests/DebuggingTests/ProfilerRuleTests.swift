import Events
import Testing

@testable import Debugging

/// Each rule of the profiler beside a run that is slow in that one way, and a healthy one.
@Suite struct ProfilerRuleTests {
    private var chance = Chance(7)

    /// Slices of a second: a hundred steps of 9 ms each, with a little noise, on two cores.
    private mutating func healthy(_ count: Int, graphics: Int = 0) -> [ProfileSlice] {
        (0..<count).map { index in
            var slice = ProfileSlice(step: 100 * index, wallTime: 1000 + Double(index), seconds: 1)
            if index == 0 {
                slice.spent = [.start: 1]
                return slice
            }
            (slice.stepCount, slice.timedCount) = (100, 100)
            slice.spent = [.data: 0.02, .forward: 0.3, .backward: 0.5, .update: 0.1, .evaluate: 0.05, .other: 0.03]
            for step in 0..<100 {
                let seconds = 0.009 * (1 + 0.05 * chance.normal()) * (step == 7 ? 3 : 1)
                slice.durations.add(seconds: seconds)
            }
            slice.slowest = [.init(step: 100 * index - 93, seconds: 0.027)]
            slice.machine.cores = [90 + 5 * chance.uniform(), 40 + 20 * chance.uniform()]
            (slice.machine.processPercent, slice.machine.queuedPercent) = (100, 3 * chance.uniform())
            (slice.machine.ioWaitPercent, slice.machine.ioStallPercent) = (0, chance.uniform())
            slice.machine.memoryBytes = 400_000_000 + Int(2e6 * chance.normal())
            (slice.machine.threads, slice.machine.diskFreeBytes) = (8, 50_000_000_000)
            slice.machine.graphics = (0..<graphics).map { _ in
                .init(percent: 85 + 3 * chance.normal(), memoryPercent: 60 + 0.3 * chance.normal())
            }
            return slice
        }
    }

    private func play(_ slices: [ProfileSlice], script: Bool = false, _ more: [any LiveRule] = []) -> [DebuggerEvent] {
        var record = RecordedRun("r").record
        if script { record.request.algorithm = JobRequest.scriptAlgorithm }
        let rules: [any LiveRule] = RuleCatalogue.profiler.map { $0.init() } + more
        let run = RunUnderRules(record: record, rules: rules)
        return slices.flatMap { run.show($0) } + run.showEnd(JobStatusChange(status: .completed, reason: .finished))
    }

    private mutating func changed(
        _ count: Int = 150, graphics: Int = 0, _ change: (inout ProfileSlice, Int) -> Void
    ) -> [ProfileSlice] {
        var slices = healthy(count, graphics: graphics)
        for index in slices.indices where index > 0 { change(&slices[index], index) }
        return slices
    }

    @Test mutating func nobodySaysAnythingOfAHealthyRun() {
        #expect(play(healthy(600)).alerts.isEmpty)
        #expect(play(healthy(600, graphics: 2)).alerts.isEmpty)
        #expect(play(healthy(2)).alerts.isEmpty)
    }

    @Test mutating func stepsThatWaitForRowsAreTold() throws {
        let slow = changed { slice, _ in
            slice.spent = [.data: 0.6, .forward: 0.1, .backward: 0.15, .update: 0.1, .other: 0.05]
            slice.machine.loaders = 0
        }
        let alert = try #require(play(slow, script: true).alerts.first)
        #expect(alert.rule == "Dataloader" && alert.step == 900 && alert.severity == .warning)
        #expect(alert.cause.contains("reads its rows itself") && alert.remedies.first?.text.contains("num_workers=2") == true)
        // Once the rows come in time it is over.
        let mended =
            slow
            + healthy(80).dropFirst().map { slice in
                var slice = slice
                slice.step += 15_000
                return slice
            }
        #expect(play(mended, script: true).states(of: "Dataloader").last?.hasPrefix("Cleared") == true)
        let crowded = changed { slice, _ in
            slice.spent = [.data: 0.5, .forward: 0.2, .backward: 0.2, .update: 0.1]
            slice.machine.loaders = 16
        }
        #expect(play(crowded, script: true).alerts.first?.cause.contains("in each other's way") == true)
    }

    @Test mutating func aSlowDiskIsToldWhereTheRunItselfWaitsForIt() throws {
        let slow = changed { slice, _ in
            slice.machine.ioStallPercent = 80
            slice.spent = [.data: 0.02, .forward: 0.3, .backward: 0.3, .update: 0.1, .checkpoint: 0.28]
        }
        let alert = try #require(play(slow).alerts.first)
        #expect(alert.rule == "IOBottleneck" && alert.cause.contains("checkpoints"))
        // Somebody else's waiting is none of it.
        #expect(play(changed { slice, _ in slice.machine.ioStallPercent = 80 }).alerts.isEmpty)
    }

    @Test mutating func aCoreThatIsTakenIsTold() throws {
        let alert = try #require(play(changed { slice, _ in slice.machine.queuedPercent = 48 }).alerts.first)
        #expect(alert.rule == "CPUBottleneck" && alert.severity == .info && alert.summary.contains("48 %"))
        // Beside graphics processors: they idle while the run's processes work.
        let starved = changed(graphics: 2) { slice, _ in
            slice.machine.cores = [100, 100]
            slice.machine.processPercent = 200
            slice.machine.graphics = [.init(percent: 4, memoryPercent: 60), .init(percent: 5, memoryPercent: 60)]
        }
        #expect(play(starved).alerts.contains { $0.rule == "CPUBottleneck" && $0.summary.contains("graphics processors idle") })
    }

    @Test mutating func whatHoldsARunBackIsADiagnosisBehindAllOthersAndALargerMachineIsNoUselessAnswer() {
        var record = RecordedRun("r").record
        record.hyperparameters["dropout"] = "0.5"
        let alert = play(changed { slice, _ in slice.machine.queuedPercent = 48 }).alerts[0]
        let lost = Alert(
            rule: StillImproving.name, severity: .info, step: 9, summary: "fell", evidence: [], cause: "", remedies: [])
        let events = [alert, lost].map {
            StudioEvent(sequence: 0, wallTime: 0, run: record.id, kind: .debugger(.alertRaised($0)))
        }
        let found = RunDiagnosing(run: record, events: events).diagnoses()
        #expect(found.map(\.cause) == ["tooShort", "cPUBottleneck"] && found[1].useless.isEmpty && !found[0].useless.isEmpty)
    }

    @Test mutating func rareSlowStepsAreToldWhenTheyCostMuch() throws {
        let slow = changed { slice, index in
            slice.durations = StepDurations()
            slice.durations.add(seconds: 0.006, count: 97)
            slice.durations.add(seconds: 0.14, count: 3)
            slice.slowest = [.init(step: 100 * index - 50, seconds: 0.14)]
        }
        let alert = try #require(play(slow).alerts.first)
        #expect(alert.rule == "StepOutlier" && alert.summary.contains("usual ones take 6"), "\(alert.summary)")
        // Mean and deviation would not: ten in a hundred three times as long hide themselves.
        let masked = changed { slice, index in
            slice.durations = StepDurations()
            slice.durations.add(seconds: 0.006, count: 80)
            slice.durations.add(seconds: 0.03, count: 20)
        }
        #expect(play(masked).alerts.first?.rule == "StepOutlier")
    }

    @Test mutating func aLongStartIsToldWhileItLastsAndClearedWhenItTrains() throws {
        let run = RunUnderRules(record: RecordedRun("r").record, rules: [MaxInitializationTime()])
        var events = stride(from: 0.0, through: 1500, by: 1).flatMap { run.show(time: $0) }
        #expect(events.alerts.map(\.rule) == ["MaxInitializationTime"])
        var slice = ProfileSlice(step: 0, wallTime: 1600, seconds: 1600)
        slice.spent = [.start: 1600]
        events += run.show(slice)
        (slice.step, slice.stepCount, slice.wallTime, slice.seconds) = (100, 100, 1601, 1)
        events += run.show(slice)
        #expect(events.states(of: "MaxInitializationTime").last?.hasPrefix("Cleared") == true)
        // What nobody told the time of is known from its first slice.
        let quiet = RunUnderRules(record: RecordedRun("r").record, rules: [MaxInitializationTime()])
        var first = ProfileSlice(step: 0, wallTime: 1600, seconds: 1500)
        first.spent = [.start: 1500]
        #expect(quiet.show(first).alerts.count == 1)
        first.spent = [.start: 1100]
        let short = RunUnderRules(record: RecordedRun("r").record, rules: [MaxInitializationTime()])
        first.seconds = 1100
        #expect(short.show(first).alerts.isEmpty)
    }

    @Test mutating func memoryThatGrowsAndGrowsIsToldAndACacheThatFillsIsNot() throws {
        let leak = changed(300) { slice, index in slice.machine.memoryBytes = (slice.machine.memoryBytes ?? 0) + 3_000_000 * index
        }
        let alert = try #require(play(leak, script: true).alerts.first)
        #expect(alert.rule == "MemoryLeak" && alert.severity == .warning && alert.remedies.first?.text.contains("item()") == true)
        let cache = changed(600) { slice, index in
            slice.machine.memoryBytes = (slice.machine.memoryBytes ?? 0) + 3_000_000 * min(index, 100)
        }
        #expect(play(cache).alerts.isEmpty)
    }

    @Test mutating func stepsThatBecomeSlowerAreTold() throws {
        let slower = changed(200) { slice, index in
            guard index > 100 else { return }
            slice.durations = StepDurations()
            slice.durations.add(seconds: 0.019, count: 50)
            slice.machine.queuedPercent = 20
        }
        let alert = try #require(play(slower).alerts.first)
        #expect(alert.rule == "ThroughputRegression" && alert.cause.contains("other programs"), "\(alert.rule) \(alert.cause)")
        // A larger batch takes longer by right.
        let run = RunUnderRules(record: RecordedRun("r").record, rules: [ThroughputRegression()])
        var events: [DebuggerEvent] = []
        for (index, slice) in slower.enumerated() {
            if index == 100 { events += run.take(HyperparameterChange(["mini_batch_size": "256"], step: 10_000, epoch: 1)) }
            events += run.show(slice)
        }
        #expect(events.alerts.isEmpty)
    }

    @Test mutating func aProcessorThatIsHeldBackIsTold() throws {
        let limited = try #require(play(changed { slice, _ in slice.machine.throttledPercent = 45 }).alerts.first)
        #expect(limited.rule == "Throttling" && limited.cause.contains("container"))
        let hot = try #require(play(changed { slice, _ in slice.machine.overheatings = 2 }).alerts.first)
        #expect(hot.rule == "Throttling" && hot.cause.contains("heat"))
    }

    @Test mutating func aDiskThatIsAboutToBeFullIsTold() throws {
        let filling = changed { slice, index in slice.machine.diskFreeBytes = 20_000_000_000 - 90_000_000 * index }
        let alert = try #require(play(filling).alerts.first)
        #expect(alert.rule == "DiskFull" && alert.summary.contains("minutes") && alert.severity == .warning)
        #expect(play(changed { slice, _ in slice.machine.diskFreeBytes = 100_000_000 }).alerts.first?.rule == "DiskFull")
        #expect(play(changed { slice, index in slice.machine.diskFreeBytes = 50_000_000_000 - 1_000_000 * index }).alerts.isEmpty)
    }

    @Test mutating func graphicsProcessorsThatHaveLittleToDoAreTold() throws {
        let small = changed(graphics: 1) { slice, _ in
            slice.machine.cores = [30, 20]
            slice.machine.graphics = [.init(percent: 25, memoryPercent: 20)]
        }
        let rules = Set(play(small).alerts.map(\.rule))
        #expect(rules == ["BatchSize", "LowGPUUtilization"])
        let bursts = changed(graphics: 1) { slice, index in
            slice.machine.graphics = [.init(percent: index % 4 == 0 ? 2 : 95, memoryPercent: 80)]
        }
        #expect(play(bursts).alerts.map(\.rule) == ["LowGPUUtilization"])
        #expect(play(bursts).alerts.first?.summary.contains("now") == true)
        // One that is not used at all is no matter of this run.
        let unused = changed(graphics: 1) { slice, _ in slice.machine.graphics = [.init(percent: 0, memoryPercent: 0)] }
        #expect(!play(unused).alerts.contains { $0.rule == "LowGPUUtilization" })
    }

    @Test mutating func aSteadyRiseOfAGraphicsProcessorsMemoryIsTold() throws {
        // Six points a minute: the means of two windows that overlap never differ by five.
        let leak = changed(240, graphics: 1) { slice, index in slice.machine.graphics[0].memoryPercent = 30 + 0.1 * Double(index)
        }
        let alert = try #require(play(leak).alerts.first)
        #expect(alert.rule == "GPUMemoryIncrease" && alert.summary.contains("6 points a minute"), "\(alert.summary)")
    }

    @Test mutating func graphicsProcessorsThatAreNotEquallyBusyAreTold() throws {
        let uneven = changed(graphics: 3) { slice, _ in slice.machine.graphics[1].percent = 12 + 10 * slice.seconds }
        let alert = try #require(play(uneven).alerts.first { $0.rule == "LoadBalancing" })
        #expect(alert.summary.contains("processor 0") && alert.summary.contains("1 to 22 %"), "\(alert.summary)")
        // Jensen-Shannon: the same is 0, and nothing in common is the root of the logarithm of 2.
        #expect(LoadBalancing.distance([1, 0], [1, 0]) == 0)
        #expect(abs(LoadBalancing.distance([1, 0], [0, 1]) - 0.832_554_6) < 1e-6)
    }

    @Test mutating func theReportSaysAtTheEndWhatWasFound() throws {
        let slow = changed { slice, _ in slice.machine.queuedPercent = 48 }
        let events = play(slow, [ProfilerReport(), OverallSystemUsage(), OverallFrameworkMetrics()])
        let alert = try #require(events.alerts.last)
        #expect(alert.rule == "ProfilerReport" && alert.summary.contains("1 of 13") && alert.summary.contains("CPUBottleneck"))
        #expect(!play(healthy(200), [ProfilerReport()]).alerts.contains { $0.rule == "ProfilerReport" })
    }

    @Test func aTrendIsTestedAsMannAndKendallDid() throws {
        // By hand: of 8 values that rise all 28 pairs do; the variance is 8 * 7 * 21 / 18.
        let rising = try #require(Trend((0..<8).map { (time: Double($0), value: Double($0) * 2) }))
        #expect(abs(rising.z - 28 / (8 * 7 * 21 / 18.0).squareRoot()) < 1e-12 && rising.slope == 2)
        let flat = try #require(Trend((0..<8).map { (time: Double($0), value: 1) }))
        #expect(flat.z == 0 && flat.slope == 0)
        #expect(Trend([(time: 0, value: 1)]) == nil)
    }
}
