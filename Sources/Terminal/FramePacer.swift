/// Decides when the next frame may be painted. What a key does is painted at once; everything else as often as it is seen to live, and
/// not before the line to the terminal has had time for what was written: a frame that changes much makes the next one wait.
public struct FramePacer: Sendable {
    /// The shortest time between two frames.
    private let interval: UInt64
    /// - Units: nanoseconds.
    private let timeOfByte: UInt64
    private var due: UInt64 = 0
    /// When the line has had time for all that was written.
    private var paidUntil: UInt64 = 0

    /// However much was written, as when pages are turned, nothing waits longer.
    /// - Units: nanoseconds.
    static let longestWait: UInt64 = 4_000_000_000

    public init(framesPerSecond: UInt64, bytesPerSecond: UInt64) {
        interval = 1_000_000_000 / framesPerSecond
        timeOfByte = 1_000_000_000 / bytesPerSecond
    }

    /// The pace for a terminal of this machine, or for one at the end of a line.
    public init(isRemote: Bool) {
        self =
            isRemote
            ? FramePacer(framesPerSecond: 4, bytesPerSecond: 4_000) : FramePacer(framesPerSecond: 8, bytesPerSecond: 10_000)
    }

    /// - Parameter now: nanoseconds of a clock that never steps, here and everywhere.
    public func isDue(atOnce: Bool, at now: UInt64) -> Bool { atOnce || now >= due }

    public func millisecondsUntilDue(at now: UInt64) -> Int { due > now ? Int((due - now) / 1_000_000) + 1 : 0 }

    /// - Parameter bytes: what was written for the frame.
    public mutating func didPaint(bytes: Int, at now: UInt64) {
        paidUntil = min(max(paidUntil, now) + UInt64(max(0, bytes)) * timeOfByte, now + Self.longestWait)
        due = max(now + interval, paidUntil)
    }
}
