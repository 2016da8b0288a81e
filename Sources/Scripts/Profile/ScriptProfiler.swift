import Clocks
import Events
import Training

/// Takes down what a script's time goes into: as its package measures it, and else by the steps that it tells.
struct ScriptProfiler {
    private var profiler: StepProfiler
    private var step: Int
    private var hasBegun = false
    /// Whether its package measures, and whether that is to be expected.
    private var isTold = false, isExpected = false
    /// Share of a step by part, of the newest step that was captured.
    private var parts: [StepPart: Double]?

    /// - Parameters:
    ///   - guardian: below it all processes of the script are.
    ///   - step: steps done before.
    init(run: RunID, bus: EventBus, startTime: UInt64, folder: String?, guardian: Int32, step: Int) {
        self.step = step
        profiler = StepProfiler(run: run, bus: bus, startTime: startTime, folder: folder, readsGraphics: true) {
            ProcessUse(ofTree: guardian)
        }
    }

    /// Takes note of how far it is. Steps that came since the last look were of equal length, as far as that is known.
    mutating func look(step now: Int, at time: UInt64) {
        if isExpected, !isTold {
            // How much of it was training the first message says.
            profiler.account(.start, until: time)
            return profiler.endSliceIfDue(step: step, at: time, atLeast: Self.longestStart)
        }
        if !isTold, now > step {
            if hasBegun {
                profiler.passSteps(now - step, last: now, to: time, parts: parts)
            } else {
                // When the first one began is not known.
                profiler.account(.start, until: time)
                hasBegun = true
            }
            step = now
            parts = nil
        } else if !hasBegun {
            profiler.account(.start, until: time)
        }
        if !isTold || !hasBegun { profiler.endSliceIfDue(step: max(step, now), at: time) }
    }

    /// Its package watches how it trains, and will say what the time goes into.
    mutating func expect() { isExpected = true }

    /// Slices of a start that the package may take back.
    /// - Units: seconds.
    private static let longestStart = 10.0

    /// Takes what the package measured up to now.
    mutating func take(_ told: ScriptMessage.Profile, at time: UInt64) {
        if !isTold {
            if hasBegun { profiler.endSlice(step: step, at: time) } else { profiler.takeBack(.start, seconds: told.seconds) }
        }
        (isTold, hasBegun) = (true, hasBegun || told.durations.count > 0)
        step = max(step, told.step)
        profiler.take(
            told.spent, over: told.seconds, durations: told.durations, slowest: told.slowest, loaders: told.loaders, to: time)
        profiler.endSliceIfDue(step: step, at: time)
    }

    /// Takes what a step that was captured spent its time on.
    mutating func note(_ spent: [StepPart: Double]) {
        let own = spent.filter { StepPart.ofSteps.contains($0.key) }
        let sum = own.values.reduce(0, +)
        if sum > 0 { parts = own.mapValues { $0 / sum } }
    }

    mutating func pause(at time: UInt64) { profiler.endSlice(step: step, at: time) }
    mutating func resume(at time: UInt64) { profiler.restart(at: time) }

    /// It is over.
    mutating func end(at time: UInt64) {
        if !hasBegun { profiler.account(.start, until: time) }
        profiler.account(hasBegun && isTold ? .finish : .other, until: time)
        profiler.endSlice(step: step, at: time)
    }
}
