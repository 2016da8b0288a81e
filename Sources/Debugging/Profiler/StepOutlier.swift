import CheckedNumbers
import Events
import Hyperparameters

/// Some steps take far longer than the others, and cost the run a good part of its time.
///
/// SageMaker's takes the mean and the standard deviation, which the outliers themselves push up, and a fixed number of outliers, which a
/// long run has by chance. Here the middle is the median, the spread is the median distance from it, and outliers must also cost `share`
/// percent of the time of steps, beyond what waiting for a core cost.
/// - Source: Leys et al. (2013), "Detecting outliers: do not use standard deviation around the mean, use absolute deviation around the
///   median".
public struct StepOutlier: ProfilerRule {
    public static let name = "StepOutlier"
    public static let summary = "some steps take far longer than the others"
    public static let parameters = [
        Hyperparameter(
            "stddev", .positive, default: "5", "robust standard deviations over the median from which a step is an outlier"),
        Hyperparameter("n_outliers", .count, default: "10", "outliers that there must be"),
        Hyperparameter(
            "share", .percent, default: "20", "percent of the time of steps that they must cost, beyond that of usual steps"),
    ]
    private let deviations: Double, least: Int, share: Double
    private var durations = StepDurations()
    private var slowest: [(step: ProfileSlice.SlowStep, machine: MachineUse)] = []
    private var queued = (seconds: 0.0, whole: 0.0)
    private var hasBegun = false
    var watch = ProfilerWatch(seconds: 5)

    public init(_ parameters: RuleParameters) {
        deviations = parameters.number("stddev")
        least = parameters.whole("n_outliers")
        share = parameters.number("share")
    }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        // The first steps load libraries and fill caches.
        guard hasBegun else {
            hasBegun = true
            return .unknown
        }
        durations += slice.durations
        queued.seconds += (slice.machine.queuedPercent ?? 0) / 100 * slice.seconds
        queued.whole += slice.seconds
        slowest += slice.slowest.map { ($0, slice.machine) }
        slowest = Array(slowest.sorted { $0.step.seconds > $1.step.seconds }.prefix(10))
        guard durations.count >= 10 * least, let median = durations.quantile(0.5),
            let distance = durations.medianDistance(from: median)
        else { return .unknown }
        // Bins are an eighth of an octave wide: less than that apart is the same.
        let limit = max(2 * median, median + deviations * 1.4826 * max(distance, 0.06 * median))
        let count = durations.count(longerThan: limit)
        var whole = 0.0, beyond = 0.0
        for (bin, number) in durations.counts {
            let seconds = StepDurations.seconds(ofBin: bin)
            whole += seconds * Double(number)
            if bin > StepDurations.bin(of: limit) { beyond += (seconds - median) * Double(number) }
        }
        // What others took of the cores is `CPUBottleneck`'s to tell.
        let taken = queued.whole > 0 ? 100 * queued.seconds / queued.whole : 0
        let cost = whole > 0 ? 100 * beyond / whole - taken : 0
        guard count > least, cost > share else { return .well }
        let steps = slowest.prefix(3).map { "\($0.step.step)" }
        return .ill(
            Alert(
                rule: Self.name, severity: .info, step: slice.step,
                summary:
                    "\(count) of \(durations.count) steps take over \(rounded(limit * 1000)) ms, where usual ones take \(rounded(median * 1000)), and cost \(rounded(cost)) % of the steps' time",
                evidence: [
                    .init("steps", Double(count)), .init("percent of the steps' time", cost), .init("threshold", share),
                    .init("median, ms", median * 1000), .init("limit, ms", limit * 1000),
                    .init("slowest, ms", (slowest.first?.step.seconds ?? 0) * 1000),
                ],
                cause: cause + "; the slowest are steps \(steps.joined(separator: ", "))", remedies: remedies,
                sampleSize: durations.count))
    }

    private func mean(_ value: (MachineUse) -> Double?) -> Double {
        let known = slowest.compactMap { value($0.machine) }
        return known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    }

    private var isStalled: Bool { mean(\.diskPercent) > 20 }

    private var cause: String {
        if isStalled { return "something waited for a disk when they were slow" }
        return "something that is not done in every step takes long"
    }

    private var remedies: [Alert.Remedy] {
        if isStalled { return [.init("another disk for the rows or for what is written, or read ahead")] }
        return [.init("look at what is done at those steps: rows of another length, writing, printing, collecting memory")]
    }
}
