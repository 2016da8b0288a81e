import JSON

/// What a machine did in a stretch of a run's time. What a machine does not tell is nil, or empty.
public struct MachineUse: Sendable, Hashable {
    /// One graphics processor.
    public struct Graphics: Sendable, Hashable {
        /// 0 to 100.
        public var percent: Double
        /// Of its memory, 0 to 100.
        public var memoryPercent: Double

        public init(percent: Double, memoryPercent: Double) { (self.percent, self.memoryPercent) = (percent, memoryPercent) }
    }

    /// How busy each core is that the run's processes may use, 0 to 100.
    public var cores: [Double] = []
    /// What the run's processes used: 100 = one core.
    public var processPercent: Double?
    /// Share of the time in which threads of the run were ready to run and no core was free for them; 100 = one thread all the time.
    public var queuedPercent: Double?
    /// Share of the cores' time in which nothing ran and something waited for a disk, 0 to 100.
    public var ioWaitPercent: Double?
    /// Share of the time in which something on the machine stood still for a disk, 0 to 100.
    public var ioStallPercent: Double?
    /// Share of the time in which a control group's limit held the processes back, 0 to 100.
    public var throttledPercent: Double?
    /// How often cores slowed down since they were too hot.
    public var overheatings: Int?
    /// Of the run's processes, at the end.
    public var threads: Int?
    /// Processes that a data loader has beside the one that trains, at the end.
    public var loaders: Int?
    /// Resident, at the end.
    public var memoryBytes: Int?
    /// Free where the workspace lies, at the end.
    public var diskFreeBytes: Int?
    public var graphics: [Graphics] = []

    public init() {}

    /// How busy the cores were, 0 to 100.
    public var corePercent: Double? { cores.isEmpty ? nil : cores.reduce(0, +) / Double(cores.count) }

    /// How busy the graphics processors were, 0 to 100.
    public var graphicsPercent: Double? {
        graphics.isEmpty ? nil : graphics.reduce(0) { $0 + $1.percent } / Double(graphics.count)
    }

    /// How much was waited for a disk, 0 to 100: what the kernel says of it that is more.
    public var diskPercent: Double? { [ioStallPercent, ioWaitPercent].compactMap { $0 }.max() }

    /// A graphics processor by its place; nil where there is none.
    public func graphics(at place: Int) -> Graphics? { graphics.indices.contains(place) ? graphics[place] : nil }
}

extension MachineUse {
    /// Percentages to a tenth.
    private static func tenths(_ value: Double?) -> JSONValue? { value.map { .number(($0 * 10).rounded() / 10) } }

    package var json: JSONValue {
        .object([
            "cores": cores.isEmpty ? nil : .array(cores.compactMap(Self.tenths)),
            "process": Self.tenths(processPercent), "queued": Self.tenths(queuedPercent), "ioWait": Self.tenths(ioWaitPercent),
            "ioStall": Self.tenths(ioStallPercent), "throttled": Self.tenths(throttledPercent),
            "overheatings": overheatings.map { .integer($0) }, "threads": threads.map { .integer($0) },
            "loaders": loaders.map { .integer($0) }, "memory": memoryBytes.map { .integer($0) },
            "diskFree": diskFreeBytes.map { .integer($0) },
            "gpus": graphics.isEmpty
                ? nil
                : .array(graphics.map { .object(["busy": Self.tenths($0.percent), "memory": Self.tenths($0.memoryPercent)]) }),
        ])
    }

    /// What makes no sense is left out.
    package init(json: JSONValue?) {
        func percent(_ name: String) -> Double? { json?[name]?.double.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
        func whole(_ name: String) -> Int? { json?[name]?.integer.flatMap { $0 >= 0 ? $0 : nil } }
        cores = (json?["cores"]?.array ?? []).compactMap(\.double).filter { $0.isFinite && $0 >= 0 }
        (processPercent, queuedPercent, ioWaitPercent) = (percent("process"), percent("queued"), percent("ioWait"))
        (ioStallPercent, throttledPercent) = (percent("ioStall"), percent("throttled"))
        (overheatings, threads, loaders) = (whole("overheatings"), whole("threads"), whole("loaders"))
        (memoryBytes, diskFreeBytes) = (whole("memory"), whole("diskFree"))
        graphics = (json?["gpus"]?.array ?? []).compactMap { one in
            guard let busy = one["busy"]?.double, let memory = one["memory"]?.double, busy.isFinite, memory.isFinite else {
                return nil
            }
            return Graphics(percent: busy, memoryPercent: memory)
        }
    }
}
