import Glibc

/// What the processes of a run have used up to a moment.
package struct ProcessUse: Sendable {
    /// Processor time of all threads together.
    package var processorSeconds = 0.0
    /// How long the threads that train were ready to run while no core was free; nil where the kernel does not tell.
    package var queuedSeconds: Double?
    package var threads: Int?
    /// Memory that is in the machine's. What several processes share counts for each.
    package var residentBytes = 0
    /// Read from and written to disks since they began; nil where the kernel does not tell.
    package var disk: (read: Double, written: Double)?

    package init() {}

    /// This process; what trains is the calling thread.
    package static var own: ProcessUse {
        var own = ProcessUse()
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        own.processorSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        own.queuedSeconds = queuedSeconds(of: "thread-self")
        own.threads = SystemFile.number("Threads:", in: SystemFile.text("/proc/self/status"))
        let pages = SystemFile.text("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        own.residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
        own.disk = diskUse(of: "self")
        return own
    }

    /// How long a process's first thread was ready to run while no core was free.
    /// - Source: Linux, Documentation/scheduler/sched-stats.rst.
    package static func queuedSeconds(of process: String) -> Double? {
        let words = SystemFile.text("/proc/\(process)/schedstat")?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count > 1 ? Double(words[1]).map { $0 * 1e-9 } : nil
    }

    /// Bytes that a process has read from and written to disks; nil where the kernel does not tell.
    package static func diskUse(of process: String) -> (read: Double, written: Double)? {
        let io = SystemFile.text("/proc/\(process)/io")
        return SystemFile.number("read_bytes:", in: io).flatMap { read in
            SystemFile.number("write_bytes:", in: io).map { (Double(read), Double($0)) }
        }
    }
}
