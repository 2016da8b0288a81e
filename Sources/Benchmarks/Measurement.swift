import CheckedNumbers
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

    /// Largest resident set so far, in megabytes. The kernel's own line: `getrusage` hands a parent's size down to its child.
    static func peakMegabytes() -> Double { megabytes("VmHWM:") }

    /// The resident set now, in megabytes.
    static func residentMegabytes() -> Double { megabytes("VmRSS:") }

    private static func megabytes(_ name: String) -> Double {
        guard let file = fopen("/proc/self/status", "re") else { return .nan }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix(name) else { continue }
            let kilobytes = text.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
            return (kilobytes ?? .nan) / 1024
        }
        return .nan
    }

    /// The value below which a share of the sorted values lies.
    static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(roundedDownWithin: Double(sorted.count) * share))]
    }

    /// One result line: what was measured, then `name=value` pairs.
    static func report(_ name: String, _ values: KeyValuePairs<String, Double>) {
        let parts = values.map { "\($0)=\(($1 * 100_000).rounded() / 100_000)" }
        print(([name] + parts).joined(separator: " "))
    }
}

/// How long one thing took, again and again: wall time, and CPU time of the thread, which a busy machine does not stretch.
struct Times {
    private var wall: [Double] = []
    private var cpu: [Double] = []

    mutating func measure(_ body: () -> Void) {
        let start = Measurement.wallSeconds(), startCPU = Measurement.threadSeconds()
        body()
        wall.append((Measurement.wallSeconds() - start) * 1000)
        cpu.append((Measurement.threadSeconds() - startCPU) * 1000)
    }

    func report(_ name: String) {
        Measurement.report(
            name,
            [
                "p50_ms": Measurement.quantile(wall, 0.5), "p99_ms": Measurement.quantile(wall, 0.99),
                "cpu_p50_ms": Measurement.quantile(cpu, 0.5), "cpu_p99_ms": Measurement.quantile(cpu, 0.99),
            ])
    }
}
