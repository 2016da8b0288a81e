/// What times in a search are counted from.
public struct SearchClock: Hashable, Sendable {
    /// Seconds since 1970.
    public var now: Double
    /// What to add to UTC for the days of the calendar.
    public var utcOffsetSeconds: Int

    public init(now: Double, utcOffsetSeconds: Int = 0) {
        self.now = now
        self.utcOffsetSeconds = utcOffsetSeconds
    }
}
