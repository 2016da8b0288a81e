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

    public var name: MetricName { MetricName(split: MetricName.systemSplit, metric: rawValue) }
}

extension MetricName {
    static let systemSplit = "system"

    /// Whether it says what a run costs rather than how good it is.
    public var isSystem: Bool { text.hasPrefix("system:") }

    /// What the user calls it where splits lie in one chart: its family; of a system metric the whole name.
    public var word: String { isSystem ? text : String(family) }
}

/// What the values of a system metric count, as its name says: `…percent`, `…bytes`, `…per_second`.
public enum SystemUnit: Sendable {
    case percent, bytes, bytesPerSecond, rowsPerSecond, none

    public init(of name: MetricName) {
        let word = name.metric
        self =
            if word.hasSuffix("bytes_per_second") { .bytesPerSecond } else if word.hasSuffix("rows_per_second") {
                .rowsPerSecond
            } else if word.hasSuffix("percent") || word.hasSuffix("percentage") { .percent } else if word.hasSuffix("_bytes") {
                .bytes
            } else { .none }
    }
}

/// The mean and the peak of a system metric over a run.
public struct SystemUse: Hashable, Sendable {
    public var mean: Double
    public var peak: Double

    /// nil when no value is finite.
    public init?(_ values: some Sequence<Double>) {
        var count = 0.0, sum = 0.0, peak = -Double.infinity
        for value in values where value.isFinite {
            count += 1
            sum += value
            peak = max(peak, value)
        }
        guard count > 0 else { return nil }
        (self.mean, self.peak) = (sum / count, peak)
    }
}
