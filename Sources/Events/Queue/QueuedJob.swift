import JSON

/// A job that waits in its workspace for the host (`descent serve`), or that the host trains.
///
/// It stays in the queue until its run has ended, so that a host that comes back after it was killed knows what to go on with.
public struct QueuedJob: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It starts when it is its turn.
        case waiting = "Waiting"
        /// The user keeps it from starting.
        case held = "Held"
        /// A process has taken it, and has not begun with it yet.
        case starting = "Starting"
        case started = "Started"

        /// Whether no process has it.
        public var isWaiting: Bool { self == .waiting || self == .held }
    }

    public var run: RunID
    public var state = State.waiting
    /// Jobs of a higher one start first.
    /// - Range: -100 to 100; 0 is usual.
    public var priority = 0
    /// Among jobs of one priority the lower one starts first.
    public var place = 0.0
    public var conditions = QueueConditions()
    /// How it begins, for whoever starts it.
    public var work: JSONValue
    /// What it waits for, as the host saw it last: words for the user; empty = its turn.
    public var waitsFor = ""
    /// - Units: seconds since 1970.
    public var addedAt = 0.0

    /// What the machine lacks for it, such as `memory`; nil where it waits for its turn, a run or a time.
    public var lacks: String? {
        guard !waitsFor.isEmpty, !["after ", "at "].contains(where: waitsFor.hasPrefix) else { return nil }
        return waitsFor.split(separator: ":").first.map(String.init)
    }

    public static let priorities = -100...100

    public init(run: RunID, work: JSONValue) {
        self.run = run
        self.work = work
    }

    /// The order in which jobs start.
    public static func isBefore(_ one: QueuedJob, _ other: QueuedJob) -> Bool {
        (-one.priority, one.place, one.run) < (-other.priority, other.place, other.run)
    }
}

/// What must be before a queued job may start.
public struct QueueConditions: Sendable, Hashable {
    /// Runs and tuning jobs that must have ended: both have ids of one kind.
    public var after: [RunID] = []
    /// Whether each of these must have completed; the job is cancelled where one did not.
    public var onlyIfCompleted = false
    /// Not before this time.
    /// - Units: seconds since 1970.
    public var startAt: Double?

    public init() {}

    public var isEmpty: Bool { after.isEmpty && startAt == nil }
}

/// Where a job goes in the queue.
public enum QueueMove: Sendable, Hashable {
    case first, last, up, down
    /// To this place among those that wait, from 1.
    case to(Int)

    /// `first`, `last`, `up`, `down` or a number from 1.
    public init?(_ text: String) {
        switch text {
        case "first": self = .first
        case "last": self = .last
        case "up": self = .up
        case "down": self = .down
        default:
            guard let number = Int(text), number >= 1 else { return nil }
            self = .to(number)
        }
    }
}

extension QueuedJob {
    public var json: JSONValue {
        let first = JSONValue.object([
            "run": .string(run.text), "state": .string(state.rawValue), "priority": .integer(priority),
        ])
        let last = JSONValue.object(["waitsFor": waitsFor.isEmpty ? nil : .string(waitsFor), "addedAt": .number(addedAt)])
        return first.adding(conditions.json.members ?? []).adding(last.members ?? [])
    }
}

extension QueueConditions {
    public var json: JSONValue {
        .object([
            "after": after.isEmpty ? nil : .array(after.map { .string($0.text) }),
            "onlyIfCompleted": onlyIfCompleted ? .boolean(true) : nil, "startAt": startAt.map { .number($0) },
        ])
    }

    /// Reads what `json` wrote; what is not there asks for nothing.
    public init(json: JSONValue) {
        after = json["after"]?.array?.compactMap(\.string).map { RunID($0) } ?? []
        onlyIfCompleted = json["onlyIfCompleted"]?.boolean ?? false
        startAt = json["startAt"]?.double.flatMap { $0.isFinite ? $0 : nil }
    }
}

extension QueueMove {
    /// What `init` reads back.
    public var text: String {
        switch self {
        case .first: "first"
        case .last: "last"
        case .up: "up"
        case .down: "down"
        case .to(let number): String(number)
        }
    }
}
