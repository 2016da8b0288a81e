/// When a place that was lost is tried again: soon, and then less and less often.
struct ReconnectPolicy: Hashable, Sendable {
    /// - Units: seconds.
    static let first = 1.0, longest = 30.0

    private var next = first

    /// Seconds to wait after one more failure.
    mutating func wait() -> Double {
        defer { next = min(next * 2, Self.longest) }
        return next
    }

    /// It was reached.
    mutating func reset() { next = Self.first }
}
