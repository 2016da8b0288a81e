/// Where the time of a run went, and what the machine did meanwhile: its slices, added up.
public struct RunProfile: Sendable, Hashable {
    /// A number of the machine over the run, each slice counting by its length.
    public struct Spread: Sendable, Hashable {
        public var name: String
        public var unit: Unit
        public var maximum: Double, p99: Double, p95: Double, median: Double, minimum: Double

        public enum Unit: String, Sendable { case percent, bytes, count }
    }

    /// A slow step with what ran then.
    public struct SlowStep: Sendable, Hashable {
        public var step: Int
        public var seconds: Double
        /// When its slice ended, in seconds after the run began to be measured.
        public var offset: Double
        public var slice: ProfileSlice
    }

    public let slices: [ProfileSlice]
    /// Seconds in all: without pauses.
    public let seconds: Double
    /// Seconds by part; they add up to `seconds`.
    public let spent: [StepPart: Double]
    public let stepCount: Int
    /// Of how many steps the parts were measured.
    public let timedCount: Int
    public let durations: StepDurations

    /// Steps that are listed as the slowest.
    public static let mostSlowSteps = 10

    /// - Parameter slices: oldest first.
    public init(_ slices: [ProfileSlice]) {
        self.slices = slices
        seconds = slices.reduce(0) { $0 + $1.seconds }
        spent = slices.reduce(into: [:]) { $0.merge($1.spent, uniquingKeysWith: +) }
        stepCount = slices.reduce(0) { $0 + $1.stepCount }
        timedCount = slices.reduce(0) { $0 + $1.timedCount }
        durations = slices.reduce(into: StepDurations()) { $0 += $1.durations }
    }

    /// Those of a run's events.
    public init(of events: some Sequence<StudioEvent>) {
        self.init(
            events.compactMap { event in
                if case .profile(.recorded(let slice)) = event.kind { slice } else { nil }
            })
    }

    /// Seconds of the steps themselves.
    public var stepSeconds: Double { StepPart.ofSteps.reduce(0) { $0 + (spent[$1] ?? 0) } }

    /// Steps a second of the time between start and finish; nil without steps.
    public var stepsPerSecond: Double? {
        let loop = seconds - (spent[.start] ?? 0) - (spent[.finish] ?? 0)
        return stepCount > 0 && loop > 0 ? Double(stepCount) / loop : nil
    }

    /// The parts that took any time, in the order in which they come, with their share of the whole, 0 to 1.
    public var parts: [(part: StepPart, seconds: Double, share: Double)] {
        StepPart.allCases.compactMap { part in
            guard let own = spent[part], own > 0, seconds > 0 else { return nil }
            return (part, own, own / seconds)
        }
    }

    /// The slowest steps, slowest first.
    public var slowest: [SlowStep] {
        var offset = 0.0, found: [SlowStep] = []
        for slice in slices {
            offset += slice.seconds
            found += slice.slowest.map { SlowStep(step: $0.step, seconds: $0.seconds, offset: offset, slice: slice) }
        }
        return Array(found.sorted { $0.seconds > $1.seconds }.prefix(Self.mostSlowSteps))
    }

    /// What the machine did, as far as it tells.
    public var machine: [Spread] {
        var found: [Spread?] = [
            spread("cores", .percent) { $0.corePercent },
            spread("busiest core", .percent) { $0.cores.max() },
            spread("the run's processes", .percent) { $0.processPercent },
            spread("waiting for a core", .percent) { $0.queuedPercent },
            spread("cores waiting for a disk", .percent) { $0.ioWaitPercent },
            spread("standing still for a disk", .percent) { $0.ioStallPercent },
            spread("held back by a limit", .percent) { $0.throttledPercent },
        ]
        for index in 0..<(slices.map(\.machine.graphics.count).max() ?? 0) {
            found.append(spread("GPU \(index)", .percent) { $0.graphics(at: index)?.percent })
            found.append(spread("memory of GPU \(index)", .percent) { $0.graphics(at: index)?.memoryPercent })
        }
        found += [
            spread("memory", .bytes) { $0.memoryBytes.map(Double.init) },
            spread("threads", .count) { $0.threads.map(Double.init) },
            spread("loader processes", .count) { $0.loaders.map(Double.init) },
            spread("free on the disk", .bytes) { $0.diskFreeBytes.map(Double.init) },
        ]
        return found.compactMap { $0 }
    }

    private func spread(_ name: String, _ unit: Spread.Unit, _ value: (MachineUse) -> Double?) -> Spread? {
        slices.spread { value($0.machine) }.map { found in
            Spread(
                name: name, unit: unit, maximum: found.quantile(1), p99: found.quantile(0.99), p95: found.quantile(0.95),
                median: found.quantile(0.5), minimum: found.quantile(0))
        }
    }
}

extension StepPart {
    /// What a reader calls it.
    public var title: String {
        switch self {
        case .start: "starting"
        case .data: "waiting for rows"
        case .forward: "forward"
        case .backward: "backward"
        case .update: "update"
        case .evaluate: "judging"
        case .checkpoint: "checkpoints"
        case .record: "recording"
        case .finish: "finishing"
        case .other: "other"
        }
    }
}
