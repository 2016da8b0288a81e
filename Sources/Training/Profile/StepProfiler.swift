import CheckedNumbers
import Clocks
import Events
import Learners

/// Takes down what a job's time goes into, step by step, and hands it on in slices. It changes nothing that is computed.
///
/// Every step's duration is known; its parts are measured of as many steps as cost less than `share` of the time, and those of the
/// others are taken to be alike. What lies between steps is measured each time. Confined to the job's thread.
package struct StepProfiler {
    /// What measuring the parts of steps may take of the time.
    private static let share = 0.003
    /// What measuring one step's parts costs, in seconds.
    private static let costOfTiming = 5e-6
    /// Slices are this long at least, in seconds, and a share of the time so far.
    package static let shortestSlice = 1.0
    private static let shareOfElapsed = 1.0 / 600

    private let run: RunID
    private let bus: EventBus
    private let processes: () -> ProcessUse
    private let folder: String?
    private let readsGraphics: Bool

    private var machine: MachineReading
    /// When this slice began, and when the time that is accounted for ends.
    private var sliceStart: UInt64, accounted: UInt64
    private var elapsed = 0.0
    private var slice = Slice()
    /// Share of a step by part, as far as was measured.
    private var shares: [StepPart: Double] = [:]
    private var untimed = 0

    /// What a slice has so far.
    private struct Slice {
        var stepCount = 0, timedCount = 0
        /// Seconds of all steps, and of those whose parts were measured.
        var stepSeconds = 0.0, timedSeconds = 0.0
        var timed: [StepPart: Double] = [:]
        var between: [StepPart: Double] = [:]
        var bins = [Int32](repeating: 0, count: StepDurations.binCount)
        var slowest: [ProfileSlice.SlowStep] = []
        var pauses: [ProfileSlice.Pause] = []
        var loaders: Int?

        /// A script may say that it took any number of steps.
        mutating func count(_ steps: Int, _ bin: Int) { bins[bin] = Int32(clamping: Int(bins[bin]) + min(steps, 1 << 32)) }

        /// Keeps a step among the slowest, if it is one.
        mutating func note(_ one: ProfileSlice.SlowStep) {
            let most = ProfileSlice.mostSlowSteps
            guard slowest.count < most || one.seconds > slowest[slowest.count - 1].seconds else { return }
            slowest.insert(one, at: slowest.firstIndex { $0.seconds < one.seconds } ?? slowest.count)
            if slowest.count > most { slowest.removeLast() }
        }
    }

    /// - Parameters:
    ///   - startTime: when the job began, by `SteadyClock`.
    ///   - folder: where the workspace lies, whose disk may become full.
    package init(
        run: RunID, bus: EventBus, startTime: UInt64, folder: String?, readsGraphics: Bool = false,
        processes: @escaping () -> ProcessUse = { .own }
    ) {
        (self.run, self.bus, self.folder) = (run, bus, folder)
        (self.readsGraphics, self.processes) = (readsGraphics, processes)
        machine = MachineReading(processes(), folder: folder, readsGraphics: readsGraphics)
        (sliceStart, accounted) = (startTime, startTime)
    }

    /// Whether the parts of the next step are to be measured.
    package mutating func wantsTiming() -> Bool {
        guard slice.stepCount > 0 else { return true }
        untimed += 1
        let usual = slice.stepSeconds / Double(slice.stepCount)
        return Double(untimed) * usual * Self.share >= Self.costOfTiming
    }

    /// A step is over.
    /// - Parameters:
    ///   - start: when it began; what lies before it, and is not accounted for, is no part of it.
    ///   - parts: seconds by part, where they were measured.
    ///   - own: seconds of it that were spent on looking at it.
    package mutating func passStep(
        _ step: Int, from start: UInt64, to end: UInt64, parts: [StepPart: Double]? = nil, recording own: Double = 0
    ) {
        account(.other, until: start)
        let seconds = max(0, Double(end - start) * 1e-9 - own)
        slice.between[.record, default: 0] += own
        accounted = end
        slice.stepCount += 1
        slice.stepSeconds += seconds
        slice.count(1, StepDurations.bin(of: seconds))
        slice.note(.init(step: step, seconds: seconds))
        guard let parts else { return }
        untimed = 0
        slice.timedCount += 1
        slice.timedSeconds += seconds
        slice.timed.merge(parts, uniquingKeysWith: +)
    }

    /// Several steps are over, from where the last thing ended to a moment: of equal length, as far as that is known.
    /// - Parameter parts: share of a step by part, where it is known.
    package mutating func passSteps(_ count: Int, last step: Int, to end: UInt64, parts: [StepPart: Double]? = nil) {
        guard count > 0, end > accounted else { return }
        let whole = Double(end - accounted) * 1e-9, each = whole / Double(count)
        accounted = end
        slice.stepCount += count
        slice.stepSeconds += whole
        slice.count(count, StepDurations.bin(of: each))
        slice.note(.init(step: step, seconds: each))
        guard let parts else { return }
        slice.timedCount += 1
        slice.timedSeconds += each
        slice.timed.merge(parts.mapValues { $0 * each }, uniquingKeysWith: +)
    }

    /// What was measured elsewhere, from where the last thing ended to a moment.
    /// - Parameters:
    ///   - spent: seconds by part; they are brought to the time that has passed here.
    ///   - seconds: how long it was there.
    package mutating func take(
        _ spent: [StepPart: Double], over seconds: Double, durations: StepDurations, slowest: [ProfileSlice.SlowStep],
        loaders: Int?, to end: UInt64
    ) {
        guard end > accounted, seconds > 0 else { return }
        let factor = Double(end - accounted) * 1e-9 / max(seconds, spent.values.reduce(0, +))
        slice.between.merge(spent.mapValues { $0 * factor }, uniquingKeysWith: +)
        accounted = end
        slice.stepCount += durations.count
        slice.timedCount += durations.count
        for (bin, count) in durations.counts { slice.count(count, bin) }
        for one in slowest { slice.note(one) }
        slice.loaders = loaders ?? slice.loaders
    }

    /// What was done from where the last thing ended to a moment.
    package mutating func account(_ part: StepPart, until end: UInt64) {
        guard end > accounted else { return }
        let seconds = Double(end - accounted) * 1e-9
        slice.between[part, default: 0] += seconds
        if [.evaluate, .checkpoint].contains(part) {
            let offset = Double(accounted - sliceStart) * 1e-9
            slice.pauses.append(.init(part, offset: offset, seconds: seconds))
            if slice.pauses.count > ProfileSlice.mostPauses,
                let least = slice.pauses.indices.min(by: { slice.pauses[$0].seconds < slice.pauses[$1].seconds })
            {
                slice.pauses.remove(at: least)
            }
        }
        accounted = end
    }

    /// Takes back the end of what was accounted for as a part, as far as it lies in this slice: it was something else.
    package mutating func takeBack(_ part: StepPart, seconds: Double) {
        let taken = min(seconds, slice.between[part] ?? 0)
        let nanoseconds = UInt64(nearestWithin: taken * 1e9)
        guard nanoseconds > 0, nanoseconds <= accounted - sliceStart else { return }
        slice.between[part, default: 0] -= Double(nanoseconds) * 1e-9
        accounted -= nanoseconds
    }

    /// Ends the slice where it is long enough.
    /// - Parameter least: seconds that it must be long.
    package mutating func endSliceIfDue(step: Int, at now: UInt64, atLeast least: Double = Self.shortestSlice) {
        guard now > sliceStart else { return }
        let seconds = Double(now - sliceStart) * 1e-9
        if seconds >= max(least, (elapsed + seconds) * Self.shareOfElapsed) { endSlice(step: step, at: now) }
    }

    /// Ends the slice, and hands it on.
    package mutating func endSlice(step: Int, at now: UInt64) {
        account(.other, until: now)
        let seconds = Double(max(accounted, now) - sliceStart) * 1e-9
        guard seconds > 0 else { return }
        var told = ProfileSlice(step: step, wallTime: WallClock.now(), seconds: seconds)
        (told.stepCount, told.timedCount) = (slice.stepCount, slice.timedCount)
        (told.slowest, told.pauses) = (slice.slowest, slice.pauses)
        if slice.timedSeconds > 0 { shares = slice.timed.mapValues { $0 / slice.timedSeconds } }
        told.spent = slice.between
        // Parts may add up to a little more than the step they were measured in.
        let whole = max(1, shares.values.reduce(0, +))
        for (part, share) in shares { told.spent[part, default: 0] += slice.stepSeconds * share / whole }
        let rest = seconds - told.spent.values.reduce(0, +)
        if rest > 0 { told.spent[.other, default: 0] += rest }
        for (bin, count) in slice.bins.enumerated() where count > 0 { told.durations.add(bin: bin, count: Int(count)) }
        let reading = MachineReading(processes(), folder: folder, readsGraphics: readsGraphics)
        told.machine = reading.use(since: machine)
        if let loaders = slice.loaders { told.machine.loaders = loaders }
        machine = reading
        elapsed += seconds
        sliceStart = accounted
        slice = Slice()
        bus.post(.profile(.recorded(told)), run: run)
    }

    /// Forgets the time up to now, in which the job was paused.
    package mutating func restart(at now: UInt64) {
        (sliceStart, accounted) = (now, now)
        machine = MachineReading(processes(), folder: folder, readsGraphics: readsGraphics)
    }
}
