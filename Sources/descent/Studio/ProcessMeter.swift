import Glibc
import Training

/// What this process uses of the machine.
struct ProcessMeter {
    private var last = SystemReading()

    /// Share of all processors used since the last sample, in percent, and memory in use.
    mutating func sample() -> (cpuPercent: Double, residentBytes: Int) {
        let now = SystemReading()
        defer { last = now }
        let cores = Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        return ((now.value(.cpuPercent, since: last) ?? 0) / cores, now.processes.residentBytes)
    }
}
