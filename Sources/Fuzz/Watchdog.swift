import Glibc
import Synchronization

/// Ends the process when an input takes too long.
// SAFETY: what both threads touch is atomic.
final class Watchdog: @unchecked Sendable {
    private let started = Atomic<UInt64>(0)
    private let limitSeconds: Double

    init(limitSeconds: Double) {
        self.limitSeconds = limitSeconds
        let watch = Unmanaged.passRetained(self)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Watchdog>.fromOpaque(context).takeUnretainedValue().watch()
            }, watch.toOpaque())
    }

    static func now() -> Double { Double(nanoseconds()) * 1e-9 }

    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func start(_ name: String) { started.store(Self.nanoseconds(), ordering: .releasing) }

    func end() { started.store(0, ordering: .releasing) }

    private func watch() -> Never {
        while true {
            usleep(100_000)
            let start = started.load(ordering: .acquiring)
            if start > 0, Double(Self.nanoseconds()) - Double(start) > limitSeconds * 1e9 {
                say("an input took longer than \(limitSeconds) seconds")
                abort()
            }
        }
    }
}
