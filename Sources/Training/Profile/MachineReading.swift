import Clocks
import Events
import Glibc

/// What the kernel has counted up to a moment of a machine and of the processes of a run. What happened between two of them is a
/// `MachineUse`.
package struct MachineReading: Sendable {
    private let time = SteadyClock.nanoseconds()
    private let processes: ProcessUse
    /// Busy, waiting for a disk, and in all, in ticks, by core.
    private let cores: [CoreTicks]
    /// Microseconds in which something stood still for a disk.
    private let ioStall: Int?
    private let throttledSeconds: Double?
    private let overheatings: Int?
    private let disk: Int?
    private let graphics: [MachineUse.Graphics]

    private struct CoreTicks {
        var busy: Double, waiting: Double, all: Double
    }

    /// - Parameters:
    ///   - folder: where the disk is looked at; nil = it is not.
    ///   - readsGraphics: whether graphics processors are asked.
    package init(_ processes: ProcessUse, folder: String?, readsGraphics: Bool) {
        self.processes = processes
        cores = Self.readCores()
        ioStall = Self.readStall("/proc/pressure/io")
        throttledSeconds = ControlGroup.own.throttledSeconds
        overheatings = Self.readOverheatings(count: cores.count)
        disk = folder.flatMap(Self.readFree)
        graphics = readsGraphics ? GraphicsProcessors.ofMachine?.each ?? [] : []
    }

    /// What happened from another reading to this one.
    package func use(since start: MachineReading) -> MachineUse {
        var use = MachineUse()
        let seconds = max(1e-9, Double(time - start.time) * 1e-9)
        func percent(_ later: Double?, _ earlier: Double?) -> Double? {
            guard let later, let earlier, later >= earlier else { return nil }
            return 100 * (later - earlier) / seconds
        }
        if cores.count == start.cores.count {
            let spans = zip(cores, start.cores).map {
                CoreTicks(busy: $0.busy - $1.busy, waiting: $0.waiting - $1.waiting, all: $0.all - $1.all)
            }
            // Ticks are a hundredth of a second: of less nothing is known.
            if spans.allSatisfy({ $0.all > 0 }), !spans.isEmpty {
                use.cores = spans.map { min(100, max(0, 100 * $0.busy / $0.all)) }
                let all = spans.reduce(0) { $0 + $1.all }
                use.ioWaitPercent = min(100, max(0, 100 * spans.reduce(0) { $0 + max(0, $1.waiting) } / all))
            }
        }
        use.processPercent = percent(processes.processorSeconds, start.processes.processorSeconds)
        use.queuedPercent = percent(processes.queuedSeconds, start.processes.queuedSeconds)
        use.ioStallPercent = percent(ioStall.map { Double($0) * 1e-6 }, start.ioStall.map { Double($0) * 1e-6 }).map {
            min(100, $0)
        }
        use.throttledPercent = percent(throttledSeconds, start.throttledSeconds)
        if let overheatings, let before = start.overheatings { use.overheatings = max(0, overheatings - before) }
        use.threads = processes.threads
        use.memoryBytes = processes.residentBytes > 0 ? processes.residentBytes : nil
        use.diskFreeBytes = disk
        use.graphics = graphics
        return use
    }

    /// Of the cores that this process may run on.
    private static func readCores() -> [CoreTicks] {
        let allowed = allowedCores
        var cores: [CoreTicks] = []
        for line in SystemFile.text("/proc/stat", mostBytes: 1 << 18)?.split(separator: "\n") ?? [] {
            // cpu7 user nice system idle iowait irq softirq steal
            guard line.hasPrefix("cpu") else { break }
            let parts = line.split(separator: " ")
            guard let number = parts.first.flatMap({ Int($0.dropFirst(3)) }) else { continue }
            if !allowed.isEmpty, !allowed.contains(where: { $0.contains(number) }) { continue }
            let ticks = parts.dropFirst().prefix(8).compactMap { Double($0) }
            guard ticks.count == 8 else { continue }
            let all = ticks.reduce(0, +)
            cores.append(CoreTicks(busy: all - ticks[3] - ticks[4], waiting: ticks[4], all: all))
        }
        return cores
    }

    /// The kernel's list, such as `0-3,8`; empty where it does not tell.
    private static var allowedCores: [ClosedRange<Int>] {
        let line = SystemFile.text("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        let list = line?.split(whereSeparator: \.isWhitespace).last ?? ""
        return list.split(separator: ",").compactMap { part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return nil }
            return first...last
        }
    }

    /// The total of a file of pressure stall information.
    /// - Source: Linux, Documentation/accounting/psi.rst.
    private static func readStall(_ path: String) -> Int? {
        guard let line = SystemFile.text(path)?.split(separator: "\n").first(where: { $0.hasPrefix("some") }),
            let total = line.split(separator: " ").first(where: { $0.hasPrefix("total=") })
        else { return nil }
        return Int(total.dropFirst(6))
    }

    private static func readOverheatings(count: Int) -> Int? {
        // Cores of one package share a cooler: the first ones tell.
        let counts = (0..<min(count, 4)).compactMap {
            SystemFile.number("/sys/devices/system/cpu/cpu\($0)/thermal_throttle/core_throttle_count")
        }
        return counts.isEmpty ? nil : counts.reduce(0, +)
    }

    private static func readFree(_ folder: String) -> Int? {
        var state = statvfs()
        guard statvfs(folder, &state) == 0 else { return nil }
        let (bytes, isTooMany) = UInt64(state.f_bavail).multipliedReportingOverflow(by: UInt64(state.f_frsize))
        return isTooMany ? nil : Int(clamping: bytes)
    }
}
