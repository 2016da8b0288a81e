import Clocks

/// Decides when the next frame may be painted: at once after a key, otherwise not too often.
struct FramePacer {
    private let interval: UInt64
    private var lastFrame: UInt64 = 0

    init(framesPerSecond: Int) { interval = 1_000_000_000 / UInt64(framesPerSecond) }

    func isDue(atOnce: Bool) -> Bool { atOnce || SteadyClock.nanoseconds() >= lastFrame + interval }

    var millisecondsUntilDue: Int {
        let now = SteadyClock.nanoseconds()
        return lastFrame + interval > now ? Int((lastFrame + interval - now) / 1_000_000) + 1 : 0
    }

    mutating func didPaint() { lastFrame = SteadyClock.nanoseconds() }
}
