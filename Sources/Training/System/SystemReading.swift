import Clocks
import Events
import Glibc

/// What this process and its machine have used up to a moment. Rates come from two of them.
package struct SystemReading: Sendable {
    /// Nanoseconds of the monotonic clock.
    package let time: UInt64
    /// Processor time of this process, all threads together, in seconds.
    package let processorSeconds: Double
    /// Memory of this process that is in the machine's.
    package let residentBytes: Int
    /// How long the machine's cores, or those its control group allows, were busy, and how long they could have been; in seconds.
    private let machine: (busy: Double, possible: Double)?
    /// Share of the memory of the machine, or of its control group, that is taken, in percent.
    let machineMemoryPercent: Double?
    /// Since the process began; nil where the kernel does not tell.
    private let disk: (read: Double, written: Double)?

    /// What it is now.
    package init() {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        let pages = SystemFile.text("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        self.init(
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            residentBytes: pages * sysconf(Int32(_SC_PAGESIZE)), disk: Self.diskUse(of: "self"))
    }

    /// What other processes have used up to now, beside what the machine is.
    package init(processorSeconds: Double, residentBytes: Int, disk: (read: Double, written: Double)?) {
        time = SteadyClock.nanoseconds()
        self.processorSeconds = processorSeconds
        self.residentBytes = residentBytes
        self.disk = disk
        machine = Self.machine(now: Double(time) * 1e-9)
        machineMemoryPercent = Self.memoryPercent
    }

    /// Bytes that a process has read from and written to disks; nil where the kernel does not tell.
    package static func diskUse(of process: String) -> (read: Double, written: Double)? {
        let io = SystemFile.text("/proc/\(process)/io")
        return SystemFile.number("read_bytes:", in: io).flatMap { read in
            SystemFile.number("write_bytes:", in: io).map { (Double(read), Double($0)) }
        }
    }

    /// How busy the machine's graphics processors are, in percent, and bytes of their memory that are taken; nil where nobody asked,
    /// and where there are none.
    package var graphics: (percent: Double?, memory: Double?) = (nil, nil)

    var tellsMachine: Bool { machine != nil }
    var tellsDisk: Bool { disk != nil }

    /// The values of a stretch that ends with this reading; nil where the machine does not tell, or the stretch is too short.
    package func value(_ metric: SystemMetric, since start: SystemReading) -> Double? {
        let seconds = Double(time - start.time) * 1e-9
        switch metric {
        case .cpuPercent:
            // Of processes that are gone nothing is known.
            guard seconds > 0, processorSeconds >= start.processorSeconds else { return nil }
            return 100 * (processorSeconds - start.processorSeconds) / seconds
        case .memoryBytes: return residentBytes > 0 ? Double(residentBytes) : nil
        case .machineCPUPercent:
            guard let machine, let before = start.machine, machine.possible > before.possible else { return nil }
            return min(100, max(0, 100 * (machine.busy - before.busy) / (machine.possible - before.possible)))
        case .machineMemoryPercent: return machineMemoryPercent
        case .diskReadBytesPerSecond, .diskWriteBytesPerSecond:
            guard let disk, let before = start.disk, seconds > 0 else { return nil }
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
