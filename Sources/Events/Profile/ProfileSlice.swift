import JSON

/// What a stretch of a run's time went into, and what the machine did meanwhile.
///
/// The slices of an attempt lie end to end from its start to its end, but for the time it was paused; each is about a second long, later
/// ones a 600th of the time so far.
public struct ProfileSlice: Sendable, Hashable {
    /// A step that took long.
    public struct SlowStep: Sendable, Hashable {
        public var step: Int
        public var seconds: Double

        public init(step: Int, seconds: Double) { (self.step, self.seconds) = (step, seconds) }
    }

    /// Something that took a while between steps.
    public struct Pause: Sendable, Hashable {
        /// What it was: `evaluate`, `checkpoint`, `record`.
        public var part: StepPart
        /// When it began, in seconds after the slice did.
        public var offset: Double
        public var seconds: Double

        public init(_ part: StepPart, offset: Double, seconds: Double) {
            (self.part, self.offset, self.seconds) = (part, offset, seconds)
        }
    }

    /// Steps done at its end.
    public var step: Int
    /// Steps that ended in it.
    public var stepCount = 0
    /// Its end, in seconds since 1970.
    public var wallTime: Double
    /// How long it is.
    public var seconds: Double
    /// Seconds by part; they add up to `seconds`.
    public var spent: [StepPart: Double] = [:]
    /// Of how many steps the parts were measured; those of others are taken to be alike. 0 where a step is known as a whole only.
    public var timedCount = 0
    public var durations = StepDurations()
    /// The longest steps, longest first.
    public var slowest: [SlowStep] = []
    /// The longest pauses between steps, in the order of time.
    public var pauses: [Pause] = []
    public var machine = MachineUse()

    public static let mostSlowSteps = 3
    public static let mostPauses = 8

    public init(step: Int, wallTime: Double, seconds: Double) {
        (self.step, self.wallTime, self.seconds) = (step, wallTime, seconds)
    }

    /// Its beginning, in seconds since 1970.
    public var startTime: Double { wallTime - seconds }

    /// Share of its time that went into a part, 0 to 1.
    public func share(of part: StepPart) -> Double { seconds > 0 ? (spent[part] ?? 0) / seconds : 0 }
}

extension ProfileSlice {
    package var json: JSONValue {
        func rounded(_ seconds: Double) -> JSONValue { .number((seconds * 1e6).rounded() / 1e6) }
        return .object([
            "step": .integer(step), "steps": .integer(stepCount), "endedAt": .number(wallTime), "seconds": rounded(seconds),
            "spent": .object(StepPart.allCases.compactMap { part in spent[part].map { .init(part.rawValue, rounded($0)) } }),
            "timed": .integer(timedCount), "durations": durations.count == 0 ? nil : durations.json,
            "slowest": slowest.isEmpty
                ? nil : .array(slowest.map { .object(["step": .integer($0.step), "seconds": rounded($0.seconds)]) }),
            "pauses": pauses.isEmpty
                ? nil
                : .array(
                    pauses.map {
                        .object([
                            "part": .string($0.part.rawValue), "at": rounded($0.offset), "seconds": rounded($0.seconds),
                        ])
                    }),
            "machine": machine.json,
        ])
    }

    package init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let time = json["endedAt"]?.double, let seconds = json["seconds"]?.double,
            time.isFinite, seconds.isFinite, seconds >= 0
        else { return nil }
        self.init(step: step, wallTime: time, seconds: seconds)
        stepCount = max(0, json["steps"]?.integer ?? 0)
        spent = StepPart.seconds(json["spent"])
        timedCount = max(0, json["timed"]?.integer ?? 0)
        durations = StepDurations(json: json["durations"])
        slowest = (json["slowest"]?.array ?? []).prefix(Self.mostSlowSteps).compactMap { one in
            guard let step = one["step"]?.integer, let seconds = one["seconds"]?.double, seconds.isFinite else { return nil }
            return SlowStep(step: step, seconds: seconds)
        }
        pauses = (json["pauses"]?.array ?? []).prefix(Self.mostPauses).compactMap { one in
            guard let part = one["part"]?.string.flatMap(StepPart.init), let offset = one["at"]?.double,
                let seconds = one["seconds"]?.double, offset.isFinite, seconds.isFinite
            else { return nil }
            return Pause(part, offset: offset, seconds: seconds)
        }
        machine = MachineUse(json: json["machine"])
    }
}
