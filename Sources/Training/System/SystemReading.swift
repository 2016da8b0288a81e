import Clocks
import Events
import Glibc

/// What this process and its machine have used up to a moment. Rates come from two of them.
package struct SystemReading: Sendable {
    /// Nanoseconds of the monotonic clock.
    package let time: UInt64
    /// What the run's processes have used.
    package let processes: ProcessUse
    /// How long the machine's cores, or those its control group allows, were busy, and how long they could have been; in seconds.
    private let machine: (busy: Double, possible: Double)?
    /// Share of the memory of the machine, or of its control group, that is taken, in percent.
    let machineMemoryPercent: Double?

    /// - Parameter processes: what they have used up to now.
    package init(_ processes: ProcessUse = .own) {
        time = SteadyClock.nanoseconds()
        self.processes = processes
        machine = Self.machine(now: Double(time) * 1e-9)
        machineMemoryPercent = Self.memoryPercent
    }

    /// How busy the machine's graphics processors are, in percent, and bytes of their memory that are taken; nil where nobody asked,
    /// and where there are none.
    package var graphics: (percent: Double?, memory: Double?) = (nil, nil)

    var tellsMachine: Bool { machine != nil }
    var tellsDisk: Bool { processes.disk != nil }

    /// The values of a stretch that ends with this reading; nil where the machine does not tell, or the stretch is too short.
    package func value(_ metric: SystemMetric, since start: SystemReading) -> Double? {
        let seconds = Double(time - start.time) * 1e-9
        switch metric {
        case .cpuPercent:
            // Of processes that are gone nothing is known.
            let used = processes.processorSeconds - start.processes.processorSeconds
            return seconds > 0 && used >= 0 ? 100 * used / seconds : nil
        case .memoryBytes: return processes.residentBytes > 0 ? Double(processes.residentBytes) : nil
        case .machineCPUPercent:
            guard let machine, let before = start.machine, machine.possible > before.possible else { return nil }
            return min(100, max(0, 100 * (machine.busy - before.busy) / (machine.possible - before.possible)))
        case .machineMemoryPercent: return machineMemoryPercent
        case .diskReadBytesPerSecond, .diskWriteBytesPerSecond:
            guard let disk = processes.disk, let before = start.processes.disk, seconds > 0 else { return nil }
            let bytes = metric == .diskReadBytesPerSecond ? disk.read - before.read : disk.written - before.written
            return bytes < 0 ? nil : bytes / seconds
        case .rowsPerSecond: return nil
        case .gpuPercent: return graphics.percent
        case .gpuMemoryBytes: return graphics.memory
        }
    }

    private static func machine(now: Double) -> (Double, Double)? {
        let group = ControlGroup.own
        if let cores = group.coreLimit, let busy = group.processorSeconds { return (busy, now * cores) }
        // user nice system idle iowait irq softirq steal
        guard let line = SystemFile.text("/proc/stat")?.split(separator: "\n", maxSplits: 1).first else { return nil }
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count == 8 else { return nil }
        let all = ticks.reduce(0, +), second = Double(sysconf(Int32(_SC_CLK_TCK)))
        return ((all - ticks[3] - ticks[4]) / second, all / second)
    }

    private static var memoryPercent: Double? {
        let group = ControlGroup.own
        if let limit = group.memoryLimit, let used = group.usedMemory { return min(100, 100 * Double(used) / Double(limit)) }
        let text = SystemFile.text("/proc/meminfo")
        guard let all = SystemFile.number("MemTotal:", in: text), let free = SystemFile.number("MemAvailable:", in: text), all > 0
        else { return nil }
        return 100 * Double(all - free) / Double(all)
    }
}
