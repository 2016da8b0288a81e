import Clocks
import Events
import Glibc
import TemporaryFolders
import Testing

@testable import Training

/// What a job costs the machine is sampled while it trains, and changes nothing of what it learns.
@Suite struct SystemSamplingTests {
    @Test func aRunOfMillisecondsHasASampleWhenItBeginsToTrainAndOneAtItsEnd() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 500), as: "r.csv")
        lab.supervisor.start(lab.plan("run1", data: data, target: "y"))
        lab.supervisor.waitUntilIdle()
        let events = lab.events()
        let samples = events.systemSamples
        #expect(samples.count >= 2)
        let last = try #require(samples.last)
        #expect(last.step == events.trainingLosses.count)
        // About no more than the kernel says this process ever had: it brings that up to date now and then, not at each page.
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let memory = try #require(last.values[SystemMetric.memoryBytes.name])
        #expect(memory > 1e6 && memory <= 1.5 * 1024 * Double(usage.ru_maxrss))
        #expect(try #require(last.values[SystemMetric.cpuPercent.name]) > 0)
        // Where the second was over just before, the last sample is of no rows.
        #expect(try #require(samples.compactMap { $0.values[SystemMetric.rowsPerSecond.name] }.last) > 0)
        for name in [SystemMetric.machineCPUPercent.name, SystemMetric.machineMemoryPercent.name] {
            for value in samples.compactMap({ $0.values[name] }) { #expect((0...100).contains(value)) }
        }
        // Told before the end, and apart from what the model's metrics say.
        #expect(events.last.map { if case .job(.finished) = $0.kind { true } else { false } } == true)
        let mixed = events.contains { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind {
                metrics.values.keys.contains(where: \.isSystem)
            } else {
                false
            }
        }
        #expect(!mixed)
    }

    @Test func aRunningJobIsSampledAgainAndAgainAndAResumedOneGoesOnWhereItStands() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.sortedClasses(rows: 600), as: "c.csv")
        let settings = ["epochs": "1000", "early_stopping_patience": "1000"]
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", settings, stepsPerSecond: 200))
        // Not only at the beginning and the end: the clock goes on ticking.
        var seen: [StudioEvent] = []
        while seen.systemSamples.count < 3 {
            seen += lab.wait { if case .sample(.systemSampled) = $0.kind { true } else { false } }
        }
        lab.supervisor.stop(RunID("run1"))
        lab.supervisor.waitUntilIdle()
        seen += lab.events()
        let steps = seen.systemSamples.map(\.step)
        #expect(steps == steps.sorted())
        // It was held to 200 steps of a mini-batch a second, and was on the way for a second between two samples.
        let rates = seen.systemSamples.compactMap { $0.values[SystemMetric.rowsPerSecond.name] }
        let rowsPerStep = try #require(rates.first) / 200
        #expect(rowsPerStep > 0 && rates.allSatisfy { $0 < 1.5 * 200 * 600 })
        let step = try #require(try ResumePoint.step(inFolder: lab.folder.path + "/run1", notAfter: .max))
        lab.supervisor.start(lab.plan("run1", data: data, target: "label", settings, recordedStep: step, stepsPerSecond: 200))
        let resumed = lab.wait { if case .sample(.systemSampled) = $0.kind { true } else { false } }
        #expect(try #require(resumed.systemSamples.first).step >= step)
        lab.supervisor.stop(RunID("run1"))
        lab.supervisor.waitUntilIdle()
    }

    @Test func aJobThatFailsWhileItPreparesIsSampledOnceAndEnds() throws {
        let lab = try Laboratory()
        lab.supervisor.start(lab.plan("run1", data: lab.folder.path + "/missing.csv", target: "y"))
        lab.supervisor.waitUntilIdle()
        let events = lab.events()
        #expect(events.result?.status == .failed)
        #expect(events.systemSamples.map(\.step) == [0])
    }

    @Test func theTightestLimitAmongAGroupAndThoseAboveItCounts() throws {
        let folder = try TemporaryFolder()
        func put(_ text: String, _ path: String) throws {
            var parent = folder.path
            for part in path.split(separator: "/").dropLast() {
                parent += "/" + part
                mkdir(parent, 0o755)
            }
            _ = try folder.write(text, as: path)
        }
        try put("max\n", "memory.max")
        try put("4000000\n", "a/memory.max")
        try put("2500000\n", "a/memory.current")
        try put("anon 1\ninactive_file 500000\nactive_file 7\n", "a/memory.stat")
        try put("max\n", "a/b/memory.max")
        try put("150000 100000\n", "a/cpu.max")
        try put("usage_usec 2500000\nuser_usec 1\n", "a/cpu.stat")
        try put("max 100000\n", "a/b/cpu.max")
        let group = ControlGroup(root: folder.path, membership: "0::/a/b\n", machineMemory: 8_000_000)
        #expect(group.memoryLimit == 4_000_000 && group.usedMemory == 2_000_000)
        #expect(group.coreLimit == 1.5 && group.processorSeconds == 2.5)
        // What is more than the machine has is no limit.
        let roomy = ControlGroup(root: folder.path, membership: "0::/a/b\n", machineMemory: 3_000_000)
        #expect(roomy.memoryLimit == nil && roomy.usedMemory == nil)
        try put("3000000\n", "memory/old/memory.limit_in_bytes")
        try put("1000000\n", "memory/old/memory.usage_in_bytes")
        try put("total_inactive_file 250000\n", "memory/old/memory.stat")
        let first = ControlGroup(root: folder.path, membership: "4:memory:/old\n1:cpu:/\n", machineMemory: 8_000_000)
        #expect(first.memoryLimit == 3_000_000 && first.usedMemory == 750_000 && first.coreLimit == nil)
        let none = ControlGroup(root: folder.path + "/nowhere", membership: nil, machineMemory: 8_000_000)
        #expect(none.memoryLimit == nil && none.coreLimit == nil)
    }

    @Test func processorTimeOfAKnownSpinIsMeasured() throws {
        let start = SystemReading()
        let begin = SteadyClock.nanoseconds()
        var thread = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &thread)
        let threadStart = Double(thread.tv_sec) + Double(thread.tv_nsec) * 1e-9
        while SteadyClock.nanoseconds() < begin + 150_000_000 {}
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &thread)
        let own = Double(thread.tv_sec) + Double(thread.tv_nsec) * 1e-9 - threadStart
        let end = SystemReading()
        let percent = try #require(end.value(.cpuPercent, since: start))
        let seconds = Double(end.time - start.time) * 1e-9
        // Other tests run beside this one and count too, but this thread's share is in it.
        #expect(percent >= 95 * own / seconds)
        #expect(percent <= 105 * Double(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
}

extension [StudioEvent] {
    var systemSamples: [MetricsRecorded] {
        compactMap { event in if case .sample(.systemSampled(let samples)) = event.kind { samples } else { nil } }
    }
}
