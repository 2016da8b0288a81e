import Cells
import CheckedNumbers
import Events

extension SystemUnit {
    /// A value with its unit: `93 %`, `1.2 GB`, `40 kB/s`, `1.25M rows/s`.
    public func text(_ value: Double) -> String {
        guard value.isFinite else { return NumberFormat.fixed(value, decimals: 0) }
        switch self {
        case .percent: return NumberFormat.fixed(value, decimals: value < 9.95 && value > 0 ? 1 : 0) + " %"
        case .bytes: return NumberFormat.bytes(Int(nearestWithin: value))
        case .bytesPerSecond: return NumberFormat.bytes(Int(nearestWithin: value)) + "/s"
        case .rowsPerSecond: return number(value) + " rows/s"
        case .none: return NumberFormat.compact(value, digits: 4)
        }
    }

    /// The same where the unit is said already.
    func number(_ value: Double) -> String { self == .rowsPerSecond ? NumberFormat.compact(value) : text(value) }
}

extension MetricName {
    /// A system metric in words, where its chart says the unit.
    public var systemWords: String {
        switch SystemMetric(rawValue: String(metric)) {
        case .cpuPercent: "cpu"
        case .memoryBytes: "mem"
        case .rowsPerSecond: "training"
        case .machineCPUPercent: "machine"
        case .machineMemoryPercent: "machine mem"
        case .diskReadBytesPerSecond: "disk read"
        case .diskWriteBytesPerSecond: "disk write"
        case .gpuPercent: "gpu"
        case .gpuMemoryBytes: "gpu mem"
        case nil: String(metric)
        }
    }

    /// System metrics in the order in which they are told: our own first, then others by name.
    public static func systemOrder(_ names: some Sequence<MetricName>) -> [MetricName] {
        let known = SystemMetric.allCases.map(\.name), all = Set(names.lazy.filter(\.isSystem))
        return known.filter(all.contains) + all.subtracting(known).sorted()
    }
}
