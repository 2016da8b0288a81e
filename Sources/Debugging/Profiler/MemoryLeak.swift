import CheckedNumbers
import Events
import Hyperparameters

/// The run's memory grows and grows.
///
/// Caches fill in the beginning: the first fifth of the time is left out, and the newest quarter must still be growing.
public struct MemoryLeak: ProfilerRule {
    public static let name = "MemoryLeak"
    public static let summary = "the run's memory grows and grows"
    public static let parameters = [
        Hyperparameter("growth", .percent, default: "20", "percent that it must have grown by"),
        Hyperparameter("least", .positive, default: "128", "megabytes that it must have grown by"),
        Hyperparameter("patience", .count, default: "120", "seconds that are looked at, at least"),
    ]
    private let growth: Double, least: Double
    private var points: [(time: Double, value: Double)] = []
    var watch: ProfilerWatch
    private static let threshold = 4.0, mostPoints = 4096
    /// It is looked at every so many slices: nothing leaks from one second to the next.
    private static let interval = 5
    private var count = 0

    public init(_ parameters: RuleParameters) {
        growth = parameters.number("growth")
        least = parameters.number("least") * 1e6
        watch = ProfilerWatch(seconds: parameters.number("patience"))
    }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        guard let memory = slice.machine.memoryBytes else { return .unknown }
        if points.count == Self.mostPoints { points = points.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) }
        points.append((slice.wallTime, Double(memory)))
        count += 1
        guard count % Self.interval == 0 else { return .unknown }
        let late = points.suffix(points.count - points.count / 5)
        guard let first = late.first, let last = late.last, let whole = Trend(Array(late)),
            let newer = Trend(Array(late.suffix(late.count / 4)))
        else { return .unknown }
        let rise = last.value - first.value
        guard whole.z > Self.threshold, newer.z > Self.threshold / 2, rise > least, rise > growth / 100 * first.value,
            // A cache that fills slows down; what leaks goes on as before.
            newer.slope > 0.5 * whole.slope
        else { return .well }
        return .ill(
            Alert(
                rule: Self.name, severity: .warning, step: slice.step,
                summary:
                    "its memory grew from \(rounded(first.value / 1e6)) to \(rounded(last.value / 1e6)) MB in \(rounded((last.time - first.time) / 60)) minutes, and goes on growing",
                evidence: [
                    .init("MB a minute", whole.slope * 60 / 1e6), .init("MB", last.value / 1e6), .init("z", whole.z),
                    .init("threshold", Self.threshold),
                ],
                cause: run.request.isScript
                    ? "something is kept from step to step, such as losses with their graphs in a list"
                    : "something is kept from step to step",
                remedies: run.request.isScript
                    ? [
                        .init("keep numbers instead of tensors: `losses.append(loss.item())`"),
                        .init("judge under `torch.no_grad()`; close files and figures"),
                    ] : [.init("tell us: Descent's own algorithms keep nothing")],
                sampleSize: late.count, errorRate: 0.00003))
    }
}
