/// Who is to be told of what, and how far that is.
public struct PendingNotice: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case waiting
        /// A process is sending it.
        case sending
        case sent
        case failed
    }

    /// Follows from what it tells and where.
    public var id: String
    /// The channel's name; of a command that stands in a list of actions `command`.
    public var channel: String
    /// That command; empty for others.
    public var command: String
    public var change: StateChange
    public var state = State.waiting
    /// Whether it was kept back: it is told with others, in a summary.
    public var isHeld = false
    /// Whether the process that was to send it is gone.
    public var isLeft = false
    /// How often it could not be sent.
    public var failures = 0
    /// Not to be sent before this time.
    /// - Units: seconds since 1970.
    public var notBefore: Double
    public var createdAt: Double

    public init(id: String, channel: String, command: String = "", change: StateChange, at time: Double) {
        (self.id, self.channel, self.command, self.change) = (id, channel, command, change)
        (notBefore, createdAt) = (time, time)
    }
}
