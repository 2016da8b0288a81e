import Glibc

/// Clocks and counters for benchmarks.
enum Measurement {
    /// Seconds of a clock that never steps.
    static func wallSeconds() -> Double { seconds(CLOCK_MONOTONIC) }
    /// CPU seconds of all threads of this process.
    static func processSeconds() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
    /// CPU seconds of the calling thread.
    static func threadSeconds() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// End of the C heap of the main thread: moves when what is kept does not fit into what was freed.
    static func heapEnd() -> Int { sbrk(0).map { Int(bitPattern: $0) } ?? 0 }

    /// Largest resident set so far, in megabytes.
    static func peakMegabytes() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }

    /// The value below which a share of the sorted values lies.
    static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    /// One result line: what was measured, then `name=value` pairs.
    static func report(_ name: String, _ values: KeyValuePairs<String, Double>) {
        let parts = values.map { "\($0)=\(($1 * 100_000).rounded() / 100_000)" }
        print(([name] + parts).joined(separator: " "))
    }
}
