import Glibc

/// A clock that never steps, whatever is done to the time of day: for intervals, and for how long to wait.
public enum SteadyClock {
    /// Only differences mean something.
    @inlinable
    public static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Only differences mean something.
    public static func seconds() -> Double { Double(nanoseconds()) * 1e-9 }
}
