/// A monitor with what it last found.
public struct MonitorStanding: Hashable, Sendable {
    public var record: MonitorRecord
    /// Its newest execution, which may wait or be under way.
    public var last: MonitorExecution?
    /// The newest that looked at rows and came to its end: what it found stands until another one has.
    public var judged: MonitorExecution?
    /// The newest retraining of its endpoint's model.
    public var retraining: RetrainingRecord?

    public init(
        record: MonitorRecord, last: MonitorExecution? = nil, judged: MonitorExecution? = nil,
        retraining: RetrainingRecord? = nil
    ) {
        (self.record, self.last, self.judged, self.retraining) = (record, last, judged, retraining)
    }

    /// What does not meet its constraints now.
    public var violations: [MonitorExecution.Violation] { judged?.violations ?? [] }
}

extension MonitorRecord {
    /// Whether it looks by a schedule, and does not at present.
    public var isPaused: Bool { nextAt == nil && schedule.lowercased() != "now" }

    /// The name of its endpoint; nil for one that looks at a folder.
    public var endpoint: String? { if case .endpoint(let name) = source { name } else { nil } }

    /// What it looks at, in a few words.
    public var sourceWords: String {
        switch source {
        case .endpoint(let name): name
        case .folder(let path): path
        }
    }
}
