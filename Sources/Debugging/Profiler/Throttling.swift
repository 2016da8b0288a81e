import CheckedNumbers
import Events
import Hyperparameters

/// The processor is held back: by a limit on processor time, or since it is too hot.
public struct Throttling: ProfilerRule {
    public static let name = "Throttling"
    public static let summary = "the processor is held back, by a limit or since it is too hot"
    public static let parameters = [
        Hyperparameter("threshold", .percent, default: "20", "percent of the time in which a limit holds it back"),
        Hyperparameter("patience", .count, default: "10", "seconds that are looked at, at least"),
    ]
    private let threshold: Double
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        threshold = parameters.number("threshold")
        let seconds = parameters.number("patience")
        watch = ProfilerWatch(seconds: seconds, window: max(seconds, 20))
    }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        let limited = window.mean { $0.throttledPercent } ?? 0
        let hot = window.share { $0.machine.overheatings ?? 0 > 0 }
        guard limited > threshold || hot > 0.3 else { return .well }
        let isHot = hot > 0.3
        return .ill(
            Alert(
                rule: Self.name, severity: .info, step: slice.step,
                summary: isHot
                    ? "cores slowed down since they were too hot, in \(rounded(100 * hot)) % of the time"
                    : "a limit on processor time held it back in \(rounded(limited)) % of the time",
                evidence: [
                    .init("held back, percent", limited), .init("threshold", threshold),
                    .init("too hot, percent of the time", 100 * hot),
                ],
                cause: isHot
                    ? "the machine cannot get rid of its heat" : "its control group, such as a container, may use no more",
                remedies: isHot
                    ? [.init("see to its fans and its place; train fewer runs at once")]
                    : [
                        .init(
                            "give the container more cores, or use fewer threads: threads that are held back wait for each other")
                    ],
                sampleSize: Int(nearestWithin: window.covered)))
    }
}
