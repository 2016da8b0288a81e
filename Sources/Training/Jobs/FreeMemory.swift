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
        return Int(min(number * Double(1 << shift), 1e18))
    }

    /// Bytes that can be had without swapping.
    static var available: Int {
        let machine = field("MemAvailable:", in: "/proc/meminfo").map { $0 << 10 } ?? 4 << 30
        guard let limit = number(in: "/sys/fs/cgroup/memory.max"), let used = number(in: "/sys/fs/cgroup/memory.current") else {
            return machine
        }
        return min(machine, max(0, limit - used))
    }

    private static func field(_ name: String, in path: String) -> Int? {
        text(of: path)?.split(separator: "\n").first { $0.hasPrefix(name) }?
            .split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    private static func number(in path: String) -> Int? {
        text(of: path)?.split(separator: "\n").first.flatMap { Int($0) }
    }

    private static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(file, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
