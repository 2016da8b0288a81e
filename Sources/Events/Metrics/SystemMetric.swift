/// What a run costs the machine, sampled while its job trains. Such metrics are stored and drawn like others and decide nothing:
/// no objective, verdict, rule or comparison of results looks at them.
public enum SystemMetric: String, CaseIterable, Sendable {
    /// Of this process, all its jobs together: 100 = one core.
    case cpuPercent = "cpu_percent"
    /// Resident memory of this process.
    case memoryBytes = "memory_bytes"
    /// Training rows a second of this run.
    case rowsPerSecond = "rows_per_second"
    /// Of all cores of the machine, or of what its control group allows: 0 to 100.
    case machineCPUPercent = "machine_cpu_percent"
    /// Of the machine's memory, or of what its control group allows: 0 to 100.
    case machineMemoryPercent = "machine_memory_percent"
    /// What this process has read from and written to disks.
    case diskReadBytesPerSecond = "disk_read_bytes_per_second"
    case diskWriteBytesPerSecond = "disk_write_bytes_per_second"
    /// Of all graphics processors of the machine, the mean: 0 to 100. Sampled of scripts alone: nothing of ours uses them.
    case gpuPercent = "gpu_percent"
    /// Memory of all graphics processors of the machine that is taken.
    case gpuMemoryBytes = "gpu_memory_bytes"

    public var name: MetricName { MetricName(split: MetricName.systemSplit, metric: rawValue) }
}

extension MetricName {
    static let systemSplit = "system"

    /// Whether it says what a run costs rather than how good it is.
    public var isSystem: Bool { text.hasPrefix("system:") }

    /// What the user calls it where splits lie in one chart: its family; of a system metric the whole name.
    public var word: String { isSystem ? text : String(family) }
}
