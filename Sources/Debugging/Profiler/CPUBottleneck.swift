import CheckedNumbers
import Events
import Hyperparameters

/// The processor holds the run back.
///
/// With graphics processors: they idle while the run's own processes use all the cores they have, or one core to the full. Without: the
/// thread that trains is ready to run and gets no core, since others have them.
///
/// SageMaker's counts a core of any program that is busy while any one graphics processor idles, so that one busy core of 64 is a
/// bottleneck; here the run's own processes count, and the mean of the graphics processors.
public struct CPUBottleneck: ProfilerRule {
    public static let name = "CPUBottleneck"
    public static let summary = "the processor holds the run back"
    public static let parameters = [
        Hyperparameter("threshold", .percent, default: "50", "percent of the time in which it must be so"),
        Hyperparameter("gpu_threshold", .percent, default: "10", "graphics processors that are less busy idle, in percent"),
        Hyperparameter(
            "cpu_threshold", .percent, default: "90", "percent of a core that the run's processes use, from which they are busy"),
        Hyperparameter(
            "queue_threshold", .percent, default: "25", "percent of the time without a core, where there is no graphics processor"
        ),
        Hyperparameter("patience", .count, default: "40", "half seconds that are looked at, at least"),
    ]
    private let threshold: Double, gpu: Double, cpu: Double, queue: Double
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        threshold = parameters.number("threshold")
        gpu = parameters.number("gpu_threshold")
        cpu = parameters.number("cpu_threshold")
        queue = parameters.number("queue_threshold")
        let seconds = parameters.number("patience") / 2
        watch = ProfilerWatch(seconds: seconds, window: max(seconds, 20))
    }

    private func isHeldBack(_ slice: ProfileSlice) -> Bool {
        let machine = slice.machine
        guard let graphics = machine.graphicsPercent else { return machine.queuedPercent ?? 0 > queue }
        return graphics < gpu && machine.processPercent ?? 0 > cpu
    }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        let share = window.share(isHeldBack)
        guard 100 * share > threshold else { return .well }
        let queued = window.mean { $0.queuedPercent }, cores = window.mean { $0.corePercent }
        let hasGraphics = slice.machine.graphicsPercent != nil
        var evidence: [Alert.Evidence] = [.init("percent of the time", 100 * share), .init("threshold", threshold)]
        if let queued { evidence.append(.init("percent without a core", queued)) }
        if let cores { evidence.append(.init("cores busy, percent", cores)) }
        if let used = window.mean({ $0.processPercent }) {
            evidence.append(.init("the run's own, percent of a core", used))
        }
        return .ill(
            Alert(
                rule: Self.name, severity: .info, step: slice.step,
                summary: hasGraphics
                    ? "graphics processors idle in \(rounded(100 * share)) % of the time while the run's processes are busy"
                    : "it waited for a core in \(rounded(queued ?? 0)) % of the time",
                evidence: evidence,
                cause: hasGraphics
                    ? "preparing rows on the processor takes longer than computing with them"
                    : "other programs, or other runs, have the cores",
                remedies: hasGraphics
                    ? [
                        .init(
                            "more loader processes, so that batches are ready when they are wanted (num_workers, prefetch_factor)"
                        ),
                        .init("prepare the rows once, and keep what was prepared"),
                    ]
                    : [
                        .init("train fewer runs at once, or end what else is running"),
                        .init("put the run into the queue: `descent train … --detach` starts it when a slot is free"),
                    ],
                sampleSize: Int(nearestWithin: window.covered)))
    }
}
