import Clocks
import Interop

/// What a script writes while it runs: its log, and the metrics that are found in it.
struct ScriptOutput {
    let log: ScriptLog
    private(set) var metrics: OutputMetrics
    private var lines: [GuardedProcess.Stream: OutputLines] = [.output: OutputLines(), .errors: OutputLines()]
    /// What it says, until it is sure that no message tells the same.
    private var held: [(time: UInt64, values: [LoggedValue])] = []

    init(log: ScriptLog, metrics: OutputMetrics) { (self.log, self.metrics) = (log, metrics) }

    /// - Parameter isRead: whether metrics are looked for.
    mutating func take(_ bytes: [UInt8], from stream: GuardedProcess.Stream, isRead: Bool) {
        var whole: [(line: [UInt8], isCut: Bool, isOverwritten: Bool)] = []
        bytes.withUnsafeBytes { bytes in
            lines[stream]?.take(bytes, overwritten: { whole.append(($0, false, true)) }) { whole.append(($0, $1, false)) }
        }
        for (line, isCut, isOverwritten) in whole {
            if !isOverwritten {
                take(line: line, isCut: isCut, isRead: isRead)
            } else if isRead {
                hold(metrics.takeOverwritten(line))
            }
        }
    }

    /// Takes what has no end of line, when nothing more comes.
    mutating func finish(isRead: Bool) {
        for stream in GuardedProcess.Stream.allCases {
            var rest: [([UInt8], Bool)] = []
            lines[stream]?.finish { rest.append(($0, $1)) }
            for (line, isCut) in rest { take(line: line, isCut: isCut, isRead: isRead) }
        }
        if isRead { hold(metrics.finish()) }
    }

    private mutating func take(line: [UInt8], isCut: Bool, isRead: Bool) {
        log.append(line, isCut: isCut)
        if isRead { hold(metrics.take(line)) }
    }

    mutating func takeNotes() -> [String] { metrics.takeNotes() }

    // MARK: until messages have come

    private mutating func hold(_ values: [LoggedValue]) {
        if values.isEmpty { return }
        var values = values
        let now = WallClock.now()
        for index in values.indices where values[index].wallTime == nil { values[index].wallTime = now }
        held.append((SteadyClock.nanoseconds(), values))
    }

    /// What was held since before a time, and is no more.
    mutating func release(until time: UInt64) -> [[LoggedValue]] {
        let count = held.firstIndex { $0.time > time } ?? held.count
        defer { held.removeSubrange(..<count) }
        return held[..<count].map(\.values)
    }

    /// A message told the same.
    mutating func forgetHeld() { held = [] }
}
