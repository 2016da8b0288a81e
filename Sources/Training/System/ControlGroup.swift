import Glibc

/// What the control groups that this process is in allow it, where they limit it at all.
///
/// - Source: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst. Processor limits are read of version 2 only.
struct ControlGroup: Sendable {
    /// The folder of the group with the least memory, and what its files are called.
    private var memoryFolder = ""
    private var isVersion2 = true
    /// Bytes; nil = no limit.
    private(set) var memoryLimit: Int?
    private var processorFolder = ""
    /// Cores it may keep busy, such as 1.5; nil = no limit.
    private(set) var coreLimit: Double?

    /// This process's: the groups of a process hardly ever change.
    static let own = ControlGroup()

    private let machineMemory: Int

    /// - Parameters:
    ///   - root: where the control groups are mounted.
    ///   - membership: the groups of a process, as the kernel lists them.
    ///   - machineMemory: bytes.
    init(
        root: String = "/sys/fs/cgroup", membership: String? = SystemFile.text("/proc/self/cgroup"),
        machineMemory: Int = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    ) {
        self.machineMemory = machineMemory
        for line in (membership ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[1].isEmpty {
                for folder in Self.folders(root, parts[2]) { look(at: folder) }
            } else if parts[1].split(separator: ",").contains("memory") {
                for folder in Self.folders(root + "/memory", parts[2]) {
                    consider(SystemFile.number(folder + "/memory.limit_in_bytes"), folder, isVersion2: false)
                }
            }
        }
    }

    /// A group's folder and those above it, since each limits what is below.
    private static func folders(_ root: String, _ path: Substring) -> [String] {
        let parts = path.split(separator: "/")
        return (0...parts.count).map { root + parts.prefix($0).map { "/" + $0 }.joined() }
    }

    private mutating func look(at folder: String) {
        consider(SystemFile.number(folder + "/memory.max"), folder, isVersion2: true)
        let words = SystemFile.text(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace).compactMap { Double($0) } ?? []
        guard words.count == 2, words[1] > 0, words[0] / words[1] < coreLimit ?? .infinity else { return }
        (coreLimit, processorFolder) = (words[0] / words[1], folder)
    }

    private mutating func consider(_ limit: Int?, _ folder: String, isVersion2: Bool) {
        // More than there is limits nothing; version 1 says nearly 2^63 for no limit.
        guard let limit, limit > 0, limit < memoryLimit ?? machineMemory else { return }
        (memoryLimit, memoryFolder, self.isVersion2) = (limit, folder, isVersion2)
    }

    /// Bytes of the limit that are taken; files that could be dropped at once do not count. nil without a limit.
    var usedMemory: Int? {
        guard memoryLimit != nil else { return nil }
        let used = SystemFile.number(memoryFolder + (isVersion2 ? "/memory.current" : "/memory.usage_in_bytes"))
        let statistics = SystemFile.text(memoryFolder + "/memory.stat")
        let droppable = SystemFile.number(isVersion2 ? "inactive_file" : "total_inactive_file", in: statistics) ?? 0
        return used.map { max(0, $0 - droppable) }
    }

    /// Seconds of processor time that the group with the limit has used; nil without a limit.
    var processorSeconds: Double? {
        guard coreLimit != nil else { return nil }
        return SystemFile.number("usage_usec", in: SystemFile.text(processorFolder + "/cpu.stat")).map { Double($0) * 1e-6 }
    }

    /// Seconds in which the limit on processor time held its processes back; nil without one.
    var throttledSeconds: Double? {
        guard coreLimit != nil else { return nil }
        return SystemFile.number("throttled_usec", in: SystemFile.text(processorFolder + "/cpu.stat")).map { Double($0) * 1e-6 }
    }
}
