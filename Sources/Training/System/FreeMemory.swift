import CheckedNumbers
import Glibc

/// How much memory this machine, or the container this process runs in, has left.
enum FreeMemory {
    /// Bytes the environment variable DESCENT_MEMORY allows; nil when it says nothing that is understood.
    static var wanted: Int? { getenv("DESCENT_MEMORY").flatMap { bytes(String(cString: $0)) } }

    /// 512M, 8G, 1.5g, 100000.
    static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let units = ["": 0, "b": 0, "k": 10, "kb": 10, "m": 20, "mb": 20, "g": 30, "gb": 30, "t": 40, "tb": 40]
        guard let number = Double(digits), let shift = units[text.dropFirst(digits.count).lowercased()], number > 0 else {
            return nil
        }
        return Int(nearestWithin: min(number * Double(1 << shift), 1e18))
    }

    /// Bytes that can be had without swapping.
    static var available: Int {
        let machine = SystemFile.number("MemAvailable:", in: SystemFile.text("/proc/meminfo")).map { $0 << 10 } ?? 4 << 30
        let group = ControlGroup.own
        guard let limit = group.memoryLimit, let used = group.usedMemory else { return machine }
        return min(machine, max(0, limit - used))
    }
}
